#!lua flags=allow-oom
-- expire_leases: give back the units whose holders let their leases end.
-- KEYS: 1 attempts  2 holders  3 places  4 exhausted  5-7 waiting of every phase  8-10 leases of every phase
-- ARGV: 1 max_attempts  2 at_most
-- Answers: {requeued units, exhausted units}, at most `at_most` of each
-- Guarantees: a unit is requeued once for each lease that ended. Exhausted units (here and by fail_unit)
-- cannot be claimed and are answered again, oldest first, until they are buried.
-- include shared/lease.lua
local attempts, holders, places, exhausted = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local waiting, leases = { KEYS[5], KEYS[6], KEYS[7] }, { KEYS[8], KEYS[9], KEYS[10] }
local max_attempts, at_most = tonumber(ARGV[1]), tonumber(ARGV[2])

local now, left, requeued = now_ms(), at_most, {}
for rank = 1, #leases do
    local ended = redis.call('ZRANGEBYSCORE', leases[rank], '-inf', now, 'LIMIT', 0, left)
    left = left - #ended
    for _, unit in ipairs(ended) do
        local count, positions_done, token = read_attempts(attempts, unit)
        redis.call('ZREM', leases[rank], unit)
        redis.call('HDEL', holders, token)
        write_attempts(attempts, unit, count, positions_done, '')
        if count >= max_attempts then
            redis.call('ZADD', exhausted, now, unit)
        else
            let_wait(waiting[rank], places, unit)
            requeued[#requeued + 1] = unit
        end
    end
end
return { requeued, redis.call('ZRANGE', exhausted, 0, at_most - 1) }
