"""The shipped language model, and the layout of its input."""
