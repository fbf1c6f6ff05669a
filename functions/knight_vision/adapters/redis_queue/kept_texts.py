"""Where in Redis texts are kept, and what with them. Their keys have a TTL and are under no hash tag."""

from __future__ import annotations

from knight_vision.adapters.redis_queue.nodes import Command
from knight_vision.domain.kept_text import KeptText

__all__ = ["MARK_BYTES", "MARK_LENGTH", "claiming", "keeping", "name_of"]

MARK_BYTES = 8
MARK_LENGTH = 2 * MARK_BYTES
"""What is kept begins with a mark of who wrote it: a claim that our client sent twice is still ours."""


def name_of(prefix: str, key: str) -> str:
    """The name of a key in Redis."""
    return f"{prefix}:answer:{key}"


def claiming(prefix: str, claim: KeptText, mark: str) -> Command:
    """The command that keeps a text unless there is one, and answers that one: NX and GET in one."""
    return ("SET", name_of(prefix, claim.key), mark + claim.text, "EX", claim.ttl_s, "NX", "GET")


def keeping(prefix: str, kept: KeptText) -> Command:
    """The command that keeps a text in place of what is there."""
    return ("SET", name_of(prefix, kept.key), "0" * MARK_LENGTH + kept.text, "EX", kept.ttl_s)
