#!lua flags=allow-oom
-- claim: give the first waiting unit of a phase to a worker and count the attempt.
-- KEYS: 1 waiting:<phase>  2 leases:<phase>  3 attempts  4 holders  5 places  6 payloads  7 jobs
-- ARGV: 1 token  2 lease_ms
-- Answers: {unit, attempt, priority, enqueued_at_ms, payload}, or nothing when nothing waits
-- Guarantees: until the lease ends no other token is given this unit. The same token again gets the same
-- claim again. Runs when memory is full, so that a full queue can be worked off.
-- include shared/lease.lua
local waiting, leases, attempts, holders, places, payloads, jobs =
    KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[7]
local token, lease_ms = ARGV[1], tonumber(ARGV[2])

local unit = redis.call('HGET', holders, token)
local count
if unit then
    count = read_attempts(attempts, unit)
else
    unit = redis.call('ZPOPMIN', waiting)[1]
    if not unit then
        return nil
    end
    count = (read_attempts(attempts, unit) or 0) + 1
    write_attempts(attempts, unit, count, 0, token)
    redis.call('ZADD', leases, now_ms() + lease_ms, unit)
    redis.call('HSET', holders, token, unit)
end
local game_id = game_of(unit)
local priority = string.match(redis.call('HGET', places, game_id), ' (%S+)$')
return { unit, count, priority, redis.call('ZSCORE', jobs, game_id), redis.call('HGET', payloads, game_id) }
