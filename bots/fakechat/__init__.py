"""An in-memory chat service with the limits of a real one, and its adapter, for demos and delivery tests."""
