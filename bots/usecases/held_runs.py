"""Which digests of a channel wait, because its workspace accepts nothing at present."""

import asyncio
from dataclasses import replace

from bots.domain.replies import Subscribed, SubscriptionList
from bots.domain.runs import HELD, RunState
from bots.ports import Ledger
from bots.usecases.problems import hint_for_members

_UNFINISHED = (RunState.QUEUED, RunState.RUNNING)


async def with_held(listed: SubscriptionList, ledger: Ledger) -> SubscriptionList:
    """Return a channel's subscriptions, each with the reason if its last digest waits for the workspace.

    Raises:
        StoreError: the database cannot be read.
    """
    return replace(listed, items=tuple(await asyncio.gather(*(_with_reason(item, ledger) for item in listed.items))))


async def _with_reason(item: Subscribed, ledger: Ledger) -> Subscribed:
    last = await ledger.last_run(item.subscription.id)
    if last is None or last.state not in _UNFINISHED or not last.note.startswith(HELD):
        return item
    return replace(item, held=hint_for_members(last.note.removeprefix(HELD)))
