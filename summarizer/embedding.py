"""Embed abstracts: one vector for each, which represents its subject, by the shipped encoder."""

import asyncio
from collections.abc import Sequence

from summarizer.blurb import Abstract


class Embedder:
    """Embeds abstracts; the encoder is opened on first use."""

    async def model(self) -> str:
        """Return the version of the encoder: vectors of different versions cannot be compared.

        Raises:
            BadModel: the encoder's files are missing or altered.
        """
        return await asyncio.to_thread(_model)

    async def embed(self, abstracts: Sequence[Abstract]) -> tuple[bytes | None, ...]:
        """Return the vector of each abstract, or None for one that has no word to read; the work runs on a thread.

        A vector has length 1 and is given as 384 little-endian half-precision numbers (768 bytes): the cosine of two
        is then off by less than 0.001.

        Raises:
            BadModel: the encoder's files are missing or altered.
        """
        return await asyncio.to_thread(_embedded, abstracts)


# Imported late, so that programs that never compare do not pay for numpy.
def _model() -> str:
    from summarizer.encoder.session import opened

    return opened().version


def _embedded(abstracts: Sequence[Abstract]) -> tuple[bytes | None, ...]:
    from summarizer.engines.extractive.vectors import packed

    return tuple(map(packed, abstracts))
