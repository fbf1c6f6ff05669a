"""The real outside world behind the ports: Redis, Supabase, Stockfish, EventBridge."""
