#!lua flags=allow-oom
-- fail_unit: give a unit back after an error, for another try while it has any.
-- KEYS: 1 leases:<phase>  2 attempts  3 holders  4 records  5-8 waiting:<phase> of every priority
--       9 exhausted  10 activity
-- ARGV: 1 phase  2 unit  3 token  4 max_attempts
-- Answers: 'retrying' | 'exhausted' | 'stale'
-- Guarantees: the unit waits again in its job's place, or is kept aside where no one can claim it. The same
-- call again gets the same answer until someone else claims the unit.
-- include shared/clock.lua
-- include shared/lease.lua
-- include shared/place.lua
-- include shared/let_wait.lua
-- include shared/activity.lua
local leases, attempts, holders, records, exhausted, activity =
    KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[9], KEYS[10]
local waiting = { [0] = KEYS[5], KEYS[6], KEYS[7], KEYS[8] }
local phase, unit, token, max_attempts = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local now = now_ms()

local state, count = standing(attempts, leases, unit, token, now)
if state == 'given_back' then
    return redis.call('ZSCORE', exhausted, unit) and 'exhausted' or 'retrying'
end
if state == 'stale' then
    return 'stale'
end
redis.call('ZREM', leases, unit)
redis.call('HDEL', holders, token)
tally(activity, 'failed ' .. phase, 0, now)
if count >= max_attempts then
    redis.call('ZADD', exhausted, now, unit)
    tally(activity, 'exhausted ' .. phase, 0, now)
    return 'exhausted'
end
let_wait(waiting, records, unit)
return 'retrying'
