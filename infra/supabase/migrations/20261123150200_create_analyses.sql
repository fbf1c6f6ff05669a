-- Why: the truth about every analysis: that it was asked for, how far it is, and the best finished phase's report.
-- Fenced by generation: what a late worker of an older generation saves must change nothing.

create table public.analyses (
    game_id uuid primary key references public.games (id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    generation integer not null default 1 check (generation >= 1),
    state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
    phase text default 'initial' check (phase in ('initial', 'intermediate', 'complete')),
    finished_phase text check (finished_phase in ('initial', 'intermediate', 'complete')),
    progress smallint not null generated always as (
        coalesce(array_position(array['initial', 'intermediate', 'complete'], finished_phase), 0)
    ) stored,
    priority integer not null default 0,
    report jsonb,
    report_phase text check (report_phase in ('initial', 'intermediate', 'complete')),
    report_generation integer,
    engine text,
    limits jsonb not null default '{}',
    timings jsonb not null default '{}',
    degraded boolean not null default false,
    failure text,
    requested_at timestamptz(3) not null default now(),
    finished_at timestamptz,
    updated_at timestamptz not null default now(),
    constraint final_means_no_phase check ((phase is null) = (state in ('done', 'failed', 'cancelled'))),
    constraint final_means_finished_at check ((finished_at is not null) = (state in ('done', 'failed', 'cancelled'))),
    constraint queued_means_nothing_finished check (state <> 'queued' or finished_phase is null),
    constraint running_means_something_finished check (state <> 'running' or finished_phase is not null),
    constraint done_means_complete check ((state = 'done') = (finished_phase is not distinct from 'complete')),
    constraint failed_means_failure check ((state = 'failed') = (failure is not null)),
    constraint report_means_phase_and_generation check (
        (report is null) = (report_phase is null) and (report is null) = (report_generation is null)
    ),
    constraint finished_means_report check (finished_phase is null or report_phase = finished_phase)
);

comment on table public.analyses is 'One row for each game whose analysis was ever asked for.';
comment on column public.analyses.game_id is 'The game, and the key.';
comment on column public.analyses.user_id is 'The game''s owner, repeated here for the policy.';
comment on column public.analyses.generation is
    'Fencing token: asking again after a failure or cancellation raises it.';
comment on column public.analyses.state is
    'queued (no phase finished), running (some), done (all), failed, cancelled.';
comment on column public.analyses.phase is 'The phase that is running or next; null when the state is final.';
comment on column public.analyses.finished_phase is 'The last finished phase of this generation.';
comment on column public.analyses.progress is
    'Finished phases of this generation, 0 to 3. Positions within the running phase are counted in Redis.';
comment on column public.analyses.priority is 'Higher is analysed earlier; from the owner''s plan.';
comment on column public.analyses.report is
    'Report of the best finished phase without its moves, which are in analysis_moves.';
comment on column public.analyses.report_phase is 'Phase of the stored report and moves.';
comment on column public.analyses.report_generation is
    'Generation of the stored report and moves; an older one''s stay readable until the next has saved a phase.';
comment on column public.analyses.engine is 'Name of the engine that made the stored report.';
comment on column public.analyses.limits is 'Search limit used, by finished phase of this generation.';
comment on column public.analyses.timings is 'What each finished phase of this generation took, by phase.';
comment on column public.analyses.degraded is
    'True when a finished phase ran with a smaller limit than configured.';
comment on column public.analyses.failure is 'Why the analysis failed; null unless it did.';
comment on column public.analyses.requested_at is
    'When this generation was asked for, to the millisecond: the queue''s resolution.';
comment on column public.analyses.finished_at is 'When the state became final.';
comment on column public.analyses.updated_at is
    'When this row last made progress; asking again does not count.';

create index analyses_of_user on public.analyses (user_id);
-- What the sweeper reads page by page, in order of request.
create index analyses_unfinished on public.analyses (requested_at, game_id) where state in ('queued', 'running');

alter table public.analyses enable row level security;

create policy "Users read their own analyses" on public.analyses
    for select to authenticated using ((select auth.uid()) = user_id);

revoke all on table public.analyses from public, anon, authenticated;
grant select on table public.analyses to authenticated;
grant select, insert, update, delete on table public.analyses to service_role;


create table public.analysis_moves (
    game_id uuid not null references public.analyses (game_id) on delete cascade,
    ply smallint not null check (ply >= 1),
    user_id uuid not null,
    san text not null,
    uci text not null,
    fen text not null,
    white_cp integer,
    white_mate integer,
    win_percent double precision,
    accuracy double precision,
    judgement text check (judgement in ('inaccuracy', 'mistake', 'blunder')),
    judgement_reason text check (judgement_reason in ('centipawns', 'mate_created', 'mate_lost')),
    best_uci text,
    best_san text,
    variation jsonb not null default '[]' check (jsonb_typeof(variation) = 'array'),
    depth integer,
    nodes bigint,
    clock_s double precision,
    primary key (game_id, ply),
    constraint centipawns_or_mate check (white_cp is null or white_mate is null)
);

comment on table public.analysis_moves is
    'One row for each half-move of the stored report; replaced as a whole by every saved phase.';
comment on column public.analysis_moves.game_id is 'The game.';
comment on column public.analysis_moves.ply is 'Number of the half-move, from 1.';
comment on column public.analysis_moves.user_id is
    'The game''s owner, repeated here so that the policy needs no join for each row.';
comment on column public.analysis_moves.san is 'The move in standard notation.';
comment on column public.analysis_moves.uci is 'The move in UCI notation.';
comment on column public.analysis_moves.fen is 'The position after the move.';
comment on column public.analysis_moves.white_cp is
    'Centipawns from White''s point of view after the move; null when white_mate is set.';
comment on column public.analysis_moves.white_mate is
    'Moves to mate after the move, positive when White mates.';
comment on column public.analysis_moves.win_percent is 'White''s chance to win after the move, 0 to 100.';
comment on column public.analysis_moves.accuracy is 'The mover''s accuracy with this move, 0 to 100.';
comment on column public.analysis_moves.judgement is 'inaccuracy, mistake, blunder, or null.';
comment on column public.analysis_moves.judgement_reason is
    'centipawns, mate_created or mate_lost; null without a judgement.';
comment on column public.analysis_moves.best_uci is 'Best move of the position before, in UCI notation.';
comment on column public.analysis_moves.best_san is 'Best move of the position before, in standard notation.';
comment on column public.analysis_moves.variation is
    'The engine''s line from the position before, in standard notation.';
comment on column public.analysis_moves.depth is 'Depth searched in the position after the move, in plies.';
comment on column public.analysis_moves.nodes is 'Nodes searched in the position after the move.';
comment on column public.analysis_moves.clock_s is 'Seconds left on the mover''s clock after the move.';

-- The policy filters on it: a reader of the whole table must not scan everybody's moves.
create index analysis_moves_of_user on public.analysis_moves (user_id);

alter table public.analysis_moves enable row level security;

create policy "Users read the moves of their own analyses" on public.analysis_moves
    for select to authenticated using ((select auth.uid()) = user_id);

revoke all on table public.analysis_moves from public, anon, authenticated;
grant select on table public.analysis_moves to authenticated;
grant select, insert, update, delete on table public.analysis_moves to service_role;
