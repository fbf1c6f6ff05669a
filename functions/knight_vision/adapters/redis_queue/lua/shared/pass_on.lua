-- pass_on: out of the line; the same steps as domain/queue_lines.py. Needs shared/line_up.lua.

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
    local next_place = read_place(at.records, next_game)
    next_place.ms, next_place.ready_ms = now + fair_share_ms, now
    write_place(at.records, next_game, next_place)
    redis.call('HSET', at.lines, line, next_game)
    stand(at, next_place, next_game, generation, segment_count)
end
