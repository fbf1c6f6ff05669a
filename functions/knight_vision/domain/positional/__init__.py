"""What a position is like for either side, apart from tactics: material, pawns, kings, pieces, space.

`metrics` looks at one position, `changes` at what a move did, `story` at the whole game.
The definitions, with their sources, are in docs/analysis-positional.md.
"""

from knight_vision.domain.positional.change import Change, ChangeKind, changes
from knight_vision.domain.positional.game_story import Feature, Story, Stretch, story
from knight_vision.domain.positional.material import Imbalance
from knight_vision.domain.positional.position import PositionMetrics, SideMetrics, metrics

__all__ = [
    "Change",
    "ChangeKind",
    "Feature",
    "Imbalance",
    "PositionMetrics",
    "SideMetrics",
    "Story",
    "Stretch",
    "changes",
    "metrics",
    "story",
]
