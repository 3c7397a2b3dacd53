"""How near abstracts are to each other in what they are about, by the encoder that is shipped."""

import asyncio
from collections.abc import Sequence

from summarizer.blurb import Abstract


class Nearness:
    """Compares abstracts; the encoder is opened when it is first needed."""

    async def of(self, one: Abstract, others: Sequence[Abstract]) -> tuple[float, ...]:
        """Return for each of the others how near it is to the one, from -1 to 1, working on a thread.

        One without a word that can be read is as far away as can be.

        Raises:
            BadModel: the encoder's files are missing or altered.
        """
        return await asyncio.to_thread(_compare, one, others)


def _compare(one: Abstract, others: Sequence[Abstract]) -> tuple[float, ...]:
    # Late, so that programs which never compare do not pay for numpy.
    from summarizer.engines.extractive.vectors import nearness

    return nearness(one, others)
