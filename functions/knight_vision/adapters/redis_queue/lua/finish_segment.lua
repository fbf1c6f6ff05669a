#!lua flags=allow-oom
-- finish_segment: store a segment's evaluations; whoever stores the last one holds the report from then on.
-- KEYS: 1 job:<game>  2 evaluations:<game>  3 leases:<phase>  4 attempts  5 holders  6 rates
--       7 activity
-- ARGV: 1 unit  2 token  3 generation  4 phase  5 segment  6 report (its unit)  7 evaluations (JSON)
--       8 positions (their number)  9 search_ms  10 rate_weight
-- Answers: 'segment_finished' | 'phase_ready' | 'stale'
-- Guarantees: a segment is stored once, by the holder of its lease; exactly one token gets 'phase_ready' for
-- a phase, and the lease of its segment passes to the report. The same call again gets the same answer.
-- include shared/lease.lua
-- include shared/activity.lua
local job, evaluations, leases, attempts, holders, rates, activity =
    KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local unit, token, generation, phase, segment, report = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local result, positions, search_ms, rate_weight = ARGV[7], ARGV[8], tonumber(ARGV[9]), tonumber(ARGV[10])

local now = now_ms()

local finisher = 'finished_by:' .. segment
local present = redis.call('HMGET', job, 'generation', 'phase', 'segment_count', 'closed_by', finisher,
    'finished', 'positions_finished')
if present[1] ~= generation or present[2] ~= phase then
    return 'stale'
end
if present[5] then
    if present[5] ~= token then
        return 'stale'
    end
    return present[4] == token and 'phase_ready' or 'segment_finished'
end
local state, _, lease_end = standing(attempts, leases, unit, token, now)
if state ~= 'held' then
    return 'stale'
end

redis.call('HSET', evaluations, segment, result)
local finished = tonumber(present[6]) + 1
redis.call('HSET', job, finisher, token, 'finished', finished,
    'positions_finished', present[7] + positions)
redis.call('HDEL', attempts, unit)
redis.call('ZREM', leases, unit)
local measured = search_ms / tonumber(positions)
local mean = tonumber(redis.call('HGET', rates, phase) or measured)
redis.call('HSET', rates, phase, string.format('%.3f', mean + (measured - mean) * rate_weight))
tally(activity, 'searched ' .. phase, search_ms, now)

if finished < tonumber(present[3]) then
    redis.call('HDEL', holders, token)
    return 'segment_finished'
end
redis.call('HSET', job, 'closed_by', token)
write_attempts(attempts, report, 1, 0, token)
redis.call('ZADD', leases, lease_end, report)
redis.call('HSET', holders, token, report .. ' 0')
return 'phase_ready'
