#!lua flags=allow-oom
-- expire_leases: give back the units whose holders let their leases end.
-- KEYS: 1 attempts  2 holders  3 records  4 exhausted  5 activity  6-8 leases of every phase
--       9-20 waiting of every phase and, within it, priority
-- ARGV: 1 max_attempts  2 at_most  3-5 every phase
-- Answers: {requeued units, exhausted units, how many leases had ended}, at most `at_most` of each
-- Guarantees: activity older than an hour is forgotten; a unit is requeued once for each lease that ended. Exhausted units (here and by fail_unit)
-- cannot be claimed and are answered again, oldest first, until they are removed.
-- include shared/clock.lua
-- include shared/lease.lua
-- include shared/place.lua
-- include shared/let_wait.lua
-- include shared/activity.lua
local attempts, holders, records, exhausted, activity = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local max_attempts, at_most = tonumber(ARGV[1]), tonumber(ARGV[2])

local now, left, requeued = now_ms(), at_most, {}
for rank = 1, 3 do
    local leases, phase = KEYS[5 + rank], ARGV[2 + rank]
    local waiting = { [0] = KEYS[5 + rank * 4], KEYS[6 + rank * 4], KEYS[7 + rank * 4], KEYS[8 + rank * 4] }
    local ended = redis.call('ZRANGEBYSCORE', leases, '-inf', now, 'LIMIT', 0, left)
    left = left - #ended
    for _, unit in ipairs(ended) do
        local count, positions_done, token = read_attempts(attempts, unit)
        redis.call('ZREM', leases, unit)
        redis.call('HDEL', holders, token)
        write_attempts(attempts, unit, count, positions_done, '')
        tally(activity, 'expired ' .. phase, 0, now)
        if count >= max_attempts then
            redis.call('ZADD', exhausted, now, unit)
            tally(activity, 'exhausted ' .. phase, 0, now)
        else
            let_wait(waiting, records, unit)
            requeued[#requeued + 1] = unit
        end
    end
end
local oldest = math.floor(now / 60000) - 60
for _, field in ipairs(redis.call('HKEYS', activity)) do
    if tonumber(string.match(field, '^%d+')) <= oldest then
        redis.call('HDEL', activity, field)
    end
end
return { requeued, redis.call('ZRANGE', exhausted, 0, at_most - 1), at_most - left }
