#!lua flags=allow-oom
-- fail_unit: give a unit back after an error, for another try while it has any.
-- KEYS: 1 waiting:<phase>  2 leases:<phase>  3 attempts  4 holders  5 places  6 exhausted
-- ARGV: 1 unit  2 token  3 max_attempts
-- Answers: 'retrying' | 'exhausted' | 'stale'
-- Guarantees: the unit waits again in its job's place, or is kept aside where no one can claim it. The same
-- call again gets the same answer until someone else claims the unit.
-- include shared/lease.lua
local waiting, leases, attempts, holders, places, exhausted =
    KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local unit, token, max_attempts = ARGV[1], ARGV[2], tonumber(ARGV[3])

local state, count = standing(attempts, leases, unit, token)
if state == 'given_back' then
    return redis.call('ZSCORE', exhausted, unit) and 'exhausted' or 'retrying'
end
if state == 'stale' then
    return 'stale'
end
redis.call('ZREM', leases, unit)
redis.call('HDEL', holders, token)
if count >= max_attempts then
    redis.call('ZADD', exhausted, now_ms(), unit)
    return 'exhausted'
end
let_wait(waiting, places, unit)
return 'retrying'
