#!lua flags=no-writes
-- counts: the whole queue in numbers.
-- KEYS: 1 jobs  2 exhausted  3 store_away  4 records  5-7 behind of every phase  8-10 leases of every phase
--       11-22 waiting of every phase and, within it, priority
-- ARGV: none
-- Answers: {jobs, oldest_age_ms, exhausted, 1 while the store is away, then for every phase: in flight, and for
--           every priority of it: units in line, games behind, oldest_ms}
-- Guarantees: one moment of the queue; changes nothing.
-- include shared/clock.lua
-- include shared/lease.lua
-- include shared/place.lua
local jobs, exhausted, store_away, records = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local now = now_ms()

local oldest = redis.call('ZRANGE', jobs, 0, 0, 'WITHSCORES')[2]
local numbers = {
    redis.call('ZCARD', jobs), oldest and math.max(0, now - tonumber(oldest)) or 0,
    redis.call('ZCARD', exhausted), redis.call('EXISTS', store_away),
}
for rank = 1, 3 do
    numbers[#numbers + 1] = redis.call('ZCARD', KEYS[7 + rank])
    for priority = 0, 3 do
        local waiting = KEYS[7 + rank * 4 + priority]
        local first = redis.call('ZRANGE', waiting, 0, 0)[1]
        local ready_ms = first and read_place(records, game_of(first)).ready_ms or now
        numbers[#numbers + 1] = redis.call('ZCARD', waiting)
        numbers[#numbers + 1] =
            redis.call('ZLEXCOUNT', KEYS[4 + rank], '[' .. priority .. ' ', '(' .. priority .. '!')
        numbers[#numbers + 1] = math.max(0, now - ready_ms)
    end
end
return numbers
