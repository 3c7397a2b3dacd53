"""Shortens what libraries log of a broken connection to one line: they reconnect by themselves."""

import logging
from collections.abc import Collection


class OneLine(logging.Filter):
    """Turns a report with a traceback into a warning of one line, and drops reports with given words."""

    def __init__(self, of: tuple[type[BaseException], ...], dropped: Collection[str]) -> None:
        super().__init__()
        self._of = of
        self._dropped = dropped

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether the record is logged, shortened if it has a traceback."""
        said = record.getMessage()
        if record.exc_info and isinstance(record.exc_info[1], self._of):
            error = record.exc_info[1]
            # The library may have put the error's text, of several lines, into its own.
            said = " ".join((said if str(error) and str(error) in said else f"{said}: {error!r}").split())
            record.msg, record.args = said, ()
            record.exc_info, record.exc_text, record.levelno, record.levelname = None, None, logging.WARNING, "WARNING"
        return not any(words in said for words in self._dropped)


def shorten(
    names: Collection[str], *, of: tuple[type[BaseException], ...] = (BaseException,), dropped: Collection[str] = ()
) -> None:
    """Shorten the reports of these loggers, from now on.

    Args:
        names: the loggers.
        of: the errors whose tracebacks say nothing that the line does not.
        dropped: words of reports that are not logged at all.
    """
    for name in names:
        logger = logging.getLogger(name)
        if not any(isinstance(each, OneLine) for each in logger.filters):
            logger.addFilter(OneLine(of, dropped))
