"""Why one attempt of a call failed, where another may succeed."""


class Later(Exception):
    """This attempt failed for a reason that may be temporary."""

    def __init__(self, reason: str, pause: float | None = None, *, refused: bool = False) -> None:
        super().__init__(reason)
        self.pause = pause
        self.refused = refused


class NoConnection(Later):
    """No connection could be made: the host is down, or this machine has no network."""


class Hurried(Later):
    """The caller gave up before the host had its usual time; the host is not to blame."""
