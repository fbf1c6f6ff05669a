#!lua flags=allow-oom
-- advance: after the report was saved, let the segments of the next phase wait, or end the job.
-- KEYS: 1 job:<game>  2 evaluations:<game>  3 payloads  4 places  5 jobs  6 users  7 attempts  8 holders
--       9 leases:<phase>  10 activity  11 lines  12 behind:<next phase> (of the same phase when there is none)
--       13-16 waiting:<next phase> of every priority
-- ARGV: 1 game_id  2 generation  3 phase  4 unit (the report)  5 token  6 game_length
--       7 next_phase ('' ends the job)  8 next_phase_rank  9 segment_count  10 position_count
--       11 payload (with the next plan)
-- Answers: 'advanced' | 'finished' | 'stale'
-- Guarantees: only the holder of the report opens a phase, once; the same call again gets 'advanced' again.
-- After 'finished' nothing of the job is left (a repeated call finds it gone: 'stale').
-- include shared/lease.lua
-- include shared/lines.lua
-- include shared/activity.lua
local job, evaluations, payloads, places, jobs, users, attempts, holders, leases, activity =
    KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local game_id, generation, phase, unit, token, game_length =
    ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local next_phase, next_phase_rank, segment_count, position_count, payload =
    ARGV[7], ARGV[8], tonumber(ARGV[9]), ARGV[10], ARGV[11]
local now = now_ms()

local present = redis.call('HMGET', job, 'generation', 'phase', 'opened_by', 'call_id', 'answer')
if present[1] == generation and present[2] ~= phase and present[3] == token then
    return 'advanced'
end
if standing(attempts, leases, unit, token, now) ~= 'held' then
    return 'stale'
end

local place = read_place(places, game_id)
tally(activity, 'finished ' .. phase .. ' ' .. place.priority, math.max(0, now - place.enqueued_at), now)
tally(activity, 'took ' .. phase .. ' ' .. game_length, math.max(0, now - place.ready_ms), now)
redis.call('HDEL', attempts, unit)
redis.call('ZREM', leases, unit)
redis.call('HDEL', holders, token)
redis.call('DEL', job, evaluations)
if next_phase == '' then
    redis.call('HDEL', payloads, game_id)
    redis.call('HDEL', places, game_id)
    redis.call('ZREM', jobs, game_id)
    if redis.call('HINCRBY', users, place.user, -1) <= 0 then
        redis.call('HDEL', users, place.user)
    end
    return 'finished'
end
redis.call('HSET', job, 'generation', generation, 'phase', next_phase, 'phase_rank', next_phase_rank,
    'segment_count', segment_count, 'position_count', position_count, 'finished', 0, 'positions_finished', 0,
    'call_id', present[4], 'answer', present[5], 'opened_by', token)
redis.call('HSET', payloads, game_id, payload)
local at = {
    phase = next_phase, behind = KEYS[12], lines = KEYS[11], places = places,
    waiting = { [0] = KEYS[13], KEYS[14], KEYS[15], KEYS[16] },
}
place.budget = 0
line_up(at, place, game_id, generation, segment_count, now)
return 'advanced'
