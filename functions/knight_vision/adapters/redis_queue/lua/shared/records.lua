-- records: what the queue keeps of a job, three fields of one hash, written and read together where it can be:
--   <game>          its place, see shared/place.lua
--   job <game>      "generation phase phase_rank segment_count position_count call_id answer opened_by", of the
--                   running phase, of the last enqueue that changed the job, and the token that opened the phase
--   payload <game>  JSON: moves, start, running plan

local function read_job(records, game_id)
    local text = redis.call('HGET', records, 'job ' .. game_id)
    if not text then
        return nil
    end
    local generation, phase, phase_rank, segment_count, position_count, call_id, answer, opened_by =
        string.match(text, '^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (.*)$')
    return {
        generation = generation, phase = phase, phase_rank = tonumber(phase_rank),
        segment_count = tonumber(segment_count), position_count = position_count,
        call_id = call_id, answer = answer, opened_by = opened_by,
    }
end

local function job_text(job)
    return table.concat({
        job.generation, job.phase, job.phase_rank, job.segment_count, job.position_count,
        job.call_id, job.answer, job.opened_by,
    }, ' ')
end

local function forget_records(records, game_id)
    redis.call('HDEL', records, game_id, 'job ' .. game_id, 'payload ' .. game_id)
end
