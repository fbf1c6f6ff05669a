-- let_wait: back into the line. Needs shared/lease.lua and shared/place.lua.

-- Give a unit back to the line, at its job's place.
local function let_wait(waiting, records, unit)
    local place = read_place(records, game_of(unit))
    redis.call('ZADD', waiting[place.priority], place.ms, unit)
end
