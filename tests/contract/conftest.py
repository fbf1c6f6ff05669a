"""Keeps pytest away from what runs only in Schemathesis' own virtual environment."""

collect_ignore = ["hooks.py"]
