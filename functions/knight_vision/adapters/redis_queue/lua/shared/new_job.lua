-- new_job: what enqueue and enqueue_again write, with their ARGV, when the game has no job. Times are texts. The
-- formats are those of shared/place.lua and shared/line_up.lua, spelled out here: their functions and tables made
-- the script take a third longer.

local function add_job(records, users, lines, behind, waiting, ms, now)
    local game_id, generation, user, phase, segment_count, priority, _, budget, job, payload = unpack(ARGV)
    redis.call('HINCRBY', users, user, 1)
    redis.call('HSET', records,
        game_id, ms .. ' ' .. priority .. ' ' .. now .. ' ' .. budget .. ' ' .. ms .. ' ' .. user,
        'job ' .. game_id, job,
        'payload ' .. game_id, payload)
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
