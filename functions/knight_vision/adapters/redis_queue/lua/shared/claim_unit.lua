-- claim_unit: what claim.lua does, with its KEYS and ARGV; finish_and_claim.lua begins with the same ones.

local function claim_unit(now)
    local leases, records, attempts, holders, store_away, activity = KEYS[2], KEYS[4], KEYS[5], KEYS[6], KEYS[7], KEYS[8]
    local phase, token, lease_ms, priority_boost_ms, fair_share_ms =
        ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
    local degrade_after_ms, degrade_floor_percent, probe_ms = tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8])
    local waiting = { [0] = KEYS[9], KEYS[10], KEYS[11], KEYS[12] }

    local function place_and_payload(game_id)
        local texts = redis.call('HMGET', records, game_id, 'payload ' .. game_id)
        return place_of(texts[1]), texts[2]
    end

    local function answer(unit, count, place, waited_ms, payload)
        return { unit, count, place.priority, place.enqueued_at, waited_ms, place.budget, payload }
    end

    local held = redis.call('HGET', holders, token)
    if held then
        local unit, waited_ms = string.match(held, '^(.*) (%d+)$')
        local place, payload = place_and_payload(game_of(unit))
        return answer(unit, (read_attempts(attempts, unit)), place, tonumber(waited_ms), payload)
    end

    local away = redis.call('HMGET', store_away, 'until_ms', 'probe_token')
    if away[1] then
        if away[2] == token then
            return 'probe'
        end
        if now < tonumber(away[1]) then
            return 'wait'
        end
        redis.call('HSET', store_away, 'until_ms', now + probe_ms, 'probe_token', token)
        return 'probe'
    end

    local best, best_order, after
    for priority = 3, 0, -1 do
        local first = redis.call('ZRANGE', waiting[priority], 0, 1, 'WITHSCORES')
        if first[1] then
            local order = first[2] - priority * priority_boost_ms
            if not best or order < best_order then
                best, best_order, after = { unit = first[1], priority = priority }, order, first[3]
            end
        end
    end
    if not best then
        return nil
    end

    local unit = best.unit
    local game_id = game_of(unit)
    local place, payload = place_and_payload(game_id)
    local claimed_before = read_attempts(attempts, unit)
    local count = (claimed_before or 0) + 1
    local waited_ms = math.max(0, now - place.ready_ms)
    redis.call('ZREM', waiting[best.priority], unit)
    write_attempts(attempts, unit, count, 0, token)
    redis.call('ZADD', leases, now + lease_ms, unit)
    redis.call('HSET', holders, token, unit .. ' ' .. waited_ms)
    if place.budget == 0 then
        place.budget = 100
        if degrade_after_ms > 0 and waited_ms > degrade_after_ms then
            place.budget = math.max(degrade_floor_percent, math.floor(100 * degrade_after_ms / waited_ms))
        end
        write_place(records, game_id, place)
    end
    if not claimed_before and string.sub(unit, -3) ~= ':-1' then
        tally(activity, 'waited ' .. phase .. ' ' .. place.priority, waited_ms, now)
    end
    -- A game's units have one place and so stand side by side: the next one tells whether more of it wait.
    if not after or game_of(after) ~= game_id then
        local at = { phase = phase, waiting = waiting, behind = KEYS[1], lines = KEYS[3], records = records }
        pass_on(at, place, game_id, now, fair_share_ms)
    end
    return answer(unit, count, place, waited_ms, payload)
end
