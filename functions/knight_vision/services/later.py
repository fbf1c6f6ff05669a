"""What a request puts off until its answer is known, so that one round trip does it and keeps the answer."""

from __future__ import annotations

from collections.abc import Callable

from knight_vision.domain.kept_text import KeptText

__all__ = ["Later"]

Work = Callable[[KeptText | None], bool]
"""Done with a text that is to be kept along, if there is one; says whether that is kept now."""


class Later:
    """At most one piece of work of one request. Whoever makes it has to see that it is done in the end."""

    def __init__(self) -> None:
        """Nothing is put off yet."""
        self._work: Work | None = None

    def put_off(self, work: Work) -> None:
        """Have this done later. A second piece has the first one done at once."""
        self.do()
        self._work = work

    def do(self, along: KeptText | None = None) -> bool:
        """Do what was put off, once; True when the text is kept with it."""
        work, self._work = self._work, None
        return work is not None and work(along)
