"""The simulation counts calls as the queue does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knight_vision.domain.queue_calls import QueueCalls
from knight_vision.domain.queue_tables import OrderSettings
from tests.bench.burst.calls import Calls
from tests.bench.burst.constants import PHASES, Constants

CONSTANTS = Constants()
FUNCTION = 1
MOST = CONSTANTS.settings.concurrency_of(PHASES[FUNCTION])
steps = st.lists(
    st.tuples(st.sampled_from(["call", "arrive", "wait"]), st.integers(0, MOST), st.integers(0, 1)),
    max_size=60,
)


@given(steps)
def test_as_many_are_allowed_as_the_queue_allows(steps: list[tuple[str, int, int]]) -> None:
    calls = Calls(CONSTANTS)
    queue = QueueCalls(OrderSettings(priority_boost_ms=0, fair_share_ms=0))
    now_ms = 0
    for number, (step, amount, least) in enumerate(steps):
        if step == "wait":
            now_ms += amount * 125  # an eighth of a second: the simulation's floats have it exactly
        elif step == "arrive":
            calls.arrived(FUNCTION)
            queue.call_arrived(PHASES[FUNCTION])
        else:
            allowed = queue.allow_calls(
                PHASES[FUNCTION], amount, most=MOST, least=least, call_id=f"{number}", now_ms=now_ms
            )
            assert calls.allow(FUNCTION, amount, now_ms / 1000, least=least) == allowed
