"""What the adapters of chats share."""
