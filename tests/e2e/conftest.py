"""One local stack for all end-to-end tests that leave it as they found it."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.support.stack import LocalStack
from tests.support.users import Api

SMALL_LIMITS = {
    "InitialLimit": "depth 4",
    "IntermediateLimit": "nodes 1000",
    "CompleteLimit": "nodes 3000",
}
"""Searches small enough that a test waits for a second, not for a minute."""
SETTINGS = {**SMALL_LIMITS, "PositionCacheTtlS": "0"}
"""Reports are compared with searches that know of no other game."""


@pytest.fixture(scope="session")
def stack() -> Iterator[LocalStack]:
    with LocalStack(parameters=SETTINGS) as stack:
        yield stack


@pytest.fixture
def api(stack: LocalStack) -> Iterator[Api]:
    """The API as a new user."""
    with Api.of_new_user(stack) as api:
        yield api


@pytest.fixture
def stranger(stack: LocalStack) -> Iterator[Api]:
    """The API as another new user."""
    with Api.of_new_user(stack) as api:
        yield api


@pytest.fixture
def nobody(stack: LocalStack) -> Iterator[httpx.Client]:
    """The API without a token."""
    with stack.client() as client:
        yield client
