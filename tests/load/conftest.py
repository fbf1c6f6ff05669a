"""Keeps pytest away from what runs only in Locust's own virtual environment."""

collect_ignore = ["player.py"]
