"""Serves HTTP on a local address, within limits that hold whatever a client sends; shared by the chats' adapters."""
