#!lua flags=allow-oom
-- advance: after the report was saved, let the segments of the next phase wait, or end the job.
-- KEYS: 1 job:<game>  2 evaluations:<game>  3 payloads  4 places  5 jobs  6 users  7 attempts  8 holders
--       9 leases:<phase>  10 waiting:<next phase> (of the same phase when there is no next)
-- ARGV: 1 game_id  2 generation  3 phase  4 unit (the report)  5 token  6 next_phase ('' ends the job)
--       7 next_phase_rank  8 segment_count  9 position_count  10 payload (with the next plan)
-- Answers: 'advanced' | 'finished' | 'stale'
-- Guarantees: only the holder of the report opens a phase, once; the same call again gets 'advanced' again.
-- After 'finished' nothing of the job is left (a repeated call finds it gone: 'stale').
-- include shared/drop_job.lua
-- include shared/lease.lua
local job, evaluations, payloads, places, jobs, users, attempts, holders, leases, waiting =
    KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local game_id, generation, phase, unit, token = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local next_phase, next_phase_rank, segment_count, position_count, payload =
    ARGV[6], ARGV[7], tonumber(ARGV[8]), ARGV[9], ARGV[10]

local present = redis.call('HMGET', job, 'generation', 'phase', 'opened_by', 'user_id', 'call_id', 'answer')
if present[1] == generation and present[2] ~= phase and present[3] == token then
    return 'advanced'
end
if standing(attempts, leases, unit, token) ~= 'held' then
    return 'stale'
end

redis.call('HDEL', attempts, unit)
redis.call('ZREM', leases, unit)
redis.call('HDEL', holders, token)
redis.call('DEL', job, evaluations)
if next_phase == '' then
    redis.call('HDEL', payloads, game_id)
    redis.call('HDEL', places, game_id)
    redis.call('ZREM', jobs, game_id)
    leave_user(users, present[4])
    return 'finished'
end
redis.call('HSET', job, 'generation', generation, 'user_id', present[4], 'phase', next_phase,
    'phase_rank', next_phase_rank, 'segment_count', segment_count, 'position_count', position_count,
    'finished', 0, 'positions_finished', 0, 'call_id', present[5], 'answer', present[6], 'opened_by', token)
redis.call('HSET', payloads, game_id, payload)
for index = 0, segment_count - 1 do
    let_wait(waiting, places, game_id .. ':' .. generation .. ':' .. next_phase .. ':' .. index)
end
return 'advanced'
