"""In which form an answer is wanted: the Accept header."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.exceptions import HTTPException

__all__ = ["preferred"]


def preferred(accept: str, offered: Mapping[str, tuple[str, ...]]) -> str:
    """Which of the offered types the caller likes best; the first offered one where it does not care.

    `offered` names for each type the others that stand for it. Raises HTTPException 406 when it wants none.
    """
    wanted = [parsed(part) for part in accept.lower().split(",") if part.strip()] or [("*/*", 1.0)]
    liking = {name: quality(wanted, (name, *others)) for name, others in offered.items()}
    best = max(offered, key=lambda name: liking[name])  # the first of equal ones
    if liking[best][0] <= 0:
        raise HTTPException(406, f"This can be had as {' or '.join(offered)}.")
    return best


def parsed(part: str) -> tuple[str, float]:
    """The range and the quality in one part of the header; a quality that is none counts as 1."""
    media_range, *parameters = (item.strip() for item in part.split(";"))
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                return media_range, min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                break
    return media_range, 1.0


def quality(wanted: list[tuple[str, float]], names: tuple[str, ...]) -> tuple[float, int]:
    """How much a type is liked: by the most precise range that fits it, and of equal ones by which is named
    first."""
    best, found = (0.0, 0), 0
    for place, (media_range, value) in enumerate(wanted):
        fit = max(precision(media_range, name) for name in names)
        if fit > found:
            # What is meant by a wildcard has no place of its own.
            best, found = (value, -place if fit == 3 else -len(wanted)), fit
    return best


def precision(media_range: str, name: str) -> int:
    """3 for the very type, 2 for its kind, 1 for anything, 0 when it does not fit."""
    if media_range == name:
        return 3
    if media_range == f"{name.partition('/')[0]}/*":
        return 2
    return 1 if media_range == "*/*" else 0
