"""A logging configuration for workers that have no switch of their own to be quiet."""

from __future__ import annotations

from typing import Any

LOGGING: dict[str, Any] = {"version": 1, "root": {"level": "ERROR"}}
