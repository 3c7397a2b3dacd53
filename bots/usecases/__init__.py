"""The use cases: each turns a request into a reply."""
