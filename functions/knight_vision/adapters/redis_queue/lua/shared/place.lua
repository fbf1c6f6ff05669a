-- place: where a job stands, and since when; the first of its records.

-- A job's place: {ms (its place in the line), priority, ready_ms, budget (per cent, 0 until the phase's first
-- claim), enqueued_at, user}.
local function place_of(text)
    local ms, priority, ready_ms, budget, enqueued_at, user =
        string.match(text, '^(%S+) (%S+) (%S+) (%S+) (%S+) (.*)$')
    return {
        ms = tonumber(ms), priority = tonumber(priority), ready_ms = tonumber(ready_ms),
        budget = tonumber(budget), enqueued_at = tonumber(enqueued_at), user = user,
    }
end

local function place_text(place)
    return string.format('%.0f %d %.0f %d %.0f %s',
        place.ms, place.priority, place.ready_ms, place.budget, place.enqueued_at, place.user)
end

local function read_place(records, game_id)
    return place_of(redis.call('HGET', records, game_id))
end

local function write_place(records, game_id, place)
    redis.call('HSET', records, game_id, place_text(place))
end
