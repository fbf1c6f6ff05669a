"""The JobQueue port on Redis or Valkey: one Lua script for each transition (docs/protocol.md)."""
