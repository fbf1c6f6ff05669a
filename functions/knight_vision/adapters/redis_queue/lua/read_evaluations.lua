#!lua flags=no-writes
-- read_evaluations: what the segments of a finished phase found, for the holder of its report.
-- KEYS: 1 results:<game>  2 leases:<phase>  3 attempts
-- ARGV: 1 unit (the report)  2 token
-- Answers: a list of JSON texts, one for each segment in order, or nothing when stale
-- Guarantees: all segments of one phase of one generation, or nothing.
-- include shared/clock.lua
-- include shared/lease.lua
local results, leases, attempts = KEYS[1], KEYS[2], KEYS[3]
local unit, token = ARGV[1], ARGV[2]

if standing(attempts, leases, unit, token, now_ms()) ~= 'held' then
    return nil
end
local segments = {}
for segment = 0, redis.call('HGET', results, 'finished') - 1 do
    segments[segment + 1] = segment
end
return redis.call('HMGET', results, unpack(segments))
