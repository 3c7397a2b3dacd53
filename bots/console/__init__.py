"""The terminal as a room: digests and replies printed for a reader, or as JSON for a program."""
