-- Why: whether an analysis was of use, only who read it knows. One rating for each analysis and reader, which may be
-- changed; it goes with the game.

create table public.feedback (
    game_id uuid not null references public.analyses (game_id) on delete cascade,
    user_id uuid not null references auth.users (id) on delete cascade,
    rating smallint not null check (rating between 1 and 5),
    comment text check (char_length(comment) <= 2000),
    report_phase text not null check (report_phase in ('initial', 'intermediate', 'complete')),
    report_generation integer not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (game_id, user_id)
);

comment on table public.feedback is 'What users think of the analyses they read.';
comment on column public.feedback.game_id is 'The analysis.';
comment on column public.feedback.user_id is 'Who read it.';
comment on column public.feedback.rating is '1 (of no use) to 5.';
comment on column public.feedback.comment is 'In the reader''s words, or null.';
comment on column public.feedback.report_phase is 'Phase of the report that could be read when the rating was given.';
comment on column public.feedback.report_generation is 'Generation of that report.';
comment on column public.feedback.created_at is 'When it was first given.';
comment on column public.feedback.updated_at is 'When it was last changed.';

create index feedback_of_user on public.feedback (user_id);
-- The operators' average of the last days.
create index feedback_by_time on public.feedback (updated_at);

alter table public.feedback enable row level security;

create policy "Users read their own feedback" on public.feedback
    for select to authenticated using ((select auth.uid()) = user_id);

revoke all on table public.feedback from public, anon, authenticated;
grant select on table public.feedback to authenticated;
grant select, insert, update, delete on table public.feedback to service_role;


create function public.give_feedback_v1(p_user_id uuid, p_game_id uuid, p_rating integer, p_comment text) returns jsonb
    language plpgsql
    set search_path = ''
as $$
declare
    v_report_phase text;
    v_report_generation integer;
    v_feedback jsonb;
begin
    perform from public.games where id = p_game_id and user_id = p_user_id for key share;
    if not found then
        return jsonb_build_object('answer', 'game_not_found');
    end if;
    select report_phase, report_generation into v_report_phase, v_report_generation
    from public.analyses where game_id = p_game_id;
    if v_report_phase is null then
        return jsonb_build_object('answer', 'analysis_not_found');
    end if;
    insert into public.feedback as f (game_id, user_id, rating, comment, report_phase, report_generation)
    values (p_game_id, p_user_id, p_rating, p_comment, v_report_phase, v_report_generation)
    on conflict (game_id, user_id) do update set
        rating = excluded.rating,
        comment = excluded.comment,
        report_phase = excluded.report_phase,
        report_generation = excluded.report_generation,
        updated_at = now()
    returning to_jsonb(f) - 'user_id' into v_feedback;
    return jsonb_build_object('answer', 'saved', 'feedback', v_feedback);
end;
$$;

comment on function public.give_feedback_v1(uuid, uuid, integer, text) is
    'Keeps what a user thinks of the readable report of a game of theirs, in place of what they thought before: '
    '{answer, feedback}, the answer being saved, game_not_found or analysis_not_found.';
revoke execute on function public.give_feedback_v1(uuid, uuid, integer, text) from public, anon, authenticated;
grant execute on function public.give_feedback_v1(uuid, uuid, integer, text) to service_role;


create function public.count_feedback_v1(p_days integer) returns jsonb
    language sql
    stable
    set search_path = ''
as $$
    select jsonb_build_object('ratings', count(*), 'mean_rating', avg(rating)::double precision)
    from public.feedback
    where updated_at > now() - p_days * interval '1 day'
$$;

comment on function public.count_feedback_v1(integer) is
    'How many ratings were given or changed in the last days, and their mean (null when there is none).';
revoke execute on function public.count_feedback_v1(integer) from public, anon, authenticated;
grant execute on function public.count_feedback_v1(integer) to service_role;
