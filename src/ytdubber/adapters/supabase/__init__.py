"""Files in Supabase Storage, by its HTTP API."""
