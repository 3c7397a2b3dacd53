"""What every page for a browser shares: the layout, its style, security headers, and signed links."""
