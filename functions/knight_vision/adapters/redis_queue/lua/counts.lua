#!lua flags=no-writes
-- counts: the whole queue in numbers.
-- KEYS: 1 jobs  2 dead_letters  3-5 waiting of every phase  6-8 leases of every phase
-- ARGV: none
-- Answers: {jobs, oldest_age_ms, dead_letters, waiting of every phase (3), in flight of every phase (3)}
-- Guarantees: one moment of the queue; changes nothing.
-- include shared/lease.lua
local jobs, dead_letters = KEYS[1], KEYS[2]

local oldest = redis.call('ZRANGE', jobs, 0, 0, 'WITHSCORES')[2]
local oldest_age_ms = oldest and math.max(0, now_ms() - tonumber(oldest)) or 0
local numbers = { redis.call('ZCARD', jobs), oldest_age_ms, redis.call('XLEN', dead_letters) }
for index = 3, 8 do
    numbers[index + 1] = redis.call('ZCARD', KEYS[index])
end
return numbers
