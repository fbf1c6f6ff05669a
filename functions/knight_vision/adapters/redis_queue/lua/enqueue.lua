#!lua
-- enqueue: put the job of a game that has none into its line. What mostly happens, so it does no more than that.
-- KEYS: 1 records  2 jobs  3 users  4 lines  5 behind:<phase>  6 waiting:<phase> of the job's priority
-- ARGV: 1 game_id  2 generation  3 user_id  4 phase  5 segment_count  6 priority (0-3)  7 enqueued_at_ms ('' is now)
--       8 budget (0, or 100 when it is not to shrink)  9 job (as in shared/records.lua, answered 'enqueued')
--       10 payload
-- Answers: 'enqueued' | 'present': the game has a job, maybe this one, and nothing was changed; see enqueue_again
-- Guarantees: one job of a game is in the queue; all its units have one place. Refused when memory is full.
-- include shared/new_job.lua
local time = redis.call('TIME')
local now = string.format('%s%03d', time[1], time[2] / 1000)
local ms = ARGV[7] == '' and now or ARGV[7]

-- The first call to write also tells whether the game has a job.
if redis.call('ZADD', KEYS[2], 'NX', ms, ARGV[1]) == 0 then
    return 'present'
end
add_job(KEYS[1], KEYS[3], KEYS[4], KEYS[5], KEYS[6], ms, now)
return 'enqueued'
