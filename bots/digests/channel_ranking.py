"""Ranks the papers of a digest for its channel: by the subscription's interests and by what people said there."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bots.chat.asker import patience
from bots.chat.secret_texts import for_chat
from bots.digests.vectors import VectorService
from bots.domain.channels import Channel, Reader
from bots.domain.digests import SourceNote
from bots.domain.errors import StoreError
from bots.domain.follows import Follow
from bots.domain.papers import Paper
from bots.domain.subscriptions import SortBy, Subscription
from bots.ports import Follows, Tastes
from bots.translation.speech import gettext_lazy
from summarizer import BadModel

if TYPE_CHECKING:
    from bots.ranking.interests import Interests
    from bots.ranking.ranker import Profile, Ranking

_log = logging.getLogger(__name__)

#: Papers ranked for one digest, the first ones in the subscription's sort order: two of arXiv's busiest days. They take
#: a minute to embed, once; a source lists at most as many.
MOST_RANKED = 2000
#: Seconds of a person's wait that remain for blurbs when papers cannot be compared in time.
_TO_CONDENSE = 3.0


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelRanking:
    """Ranks papers for channels."""

    tastes: Tastes
    followed: Follows
    vectors: VectorService

    async def ranked(
        self, subscription: Subscription, papers: Sequence[Paper], days: Sequence[date]
    ) -> "tuple[Ranking | None, tuple[SourceNote, ...]]":
        """Return the ranking of papers that fit a subscription, and a note if something is missing in it.

        The ranking is None if there is nothing to rank by, or if it failed: the papers then keep their order.

        Args:
            subscription: its interests, its order and its channel count.
            papers: in the subscription's order.
            days: the days that the digest covers.

        Raises:
            StoreError: the database cannot be read.
        """
        try:
            async with patience(reserve=_TO_CONDENSE):
                profile = await self._profile(subscription) if papers else None
                if profile is None:
                    return None, ()
                ranking = await self._rank(subscription, papers[:MOST_RANKED], days, profile)
        except TimeoutError:
            return None, (_unranked(gettext_lazy("it takes long at present.")),)
        except BadModel as error:
            return None, (_unranked(for_chat(str(error))),)
        except StoreError:
            raise
        except Exception:  # noqa: BLE001 - an unranked digest is worth more than none
            _log.exception("papers could not be ranked")
            return None, (_unranked(gettext_lazy("the encoder failed.")),)
        return ranking, _uncompared(len(papers))

    async def _profile(self, subscription: Subscription) -> "Profile | None":
        """Return what the channel is known to like; None if nothing is, or if the plain order is asked for."""
        # Needs numpy, which programs that rank nothing do without.
        from bots.ranking.interests import read_interests, with_follows

        interests = read_interests(subscription.interests)
        follows = await self._follows(subscription)
        only = subscription.personal and not subscription.query.strip()
        interests = with_follows(interests, follows, only=only)
        spoken = await self.tastes.feedback(subscription.channel)
        if not interests and (not spoken or subscription.sort_by is SortBy.NEWEST):
            return None
        return await self.profile(subscription.channel, interests)

    async def _follows(self, subscription: Subscription) -> tuple[Follow, ...]:
        """Return what a subscription's channel follows, and its person if it is theirs alone."""
        channel = subscription.channel
        found = list(await self.followed.follows(channel))
        if subscription.personal and subscription.made_by:
            reader = Reader(platform=channel.platform, workspace=channel.workspace, user=subscription.made_by)
            found += await self.followed.follows(reader)
        return tuple({each.key: each for each in found}.values())

    async def profile(self, channel: Channel, interests: "Interests") -> "Profile":
        """Return the profile of a channel with some interests.

        Raises:
            StoreError: the database cannot be read.
            BadModel: the encoder's files are missing or altered.
        """
        from bots.ranking.ranker import Profile
        from bots.ranking.taste import weights_of
        from bots.ranking.weights import REFERENCE

        said = await self.tastes.feedback(channel)
        weights = weights_of(said)
        papers = {str(each.paper.id): each.paper for each in said if str(each.paper.id) in weights}
        vectors = await self.vectors.of(tuple(papers.values()))
        wanted, unwanted, followed, reference = [
            await self.vectors.of_texts(texts)
            for texts in (interests.wanted, interests.unwanted, interests.followed, REFERENCE)
        ]
        return Profile(
            interests=interests,
            wanted=wanted,
            unwanted=unwanted,
            followed=followed,
            reference=reference,
            spoken=tuple(
                (paper, weights[name], vector)
                for (name, paper), vector in zip(papers.items(), vectors, strict=True)
                if vector is not None
            ),
        )

    async def _rank(
        self, subscription: Subscription, papers: Sequence[Paper], days: Sequence[date], profile: "Profile"
    ) -> "Ranking":
        from bots.ranking.ranker import Setting, rank

        vectors = await self.vectors.of(papers)
        setting = Setting(
            day=days[-1],
            days=(days[-1] - days[0]).days + 1,
            sort_by=subscription.sort_by,
            limit=subscription.limit,
            wildcard=profile.interests.surprise,
        )
        async with self.vectors.gate:
            return await asyncio.to_thread(rank, papers, vectors, profile, setting)


def _unranked(reason: str) -> SourceNote:
    said = gettext_lazy(
        "The papers are not sorted by your interests, because the comparison failed: {reason}", reason=reason
    )
    return SourceNote(source="", reason=said, failed=False)


def _uncompared(found: int) -> tuple[SourceNote, ...]:
    if found <= MOST_RANKED:
        return ()
    said = gettext_lazy(
        "Only {most} of {given} papers were compared with your interests; name fewer categories.",
        most=MOST_RANKED,
        given=found,
    )
    return (SourceNote(source="", reason=said, failed=False),)
