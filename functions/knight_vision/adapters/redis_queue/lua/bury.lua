#!lua flags=allow-oom
-- bury: take a job out of the queue and keep a dead letter of it.
-- KEYS: 1 job:<game>  2 evaluations:<game>  3 payloads  4 places  5 jobs  6 users  7 attempts  8 holders
--       9 exhausted  10-12 waiting of every phase  13-15 leases of every phase  16 dead_letters
-- ARGV: 1 game_id  2 generation  3 unit  4 reason  5 max_dead_letters
-- Answers: 'buried' | 'gone' (this generation is not in the queue)
-- Guarantees: one dead letter for a job that was there; of more than max_dead_letters the oldest are dropped.
-- include shared/drop_job.lua
local keys = {
    job = KEYS[1], evaluations = KEYS[2], payloads = KEYS[3], places = KEYS[4], jobs = KEYS[5],
    users = KEYS[6], attempts = KEYS[7], holders = KEYS[8], exhausted = KEYS[9],
    waiting = { KEYS[10], KEYS[11], KEYS[12] }, leases = { KEYS[13], KEYS[14], KEYS[15] },
}
local dead_letters = KEYS[16]
local game_id, generation, unit, reason, max_dead_letters = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local job = redis.call('HMGET', keys.job, 'generation', 'user_id')
if job[1] ~= generation then
    return 'gone'
end
drop_job(keys, game_id)
redis.call('XADD', dead_letters, 'MAXLEN', '=', max_dead_letters, '*',
    'unit', unit, 'user_id', job[2], 'reason', reason)
return 'buried'
