"""Files in a storage that speaks S3: Amazon's, R2, MinIO, Supabase's endpoint for it."""
