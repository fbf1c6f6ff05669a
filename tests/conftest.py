"""What all tests share."""

import signal

import pytest
from hypothesis import HealthCheck, settings

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell starts background jobs that way and every process inherits it: Ctrl-C could not be tested.
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A busy machine is not a bug: no example is timed, nor how long it takes to make one up.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

SLOWEST = (
    "tests/chaos/test_short_chaos.py",
    "tests/integration/test_packaging.py",
    "tests/integration/test_local_stack_processes.py",
    "tests/chaos/",
    "tests/drill/",
    "tests/e2e/",
    "tests/integration/",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, lest a worker be left alone with it; else in the order given."""
    items.sort(key=slowness)


def slowness(item: pytest.Item) -> int:
    """The place of a test's file among the slowest."""
    path = item.path.as_posix()
    return next((number for number, part in enumerate(SLOWEST) if part in path), len(SLOWEST))
