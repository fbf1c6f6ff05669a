-- line_up: into the line; the same steps as domain/queue_lines.py. Needs shared/place.lua.
-- `at` names one phase and its keys: {phase, waiting (by priority), behind, lines, records}.

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

-- Let the running phase's segments wait: in line, or behind another game of the user's. Its place is written by
-- the caller, with what else he has to write.
local function line_up(at, place, game_id, generation, segment_count)
    if redis.call('HSETNX', at.lines, line_of(at, place), game_id) == 1 then
        stand(at, place, game_id, generation, segment_count)
    else
        redis.call('ZADD', at.behind, 0, behind_member(place, game_id, generation, segment_count))
    end
end
