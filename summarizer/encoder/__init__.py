"""The shipped language model and how a text is laid out for it."""
