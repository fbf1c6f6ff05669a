-- new_job: what enqueue and enqueue_again write, with their ARGV, when the game has no job.
-- Needs shared/place.lua and shared/line_up.lua; `at` as there, for the job's phase.

local function add_job(records, users, at, enqueued_at, now)
    local game_id, generation, user_id, segment_count = ARGV[1], ARGV[2], ARGV[3], ARGV[6]
    local place = {
        ms = enqueued_at, priority = tonumber(ARGV[8]), ready_ms = now, budget = ARGV[10], enqueued_at = enqueued_at,
        user = user_id,
    }
    redis.call('HINCRBY', users, user_id, 1)
    redis.call('HSET', records, game_id, place_text(place),
        'job ' .. game_id, table.concat(
            { generation, at.phase, ARGV[5], segment_count, ARGV[7], ARGV[12], 'enqueued', '' }, ' '),
        'payload ' .. game_id, ARGV[13])
    line_up(at, place, game_id, generation, segment_count)
end
