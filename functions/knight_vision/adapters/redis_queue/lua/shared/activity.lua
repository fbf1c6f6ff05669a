-- activity: count what happened, by minute since 1970. One number holds both, in one call: how often, times
-- 2^40, plus the milliseconds, each time a day at most. expire_leases forgets what is older than an hour.

local function tally(activity, what, ms, now)
    redis.call('HINCRBY', activity, math.floor(now / 60000) .. ' ' .. what,
        string.format('%.0f', 1099511627776 + math.min(ms, 86400000)))
end
