"""The use cases, one module each, written against the ports only."""
