"""Knight Vision: chess game analysis in phases. Pure domain inside, the outside world behind ports."""

__version__ = "0.1.0"
