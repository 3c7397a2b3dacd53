"""Sends one message to a receiver."""

import json
from dataclasses import dataclass

from bots.domain.digests import Part
from bots.domain.errors import ChannelGone, PostRefused, PostUnknown, StoreError
from bots.outbound.client import NoAnswer, NotAllowed, NotSent, Outbound
from bots.ports import Clock
from bots.webhook.receivers import Receivers
from bots.webhook.refusals import refusal_of
from bots.webhook.signature import message_id, signed_headers


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookPoster:
    """Signs messages and sends them."""

    receivers: Receivers
    outbound: Outbound
    clock: Clock

    async def post(self, part: Part, key: str) -> str:
        """Send a part under the id of its key, and return that; see `Adapter.post`."""
        try:
            receiver = await self.receivers.of(part.channel)
        except StoreError as error:
            raise PostRefused(str(error), hint=error.hint) from error
        if receiver is None:
            raise ChannelGone("Nothing is stored of this webhook any more: it was removed.")
        named, now = message_id(key), self.clock()
        body = json.dumps({"id": named, **part.payload}, ensure_ascii=False, sort_keys=True).encode("utf-8")
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            **signed_headers(receiver.secrets["secret"], named, body, now),
        }
        try:
            sent = await self.outbound.send("POST", receiver.secrets["url"], headers=headers, body=body)
        except NotAllowed as error:
            raise ChannelGone(f"The webhook's address may not be contacted: {error}.") from error
        except NotSent as error:
            raise PostRefused("No connection to the webhook's receiver can be made.") from error
        except NoAnswer as error:
            raise PostUnknown("The webhook's receiver did not answer.") from error
        refused = refusal_of(sent, now)
        if refused is not None:
            raise refused
        return named
