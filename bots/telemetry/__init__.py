"""Tells whoever runs Paperwire how it is: health, metrics, and the service manager's watchdog."""
