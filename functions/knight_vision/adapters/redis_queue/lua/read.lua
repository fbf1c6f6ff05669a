#!lua flags=no-writes
-- read: a job's progress as seen from outside.
-- KEYS: 1 job:<game>  2 attempts  3 places  4 rates  5-7 waiting of every phase  8-10 leases of every phase
-- ARGV: 1 game_id
-- Answers: {generation, phase, 'running' | 'waiting', positions_done, position_count, units_ahead or '',
--           units_in_flight, priority, ms_per_position or ''}, or nothing when the job is not in the queue
-- Guarantees: one moment of the queue; changes nothing.
-- include shared/lease.lua
local job_key, attempts, places, rates = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local game_id = ARGV[1]

local fields = redis.call('HGETALL', job_key)
if #fields == 0 then
    return nil
end
local job = {}
for index = 1, #fields, 2 do
    job[fields[index]] = fields[index + 1]
end
local waiting, leases = KEYS[4 + job.phase_rank], KEYS[7 + job.phase_rank]

local was_claimed = job.opened_by or job.finished ~= '0'
local positions_done = tonumber(job.positions_finished)
local units_ahead = nil
for index = -1, job.segment_count - 1 do
    if not job['finished_by:' .. index] then
        local unit = game_id .. ':' .. job.generation .. ':' .. job.phase .. ':' .. index
        local count, positions = read_attempts(attempts, unit)
        was_claimed = was_claimed or count
        if count and redis.call('ZSCORE', leases, unit) then
            positions_done = positions_done + positions
        else
            local place = redis.call('ZRANK', waiting, unit)
            if place and (not units_ahead or place < units_ahead) then
                units_ahead = place
            end
        end
    end
end
return {
    job.generation, job.phase, was_claimed and 'running' or 'waiting', positions_done, job.position_count,
    units_ahead or '', redis.call('ZCARD', leases),
    string.match(redis.call('HGET', places, game_id), ' (%S+)$'), redis.call('HGET', rates, job.phase) or '',
}
