"""Sends data to addresses that the operator names: over https to public hosts, to one checked address, no redirects."""
