"""The engine that runs a language model in this process."""
