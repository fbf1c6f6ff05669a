#!lua flags=allow-oom
-- remove: take a job out of the queue.
-- KEYS: 1 job:<game>  2 evaluations:<game>  3 payloads  4 places  5 jobs  6 users  7 attempts  8 holders
--       9 exhausted  10-12 waiting of every phase  13-15 leases of every phase
-- ARGV: 1 game_id  2 generation
-- Answers: 'removed' | 'gone' (this generation is not in the queue)
-- Guarantees: nothing of the job is left, and its workers get 'stale' from then on. Another generation is not
-- touched.
-- include shared/drop_job.lua
local keys = {
    job = KEYS[1], evaluations = KEYS[2], payloads = KEYS[3], places = KEYS[4], jobs = KEYS[5],
    users = KEYS[6], attempts = KEYS[7], holders = KEYS[8], exhausted = KEYS[9],
    waiting = { KEYS[10], KEYS[11], KEYS[12] }, leases = { KEYS[13], KEYS[14], KEYS[15] },
}
local game_id, generation = ARGV[1], ARGV[2]

if redis.call('HGET', keys.job, 'generation') ~= generation then
    return 'gone'
end
drop_job(keys, game_id)
return 'removed'
