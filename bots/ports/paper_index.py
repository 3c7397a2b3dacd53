"""The interface to the index of papers, by which they are searched."""

from collections.abc import Collection, Mapping
from typing import Protocol

from bots.domain.channels import Channel
from bots.domain.digests import Posting
from bots.domain.papers import Paper, PaperId
from bots.search.records import IndexNews, NewsMark, WordCounts, WordHit
from bots.selection import Query


class PaperIndex(Protocol):
    """Searches the public papers of the shelf; `remember` keeps the index in step in its own transaction.

    What a paper is searched by is `bots.search.entries.SearchEntry`. Private papers are not in the index.
    """

    async def word_counts(self, stems: Collection[str]) -> WordCounts:
        """Return how many papers contain each stem in title, abstract, keywords or authors' names."""
        ...

    async def word_hits(
        self,
        stems: Mapping[str, float],
        limit: int,
        *,
        every: bool = False,
        in_titles: bool = False,
        query: Query | None = None,
    ) -> tuple[WordHit, ...]:
        """Return papers that contain any of the stems; those with several, and with heavier ones, come first.

        Args:
            stems: with their weights; at most `bots.search.weights.MOST_ASKED`.
            limit: maximum number of papers.
            every: whether a paper must contain all of the stems.
            in_titles: whether only titles and names count, for words that most papers contain.
            query: papers that the database can tell not to match it are left out; not every paper returned matches.
        """
        ...

    async def index_news(self, since: NewsMark, *, model: str = "") -> IndexNews:
        """Return some of what was added to the index since a mark, the oldest first; nothing if that is all.

        Vectors of other models than `model` are left out.
        """
        ...

    async def index_shelf(self, limit: int) -> int:
        """Index public papers that were stored before there was an index; return how many."""
        ...

    async def unembedded(self, model: str, limit: int) -> tuple[Paper, ...]:
        """Return indexed papers without a vector of this model, the newest first."""
        ...

    async def index_vectors(self, model: str, vectors: Mapping[PaperId, bytes]) -> None:
        """Store the packed vectors of indexed papers; papers that are not indexed are left out."""
        ...

    async def searches_vectors(self) -> bool:
        """Return whether the store finds near vectors itself, sooner than a comparison with each in memory would."""
        ...

    async def near_vectors(
        self, model: str, vector: bytes, limit: int, *, query: Query | None = None
    ) -> tuple[tuple[PaperId, float], ...]:
        """Return the papers nearest to a vector, with their cosines, the nearest first, if the store finds them itself.

        Args:
            model: the encoder's version.
            vector: a vector as the encoder gives it.
            limit: maximum number of papers.
            query: papers that the database can tell not to match it are left out before they are counted.
        """
        ...

    async def papers(self, papers: Collection[PaperId]) -> Mapping[PaperId, Paper]:
        """Return the public records of papers by the ids they are stored under; those not stored are absent."""
        ...

    async def own_papers(self, stems: Collection[str], limit: int, *, place: Channel) -> tuple[Paper, ...]:
        """Return private papers that may be shown in a place and contain any of the stems, the newest first."""
        ...

    async def postings(self, papers: Collection[PaperId], *, place: Channel) -> Mapping[PaperId, tuple[Posting, ...]]:
        """Return where and when papers were posted in the workspace of a place, the latest first.

        A place without a workspace has only its own postings.
        """
        ...
