"""The local stack: the parts AWS runs for this project, from real software, without Docker (docs/local-stack.md)."""
