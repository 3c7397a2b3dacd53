"""Compare abstracts by subject, with the shipped encoder."""

import asyncio
from collections.abc import Sequence

from summarizer.blurb import Abstract


class Nearness:
    """Compares abstracts; the encoder is opened on first use."""

    async def of(self, one: Abstract, others: Sequence[Abstract]) -> tuple[float, ...]:
        """Return the nearness of each of the others to `one`, from -1 to 1; the work runs on a thread.

        The nearness is -1 if one of the two has no word to read.

        Raises:
            BadModel: the encoder's files are missing or altered.
        """
        return await asyncio.to_thread(_compare, one, others)


def _compare(one: Abstract, others: Sequence[Abstract]) -> tuple[float, ...]:
    # Imported late, so that programs that never compare do not pay for numpy.
    from summarizer.engines.extractive.vectors import nearness

    return nearness(one, others)
