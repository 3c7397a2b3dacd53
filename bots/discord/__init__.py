"""The Discord adapter: it receives interactions, and posts digests and replies."""
