"""Names the members whom the papers of a digest might interest: only those who agreed, and few of them."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bots.digests.vectors import VectorService
from bots.domain.channels import Channel, Reader
from bots.domain.digests import Digest
from bots.domain.errors import StoreError
from bots.domain.follows import Follow, FollowKind
from bots.domain.papers import Paper
from bots.ports import Counters, Follows
from summarizer import BadModel

if TYPE_CHECKING:
    from bots.ranking.relevance import Floats

_log = logging.getLogger(__name__)

#: People named under one paper, and in one digest: a third name is read by nobody, and a fourth digest a day is noise.
MOST_OF_PAPER, MOST_OF_DIGEST = 2, 3
#: Mentions of one person in one workspace on one day, over all channels.
MOST_OF_DAY = 3
#: Members whose follows are compared: the first to have agreed by id; in a larger channel the follows of the channel
#: serve better, and the time of a digest is bounded.
MOST_COMPARED = 200
#: People whom the platform is asked about, each with several calls: three times as many as can be named.
_MOST_ASKED = 9
_KIND = "mention"

#: Returns which of some people can read a channel now.
Present = Callable[[Channel, Collection[str]], Awaitable[frozenset[str]]]
#: For each paper, in order, the people it might interest, best first.
_Matches = list[list[Reader]]


@dataclass(frozen=True, kw_only=True, slots=True)
class WhoCares:
    """Names members under papers."""

    follows: Follows
    counters: Counters
    vectors: VectorService

    async def named(self, digest: Digest, present: Present) -> Digest:
        """Return a digest with the members whom each paper might interest; the digest itself on any failure.

        A member is named only if mentions are allowed in the channel, the member agreed to them there, the paper fits
        what the member follows, and the platform confirms that the member can read the channel now.

        Args:
            digest: the digest; it names nobody yet.
            present: asks the platform who can read the channel.
        """
        if not digest.entries:
            return digest
        try:
            return await self._named(digest, present)
        except (StoreError, BadModel) as error:
            _log.error(
                "no members are mentioned, because their follows could not be compared", extra={"error": str(error)}
            )
            return digest

    async def still(self, channel: Channel, users: Collection[str], present: Present) -> frozenset[str]:
        """Return which of the people named in a composed message may be mentioned in a channel now.

        They may have withdrawn since, the channel may have, or they may have left it. Nobody may on any failure.
        """
        try:
            consents = await self.follows.consents(channel)
        except StoreError as error:
            _log.error("no members are mentioned, because it cannot be read who agreed", extra={"error": str(error)})
            return frozenset()
        agreed = {reader.user for reader in consents.readers} & set(users) if consents.allowed else set[str]()
        return await present(channel, sorted(agreed)) & agreed if agreed else frozenset()

    async def _named(self, digest: Digest, present: Present) -> Digest:
        consents = await self.follows.consents(digest.channel)
        if not consents.allowed or not consents.readers:
            return digest
        readers = consents.readers[:MOST_COMPARED]
        followed = {reader: await self.follows.follows(reader) for reader in readers}
        matches = await self._matches([entry.paper for entry in digest.entries], followed)
        asked = list(dict.fromkeys(reader.user for found in matches for reader in found))[:_MOST_ASKED]
        if not asked:
            return digest
        there = await present(digest.channel, asked) & {reader.user for reader in readers}
        chosen = await self._chosen(digest, matches, there)
        entries = tuple(replace(entry, care=care) for entry, care in zip(digest.entries, chosen, strict=True))
        return replace(digest, entries=entries)

    async def _matches(self, papers: Sequence[Paper], followed: Mapping[Reader, Sequence[Follow]]) -> _Matches:
        topics = tuple(
            dict.fromkeys(each.text for said in followed.values() for each in said if each.kind is FollowKind.TOPIC)
        )
        near = await self._near(papers, topics)
        return await asyncio.to_thread(_matching, papers, followed, near)

    async def _near(self, papers: Sequence[Paper], topics: Sequence[str]) -> "Mapping[str, Floats]":
        """Return for each topic the probability that each paper fits it."""
        if not topics:
            return {}
        from bots.ranking.nearness import probabilities
        from bots.ranking.weights import REFERENCE

        vectors = await self.vectors.of(papers)
        texts, reference = await self.vectors.of_texts(topics), await self.vectors.of_texts(REFERENCE)
        rows = await asyncio.to_thread(probabilities, papers, vectors, (topics, texts), reference)
        return dict(zip(topics, rows, strict=True))

    async def _chosen(self, digest: Digest, matches: _Matches, there: Collection[str]) -> list[tuple[str, ...]]:
        """Return the people named under each paper, within every limit; each mention is counted."""
        named, total = Counter[str](), 0
        chosen: list[tuple[str, ...]] = []
        for found in matches:
            care: list[str] = []
            # Who is named already comes last, so that one person does not get all mentions.
            for reader in sorted(found, key=lambda each: named[each.user]):
                if len(care) >= MOST_OF_PAPER or total >= MOST_OF_DIGEST:
                    break
                if reader.user in there and await self._spend(digest, reader):
                    care.append(reader.user)
                    named[reader.user] += 1
                    total += 1
            chosen.append(tuple(care))
        return chosen

    async def _spend(self, digest: Digest, reader: Reader) -> bool:
        member = replace(reader, workspace=digest.channel.workspace)
        return await self.counters.spend(member, _KIND, day=digest.day, limit=MOST_OF_DAY)


def _matching(
    papers: Sequence[Paper], followed: Mapping[Reader, Sequence[Follow]], near: "Mapping[str, Floats]"
) -> _Matches:
    # Needs numpy, which programs that mention nobody do without.
    from bots.ranking.following import Followed
    from bots.ranking.weights import FOLLOWED, MIGHT_INTEREST

    found: list[list[tuple[float, Reader]]] = [[] for _ in papers]
    for reader, follows in followed.items():
        texts = {kind: [each.text for each in follows if each.kind is kind] for kind in FollowKind}
        named = Followed.of(texts[FollowKind.AUTHOR], texts[FollowKind.QUERY])
        for place, paper in enumerate(papers):
            by_name = FOLLOWED if named.author_of(paper) or named.query_of(paper) else 0.0
            fit = max(by_name, *(float(near[text][place]) for text in texts[FollowKind.TOPIC]), 0.0)
            if fit >= MIGHT_INTEREST:
                found[place].append((fit, reader))
    return [[reader for _, reader in sorted(each, key=lambda pair: (-pair[0], pair[1]))] for each in found]
