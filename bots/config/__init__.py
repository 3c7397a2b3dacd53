"""Settings: one table, the only reader of the environment and the settings file."""
