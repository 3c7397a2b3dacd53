"""The console adapter: prints digests and replies as text for people, or as JSON for programs."""
