"""Code that the chat adapters share."""
