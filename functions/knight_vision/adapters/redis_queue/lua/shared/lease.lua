-- lease: what the scripts under a claim share.

-- The record of a unit's attempts: claims so far, positions done by the present holder, token of the present
-- holder or of the one who gave it back. Nothing when the unit was never claimed.
local function read_attempts(attempts, unit)
    local record = redis.call('HGET', attempts, unit)
    if not record then
        return nil
    end
    local count, positions_done, token = string.match(record, '^(%d+) (%d+) (.*)$')
    return tonumber(count), tonumber(positions_done), token
end

local function write_attempts(attempts, unit, count, positions_done, token)
    redis.call('HSET', attempts, unit, count .. ' ' .. positions_done .. ' ' .. token)
end

-- 'held' while the token's lease on the unit runs; 'given_back' when the token gave the unit back and nobody
-- claimed it since (a repeated call); 'stale' otherwise. Then the claims so far and the end of the lease.
local function standing(attempts, leases, unit, token, now)
    local count, _, holder = read_attempts(attempts, unit)
    if holder ~= token then
        return 'stale'
    end
    local lease_end = redis.call('ZSCORE', leases, unit)
    if not lease_end then
        return 'given_back', count
    end
    if tonumber(lease_end) <= now then
        return 'stale'
    end
    return 'held', count, lease_end
end

local function game_of(unit)
    return string.match(unit, '^(.*):%d+:%l+:%-?%d+$')
end
