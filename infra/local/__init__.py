"""The local stack: the parts that AWS runs for this project, from real software, without Docker.

docs/local-stack.md says which part stands for what, and what it does not do.
"""
