"""The command line client of the Knight Vision HTTP API."""
