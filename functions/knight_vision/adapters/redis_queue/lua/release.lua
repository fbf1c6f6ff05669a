#!lua flags=allow-oom
-- release: give a unit back untouched; the attempt is not counted.
-- KEYS: 1 leases:<phase>  2 attempts  3 holders  4 records  5-8 waiting:<phase> of every priority
-- ARGV: 1 unit  2 token
-- Answers: 'ok' | 'stale'
-- Guarantees: the unit waits again in its job's place. The same call again changes nothing and gets 'ok'
-- until someone else claims the unit.
-- include shared/clock.lua
-- include shared/lease.lua
-- include shared/place.lua
-- include shared/let_wait.lua
local leases, attempts, holders, records = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local waiting = { [0] = KEYS[5], KEYS[6], KEYS[7], KEYS[8] }
local unit, token = ARGV[1], ARGV[2]

local state, count = standing(attempts, leases, unit, token, now_ms())
if state == 'given_back' then
    return 'ok'
end
if state == 'stale' then
    return 'stale'
end
redis.call('ZREM', leases, unit)
redis.call('HDEL', holders, token)
write_attempts(attempts, unit, count - 1, 0, token)
let_wait(waiting, records, unit)
return 'ok'
