-- activity: count what happened, by minute, for one hour: the fields are reused when the hour is over.

local function tally(activity, what, ms, now)
    local minute = math.floor(now / 60000)
    local field = (minute % 60) .. ' ' .. what
    local count, total_ms = 0, 0
    local record = redis.call('HGET', activity, field)
    if record then
        local then_minute, then_count, then_total_ms = string.match(record, '^(%d+) (%d+) (%d+)$')
        if tonumber(then_minute) == minute then
            count, total_ms = tonumber(then_count), tonumber(then_total_ms)
        end
    end
    redis.call('HSET', activity, field, string.format('%d %d %.0f', minute, count + 1, total_ms + ms))
end
