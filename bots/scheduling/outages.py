"""Tells once that something cannot be reached, and once that it can be again, however many try it meanwhile."""

import logging


class Outage:
    """Whether something that is needed all the time can be reached."""

    def __init__(self, log: logging.Logger, what: str) -> None:
        """Remember who tells, and what: `the job queue`."""
        self._log, self._what = log, what
        #: Whether the last attempt failed.
        self.lasts = False

    def lost(self, error: object) -> None:
        """Note an attempt that failed; only the first of a row is told."""
        level = logging.DEBUG if self.lasts else logging.ERROR
        self._log.log(level, "%s cannot be reached; it is tried again until it can", self._what, extra=_said(error))
        self.lasts = True

    def over(self) -> None:
        """Note an attempt that succeeded."""
        if self.lasts:
            self._log.info("%s is reached again", self._what)
        self.lasts = False


def _said(error: object) -> dict[str, str]:
    return {"error": " ".join(str(error).split())}
