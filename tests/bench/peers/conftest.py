"""Keeps pytest away from what runs only in the peers' own virtual environments."""

collect_ignore = ["apps"]
