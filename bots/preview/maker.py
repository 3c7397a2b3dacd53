"""Makes the digests that are previewed, each once: the page and the mails in it show the same one."""

import asyncio
from collections import OrderedDict
from datetime import datetime, timedelta

from bots.domain.digests import Digest
from bots.domain.replies import DigestReply, Problem
from bots.domain.requests import Preview
from bots.domain.subscriptions import Subscription
from bots.ports import Clock
from bots.translation.languages import load_languages
from bots.translation.speech import speaking
from bots.usecases.service import Service

#: Digests that are kept: some steps back and forth while a query is being edited.
_MOST_KEPT = 16
#: How long a digest is shown again; as long as the lists of sources are kept.
_FRESH = timedelta(minutes=5)
#: Digests that are made at a time: one for the page, one for what was typed since.
_AT_ONCE = 2


class PreviewMaker:
    """Makes previews of digests for the person at this machine."""

    def __init__(self, service: Service, clock: Clock) -> None:
        self._service = service
        self._clock = clock
        self._made: OrderedDict[Subscription, tuple[datetime, Digest]] = OrderedDict()
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def digest(self, subscription: Subscription) -> Digest | Problem:
        """Return the next digest of a subscription, or why there is none; nothing is stored of the subscription."""
        async with self._turn:
            if (kept := self._made.get(subscription)) and self._clock() - kept[0] < _FRESH:
                self._made.move_to_end(subscription)
                return kept[1]
            asked = Preview(channel=subscription.channel, trusted=True, subscription=subscription)
            with speaking(load_languages().of(subscription.language, subscription.channel.platform)):
                reply = await self._service.answer(asked)
            if isinstance(reply, DigestReply):
                self._keep(subscription, reply.digest)
                return reply.digest
            if isinstance(reply, Problem):
                return reply
            raise TypeError(f"a preview is a digest or a problem, not {type(reply).__name__}")

    def _keep(self, subscription: Subscription, digest: Digest) -> None:
        # A source that failed is asked again when the form is sent again.
        if any(note.failed for note in digest.notes):
            return
        self._made[subscription] = (self._clock(), digest)
        if len(self._made) > _MOST_KEPT:
            self._made.popitem(last=False)
