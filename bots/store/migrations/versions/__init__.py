"""The steps, oldest first; each stands as it was released and is never changed."""
