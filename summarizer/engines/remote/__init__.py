"""The engine that uses a language model on a server."""
