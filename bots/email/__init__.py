"""E-mail: digests over any SMTP server, and pages on which readers sign up, change their preferences and leave."""
