"""Shorter forms of a sentence that stay true."""
