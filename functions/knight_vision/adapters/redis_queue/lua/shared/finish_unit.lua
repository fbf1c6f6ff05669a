-- finish_unit: what finish_segment.lua does, with its keys by name and its arguments from ARGV[first] on.

local function finish_unit(keys, first, now)
    local results, leases, attempts, holders = keys.results, keys.leases, keys.attempts, keys.holders
    local unit, token, phase, segment, segment_count, report, result, positions, search_ms, rate_weight,
        known = unpack(ARGV, first, first + 10)
    -- Results of another phase or generation have other tokens, and its units have no lease any more.
    local finisher = 'finished_by:' .. segment
    local present = redis.call('HMGET', results, finisher, 'closed_by', 'finished', 'positions_finished')
    if present[1] then
        if present[1] ~= token then
            return 'stale'
        end
        return present[2] == token and 'phase_ready' or 'segment_finished'
    end
    local state, _, lease_end = standing(attempts, leases, unit, token, now)
    if state ~= 'held' then
        return 'stale'
    end

    local finished = (present[3] or 0) + 1
    redis.call('HSET', results, segment, result, finisher, token, 'finished', finished,
        'positions_finished', (present[4] or 0) + positions)
    redis.call('HDEL', attempts, unit)
    redis.call('ZREM', leases, unit)
    local measured = search_ms / tonumber(positions)
    local mean = tonumber(redis.call('HGET', keys.rates, phase) or measured)
    redis.call('HSET', keys.rates, phase, string.format('%.3f', mean + (measured - mean) * rate_weight))
    tally(keys.activity, 'searched ' .. phase, search_ms, now)
    tally(keys.activity, 'positions ' .. phase, positions, now)
    if known ~= '0' then
        tally(keys.activity, 'known ' .. phase, known, now)
    end

    if finished < tonumber(segment_count) then
        redis.call('HDEL', holders, token)
        return 'segment_finished'
    end
    redis.call('HSET', results, 'closed_by', token)
    write_attempts(attempts, report, 1, 0, token)
    redis.call('ZADD', leases, lease_end, report)
    redis.call('HSET', holders, token, report .. ' 0')
    return 'phase_ready'
end
