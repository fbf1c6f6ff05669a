#!lua flags=no-writes
-- read_evaluations: the evaluations of a finished phase, for the holder of its report.
-- KEYS: 1 evaluations:<game>  2 leases:<phase>  3 attempts
-- ARGV: 1 unit (the report)  2 token
-- Answers: a list of JSON texts, one for each segment in order, or nothing when stale
-- Guarantees: all segments of one phase of one generation, or nothing.
-- include shared/lease.lua
local evaluations, leases, attempts = KEYS[1], KEYS[2], KEYS[3]
local unit, token = ARGV[1], ARGV[2]

if standing(attempts, leases, unit, token, now_ms()) ~= 'held' then
    return nil
end
local found = {}
for segment = 0, redis.call('HLEN', evaluations) - 1 do
    found[segment + 1] = redis.call('HGET', evaluations, segment)
end
return found
