"""On whose behalf the code runs, and until when that person waits.

It is a context variable, because the calls between a person's request and a source's web server are published
interfaces of plug-ins. A task that is started for a request inherits it.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from math import inf

from bots.domain.channels import Reader

#: Seconds that a request may wait for libraries, the wait for a turn included, so that the person has an answer within
#: twenty: ten seconds hold the attention (Nielsen, Usability Engineering, 1993), and arXiv's pace allows five requests.
ANSWER_WITHIN = 16.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Asker:
    """The person on whose behalf the code runs; work in the background has none."""

    reader: Reader | None = None
    #: The instant on the event loop's clock at which the person stops waiting, in seconds.
    until: float = inf

    @property
    def left(self) -> float:
        """Seconds until the person stops waiting; infinite for work in the background."""
        return inf if self.until == inf else self.until - asyncio.get_running_loop().time()


_BACKGROUND = Asker()
_CURRENT: ContextVar[Asker] = ContextVar("asker", default=_BACKGROUND)


def current() -> Asker:
    """Return on whose behalf the current task runs."""
    return _CURRENT.get()


@contextmanager
def asking(reader: Reader | None, *, within: float = inf) -> Iterator[Asker]:
    """Run the body, and every task that it starts, on behalf of a person.

    Args:
        reader: the person; None for work in the background.
        within: seconds until the person stops waiting.
    """
    until = inf if within == inf else asyncio.get_running_loop().time() + within
    token = _CURRENT.set(Asker(reader=reader, until=until))
    try:
        yield _CURRENT.get()
    finally:
        _CURRENT.reset(token)


def patience(*, reserve: float = 0.0, least: float = 0.0) -> asyncio.Timeout:
    """Return a timeout that ends when the person stops waiting; it never ends for work in the background.

    Args:
        reserve: seconds of the person's wait that are kept for what follows.
        least: seconds that remain in any case.
    """
    left = current().left
    return asyncio.timeout(None if left == inf else max(least, left - reserve))
