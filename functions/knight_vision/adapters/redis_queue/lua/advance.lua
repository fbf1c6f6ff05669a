#!lua flags=allow-oom
-- advance: after the report was saved, let the segments of the next phase wait, or end the job.
-- KEYS: 1 records  2 results:<game>  3 jobs  4 users  5 attempts  6 holders  7 leases:<phase>  8 activity
--       9 lines  10 behind:<next phase> (of the same phase when there is none)
--       11-14 waiting:<next phase> of every priority
-- ARGV: 1 game_id  2 generation  3 phase  4 unit (the report)  5 token  6 game_length
--       7 next_phase ('' ends the job)  8 next_phase_rank  9 segment_count  10 position_count
--       11 payload (with the next plan)
-- Answers: 'advanced' | 'finished' | 'stale'
-- Guarantees: only the holder of the report opens a phase, once; the same call again gets 'advanced' again.
-- After 'finished' nothing of the job is left (a repeated call finds it gone: 'stale').
-- include shared/clock.lua
-- include shared/lease.lua
-- include shared/place.lua
-- include shared/line_up.lua
-- include shared/records.lua
-- include shared/activity.lua
local records, results, jobs, users, attempts, holders, leases, activity =
    KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8]
local game_id, generation, phase, unit, token, game_length =
    ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local next_phase, next_phase_rank, segment_count, position_count, payload =
    ARGV[7], ARGV[8], tonumber(ARGV[9]), ARGV[10], ARGV[11]
local now = now_ms()

local job = read_job(records, game_id)
if job and job.generation == generation and job.phase ~= phase and job.opened_by == token then
    return 'advanced'
end
if standing(attempts, leases, unit, token, now) ~= 'held' then
    return 'stale'
end

local place = read_place(records, game_id)
tally(activity, 'finished ' .. phase .. ' ' .. place.priority, math.max(0, now - place.enqueued_at), now)
tally(activity, 'took ' .. phase .. ' ' .. game_length, math.max(0, now - place.ready_ms), now)
redis.call('HDEL', attempts, unit)
redis.call('ZREM', leases, unit)
redis.call('HDEL', holders, token)
redis.call('DEL', results)
if next_phase == '' then
    forget_records(records, game_id)
    redis.call('ZREM', jobs, game_id)
    if redis.call('HINCRBY', users, place.user, -1) <= 0 then
        redis.call('HDEL', users, place.user)
    end
    return 'finished'
end
place.budget, place.ready_ms = 0, now
job.phase, job.phase_rank, job.segment_count, job.position_count, job.opened_by =
    next_phase, next_phase_rank, segment_count, position_count, token
redis.call('HSET', records, game_id, place_text(place), 'job ' .. game_id, job_text(job),
    'payload ' .. game_id, payload)
local at = {
    phase = next_phase, behind = KEYS[10], lines = KEYS[9], records = records,
    waiting = { [0] = KEYS[11], KEYS[12], KEYS[13], KEYS[14] },
}
line_up(at, place, game_id, generation, segment_count)
return 'advanced'
