#!lua flags=allow-oom
-- release: give a unit back untouched; the attempt is not counted.
-- KEYS: 1 waiting:<phase>  2 leases:<phase>  3 attempts  4 holders  5 places
-- ARGV: 1 unit  2 token
-- Answers: 'ok' | 'stale'
-- Guarantees: the unit waits again in its job's place. The same call again changes nothing and gets 'ok'
-- until someone else claims the unit.
-- include shared/lease.lua
local waiting, leases, attempts, holders, places = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local unit, token = ARGV[1], ARGV[2]

local state, count = standing(attempts, leases, unit, token)
if state == 'given_back' then
    return 'ok'
end
if state == 'stale' then
    return 'stale'
end
redis.call('ZREM', leases, unit)
redis.call('HDEL', holders, token)
write_attempts(attempts, unit, count - 1, 0, token)
let_wait(waiting, places, unit)
return 'ok'
