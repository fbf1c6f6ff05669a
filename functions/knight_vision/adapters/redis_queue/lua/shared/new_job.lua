-- new_job: what enqueue and enqueue_again write, with their ARGV, when the game has no job. The formats are those of
-- shared/place.lua, shared/records.lua and shared/line_up.lua, spelled out here: their functions and tables made
-- the script take a quarter longer.

local function add_job(records, users, lines, behind, waiting, ms, now)
    local game_id, generation, user, phase = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
    local segment_count, priority = ARGV[6], ARGV[8]
    redis.call('HINCRBY', users, user, 1)
    redis.call('HSET', records,
        game_id, string.format('%.0f %s %.0f %s %.0f %s', ms, priority, now, ARGV[10], ms, user),
        'job ' .. game_id, generation .. ' ' .. phase .. ' ' .. ARGV[5] .. ' ' .. segment_count .. ' ' .. ARGV[7]
            .. ' ' .. ARGV[12] .. ' enqueued ',
        'payload ' .. game_id, ARGV[13])
    if redis.call('HSETNX', lines, phase .. ' ' .. priority .. ' ' .. user, game_id) == 0 then
        redis.call('ZADD', behind, 0, string.format('%s %s %015.0f %s %s %s',
            priority, user, ms, game_id, generation, segment_count))
        return
    end
    local units = {}
    for index = 0, segment_count - 1 do
        units[2 * index + 1] = ms
        units[2 * index + 2] = game_id .. ':' .. generation .. ':' .. phase .. ':' .. index
    end
    redis.call('ZADD', waiting, unpack(units))
end
