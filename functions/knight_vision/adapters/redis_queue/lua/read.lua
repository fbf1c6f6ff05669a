#!lua flags=no-writes
-- read: a job's progress as seen from outside.
-- KEYS: 1 records  2 results:<game>  3 attempts  4 rates  5-7 behind of every phase  8-10 leases of every phase
--       11-22 waiting of every phase and, within it, priority
-- ARGV: 1 game_id  2 priority_boost_ms
-- Answers: {generation, phase, 'running' | 'waiting', positions_done, position_count, units_ahead or '',
--           units_in_flight, priority, ms_per_position or ''}, or nothing when the job is not in the queue
-- Guarantees: one moment of the queue; changes nothing.
-- include shared/clock.lua
-- include shared/lease.lua
-- include shared/place.lua
-- include shared/line_up.lua
-- include shared/records.lua
local records, results, attempts, rates = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local game_id, priority_boost_ms = ARGV[1], tonumber(ARGV[2])

local job = read_job(records, game_id)
if not job then
    return nil
end
local rank = job.phase_rank
local behind, leases = KEYS[4 + rank], KEYS[7 + rank]
local waiting = { [0] = KEYS[7 + rank * 4], KEYS[8 + rank * 4], KEYS[9 + rank * 4], KEYS[10 + rank * 4] }
local place = read_place(records, game_id)

local fields = { 'positions_finished' }
for index = 0, job.segment_count - 1 do
    fields[#fields + 1] = 'finished_by:' .. index
end
local finished = redis.call('HMGET', results, unpack(fields))
local was_claimed = job.opened_by ~= '' or finished[1]
local positions_done = tonumber(finished[1] or 0)
local own_ahead = nil
for index = -1, job.segment_count - 1 do
    if index == -1 or not finished[index + 2] then
        local unit = game_id .. ':' .. job.generation .. ':' .. job.phase .. ':' .. index
        local count, positions = read_attempts(attempts, unit)
        was_claimed = was_claimed or count
        if count and redis.call('ZSCORE', leases, unit) then
            positions_done = positions_done + positions
        else
            local ahead = redis.call('ZRANK', waiting[place.priority], unit)
            if ahead and (not own_ahead or ahead < own_ahead) then
                own_ahead = ahead
            end
        end
    end
end

local units_ahead = nil
if own_ahead then
    units_ahead = own_ahead
    for priority = 0, 3 do
        if priority ~= place.priority then
            local order = string.format('%.0f', place.ms + (priority - place.priority) * priority_boost_ms)
            -- Of equal ones the more urgent goes first.
            local upto = priority > place.priority and order or '(' .. order
            units_ahead = units_ahead + redis.call('ZCOUNT', waiting[priority], '-inf', upto)
        end
    end
else
    local member = behind_member(place, game_id, job.generation, job.segment_count)
    if redis.call('ZSCORE', behind, member) then
        local from = place.priority .. ' ' .. place.user .. ' '
        units_ahead = redis.call('ZLEXCOUNT', behind, '[' .. from, '(' .. member) * job.segment_count
        for priority = 0, 3 do
            units_ahead = units_ahead + redis.call('ZCARD', waiting[priority])
        end
    end
end
return {
    job.generation, job.phase, was_claimed and 'running' or 'waiting', positions_done, job.position_count,
    units_ahead or '', redis.call('ZCARD', leases), place.priority, redis.call('HGET', rates, job.phase) or '',
}
