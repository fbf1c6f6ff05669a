-- lines: who stands in line and who waits behind; the same steps as domain/queue_lines.py.
-- `at` names one phase and its keys: {phase, waiting (by priority), behind, lines, places}.

-- A job's place: {ms (its place in the line), priority, ready_ms, budget (per cent, 0 until the phase's first
-- claim), enqueued_at, user}.
local function read_place(places, game_id)
    local ms, priority, ready_ms, budget, enqueued_at, user =
        string.match(redis.call('HGET', places, game_id), '^(%S+) (%S+) (%S+) (%S+) (%S+) (.*)$')
    return {
        ms = tonumber(ms), priority = tonumber(priority), ready_ms = tonumber(ready_ms),
        budget = tonumber(budget), enqueued_at = tonumber(enqueued_at), user = user,
    }
end

local function write_place(places, game_id, place)
    redis.call('HSET', places, game_id, string.format('%.0f %d %.0f %d %.0f %s',
        place.ms, place.priority, place.ready_ms, place.budget, place.enqueued_at, place.user))
end

local function line_of(at, place)
    return at.phase .. ' ' .. place.priority .. ' ' .. place.user
end

-- Give a user's place in line to a job: its segments may be claimed from now on.
local function stand(at, place, game_id, generation, segment_count)
    local units = {}
    for index = 0, segment_count - 1 do
        units[#units + 1] = place.ms
        units[#units + 1] = game_id .. ':' .. generation .. ':' .. at.phase .. ':' .. index
    end
    redis.call('ZADD', at.waiting[place.priority], unpack(units))
end

-- All members of one line share a beginning, and stand in the order in which they were asked for.
local function behind_member(place, game_id, generation, segment_count)
    return string.format('%d %s %015.0f %s %s %d',
        place.priority, place.user, place.enqueued_at, game_id, generation, segment_count)
end

-- Let the running phase's segments wait: in line, or behind another game of the user's.
local function line_up(at, place, game_id, generation, segment_count, now)
    place.ready_ms = now
    write_place(at.places, game_id, place)
    if redis.call('HSETNX', at.lines, line_of(at, place), game_id) == 1 then
        stand(at, place, game_id, generation, segment_count)
    else
        redis.call('ZADD', at.behind, 0, behind_member(place, game_id, generation, segment_count))
    end
end

-- Nothing of this job waits any more: if it stood in line, the user's next game takes its turn.
local function pass_on(at, place, game_id, now, fair_share_ms)
    local line = line_of(at, place)
    if redis.call('HGET', at.lines, line) ~= game_id then
        return
    end
    local from = place.priority .. ' ' .. place.user .. ' '
    -- Digits follow, and ':' is what comes after the digits.
    local following = redis.call('ZRANGEBYLEX', at.behind, '[' .. from, '(' .. from .. ':', 'LIMIT', 0, 1)[1]
    if not following then
        redis.call('HDEL', at.lines, line)
        return
    end
    redis.call('ZREM', at.behind, following)
    local next_game, generation, segment_count = string.match(following, ' (%S+) (%S+) (%S+)$')
    local next_place = read_place(at.places, next_game)
    next_place.ms, next_place.ready_ms = now + fair_share_ms, now
    write_place(at.places, next_game, next_place)
    redis.call('HSET', at.lines, line, next_game)
    stand(at, next_place, next_game, generation, segment_count)
end

-- Give a unit back to the line, at its job's place.
local function let_wait(waiting, places, unit)
    local place = read_place(places, game_of(unit))
    redis.call('ZADD', waiting[place.priority], place.ms, unit)
end
