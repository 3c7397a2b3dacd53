"""A chat service in memory, as strict as a real one, and the room that posts to it: for demos and delivery tests."""
