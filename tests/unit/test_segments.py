"""A phase's plan covers every position exactly once, in segments of almost equal size."""

from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.phase import Limit, Phase
from knight_vision.domain.segments import PhasePlan


@given(st.integers(1, 1300), st.integers(0, 50))
def test_every_position_is_in_exactly_one_segment(position_count: int, per_segment: int) -> None:
    plan = PhasePlan.of(Phase.COMPLETE, Limit(nodes=1), position_count, per_segment)
    segments = [plan.segment(index) for index in range(plan.segment_count)]
    covered = [position for segment in segments for position in range(segment.first, segment.last + 1)]
    assert covered == list(range(position_count))
    sizes = {segment.position_count for segment in segments}
    assert max(sizes) - min(sizes) <= 1
    assert max(sizes) <= (per_segment or position_count)


@given(st.integers(1, 1300), st.integers(1, 50))
def test_there_are_no_more_segments_than_needed(position_count: int, per_segment: int) -> None:
    plan = PhasePlan.of(Phase.COMPLETE, Limit(nodes=1), position_count, per_segment)
    needed = -(-position_count // per_segment)
    assert plan.segment_count == (needed + needed % 2 if needed > 1 else 1)
