"""Schedules and dispatches digest runs: as tasks of this process, or (later) as jobs of a worker on another machine."""
