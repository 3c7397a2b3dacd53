"""Composes the application: the only package where concrete classes meet."""
