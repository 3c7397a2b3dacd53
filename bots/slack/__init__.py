"""The Slack adapter: posts digests to channels and responds to people in Slack."""
