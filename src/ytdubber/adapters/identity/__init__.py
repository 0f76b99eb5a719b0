"""Bearer tokens: JSON Web Tokens as Supabase Auth makes them, and our own of the same form."""
