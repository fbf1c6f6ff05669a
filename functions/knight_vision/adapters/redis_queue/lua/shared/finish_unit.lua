-- finish_unit: what finish_segment.lua does, with its keys by name and its arguments from ARGV[first] on.

local function finish_unit(keys, first, now)
    local job, evaluations, leases, attempts, holders = keys.job, keys.evaluations, keys.leases, keys.attempts, keys.holders
    local unit, token, generation, phase, segment, report, result, positions, search_ms, rate_weight =
        unpack(ARGV, first, first + 9)
    local finisher = 'finished_by:' .. segment
    local present = redis.call('HMGET', job, 'generation', 'phase', 'segment_count', 'closed_by', finisher,
        'finished', 'positions_finished')
    if present[1] ~= generation or present[2] ~= phase then
        return 'stale'
    end
    if present[5] then
        if present[5] ~= token then
            return 'stale'
        end
        return present[4] == token and 'phase_ready' or 'segment_finished'
    end
    local state, _, lease_end = standing(attempts, leases, unit, token, now)
    if state ~= 'held' then
        return 'stale'
    end

    redis.call('HSET', evaluations, segment, result)
    local finished = tonumber(present[6]) + 1
    redis.call('HSET', job, finisher, token, 'finished', finished,
        'positions_finished', present[7] + positions)
    redis.call('HDEL', attempts, unit)
    redis.call('ZREM', leases, unit)
    local measured = search_ms / tonumber(positions)
    local mean = tonumber(redis.call('HGET', keys.rates, phase) or measured)
    redis.call('HSET', keys.rates, phase, string.format('%.3f', mean + (measured - mean) * rate_weight))
    tally(keys.activity, 'searched ' .. phase, search_ms, now)

    if finished < tonumber(present[3]) then
        redis.call('HDEL', holders, token)
        return 'segment_finished'
    end
    redis.call('HSET', job, 'closed_by', token)
    write_attempts(attempts, report, 1, 0, token)
    redis.call('ZADD', leases, lease_end, report)
    redis.call('HSET', holders, token, report .. ' 0')
    return 'phase_ready'
end
