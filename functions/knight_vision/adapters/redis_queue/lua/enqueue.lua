#!lua
-- enqueue: put the job of a game that has none into its line. What mostly happens, so it does no more than that.
-- KEYS: 1 records  2 jobs  3 users  4 lines  5 behind:<phase>  6 waiting:<phase> of the job's priority
-- ARGV: 1 game_id  2 generation  3 user_id  4 phase  5 phase_rank (1-3)  6 segment_count  7 position_count
--       8 priority (0-3)  9 enqueued_at_ms ('' is now)  10 budget (0, or 100 when it is
--       not to shrink)  11 fair_share_ms  12 call_id (one word)  13 payload
-- Answers: 'enqueued' | 'present': the game has a job, maybe this one, and nothing was changed; see enqueue_again
-- Guarantees: one job of a game is in the queue; all its units have one place. Refused when memory is full.
-- include shared/clock.lua
-- include shared/new_job.lua
local now = now_ms()
local enqueued_at = ARGV[9] == '' and now or tonumber(ARGV[9])

if redis.call('ZADD', KEYS[2], 'NX', enqueued_at, ARGV[1]) == 0 then
    return 'present'
end
add_job(KEYS[1], KEYS[3], KEYS[4], KEYS[5], KEYS[6], enqueued_at, now)
return 'enqueued'
