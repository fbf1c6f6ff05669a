"""Checkmates by name: which of the known patterns the final position of a line shows."""

from __future__ import annotations

from collections.abc import Callable

import chess

from knight_vision.domain.motifs import heavy_piece_mates as heavy
from knight_vision.domain.motifs import minor_piece_mates as minor
from knight_vision.domain.motifs.mated_king import MatedKing, Mating, squares_of
from knight_vision.domain.motifs.motif import Motif

__all__ = ["named_mates"]

Pattern = Callable[[MatedKing], Mating | None]

CLASSIC: tuple[tuple[Motif, Pattern], ...] = (
    (Motif.SMOTHERED_MATE, minor.smothered),
    (Motif.BACK_RANK_MATE, heavy.back_rank),
    (Motif.ANASTASIA_MATE, heavy.anastasia),
    (Motif.ARABIAN_MATE, heavy.arabian),
    (Motif.BODEN_MATE, minor.boden),
    (Motif.DOUBLE_BISHOP_MATE, minor.double_bishop),
    (Motif.DOVETAIL_MATE, heavy.dovetail),
)
BESIDES: tuple[tuple[Motif, Pattern], ...] = (
    (Motif.HOOK_MATE, heavy.hook),
    (Motif.BALESTRA_MATE, minor.balestra),
    (Motif.BLIND_SWINE_MATE, heavy.blind_swine),
    (Motif.EPAULETTE_MATE, heavy.epaulette),
    (Motif.KILL_BOX_MATE, heavy.kill_box),
    (Motif.OPERA_MATE, heavy.opera),
    (Motif.SWALLOWSTAIL_MATE, heavy.swallowstail),
    (Motif.TRIANGLE_MATE, heavy.triangle),
    (Motif.VUKOVIC_MATE, heavy.vukovic),
)
"""Named whatever else the mate is."""
LOOSE: tuple[tuple[Motif, Pattern], ...] = (
    (Motif.CORNER_MATE, minor.corner),
    (Motif.MORPHYS_MATE, minor.morphys),
    (Motif.PILLSBURYS_MATE, heavy.pillsburys),
)
"""So wide that the name of a classic pattern, where there is one, is the better one."""


def named_mates(
    board: chess.Board,
) -> tuple[tuple[Motif, chess.Square, tuple[chess.Square, ...]], ...]:
    """The patterns of a mate that stands on the board, the mating move being the last on its move stack.

    Each comes as motif, square of the piece that mates, and squares of the king and of the pieces that help.
    Empty for a mate without a name. Raises IndexError where the board remembers no move.
    """
    mate = MatedKing.of(board)
    found = matching(CLASSIC, mate)
    loose = () if found else matching(LOOSE, mate)
    return (*found, *matching(BESIDES, mate), *loose)


def matching(
    patterns: tuple[tuple[Motif, Pattern], ...], mate: MatedKing
) -> tuple[tuple[Motif, chess.Square, tuple[chess.Square, ...]], ...]:
    """Those of the patterns that the mate shows."""
    return tuple(
        (motif, mating[0], (mate.king, *squares_of(mating[1])))
        for motif, pattern in patterns
        if (mating := pattern(mate)) is not None
    )
