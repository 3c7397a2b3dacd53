"""Settings: one table, and the only code that reads the environment and the settings file."""
