#!lua flags=allow-oom
-- remove: take a job out of the queue.
-- KEYS: 1-26 as shared/whole_job.lua
-- ARGV: 1 game_id  2 generation  3 fair_share_ms
-- Answers: 'removed' | 'gone' (this generation is not in the queue)
-- Guarantees: nothing of the job is left, and its workers get 'stale' from then on. Another generation is not
-- touched.
-- include shared/clock.lua
-- include shared/lease.lua
-- include shared/place.lua
-- include shared/line_up.lua
-- include shared/pass_on.lua
-- include shared/records.lua
-- include shared/whole_job.lua
local game_id, generation, fair_share_ms = ARGV[1], ARGV[2], tonumber(ARGV[3])

local job = read_job(keys.records, game_id)
if not job or job.generation ~= generation then
    return 'gone'
end
drop_job(game_id, job, now_ms(), fair_share_ms)
return 'removed'
