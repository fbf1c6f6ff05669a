-- Why: the checks of the columns for insights were added without looking at the rows that were there, which would have
-- locked a large table for as long as that takes. Looking at them now lets everybody read and write meanwhile.

alter table public.analysis_moves validate constraint known_class;
alter table public.analysis_moves validate constraint second_centipawns_or_mate;
alter table public.analysis_moves validate constraint motifs_are_lists;
alter table public.analysis_moves validate constraint positional_is_object;
