"""Slack: the room that posts digests to its channels and answers the people in them."""
