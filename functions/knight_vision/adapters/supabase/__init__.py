"""The store and the library in Supabase: written with the service's key, read with the user's token."""
