"""Who carries a digest run out: a task of this process, or (later) a worker on another machine."""
