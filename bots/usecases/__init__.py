"""The use cases: a request becomes a reply."""
