"""An engine that asks a language model on a server."""
