"""A fresh small world for every test of the services."""

import pytest

from tests.support.small_world import SmallWorld


@pytest.fixture
def world() -> SmallWorld:
    return SmallWorld()
