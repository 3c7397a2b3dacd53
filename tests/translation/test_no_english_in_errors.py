"""No error that members see is English in another language: each is rendered in a language with marked texts."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError

from bots.commands import parse_command
from bots.commands.form_values import form_errors, values_of
from bots.discord import error_translation
from bots.discord import pause_notices as discord_pauses
from bots.discord.outgoing import reply_messages as discord_messages
from bots.discord.permissions import Permission, needed_in
from bots.discord.rights import lacks
from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.errors import ChannelGone, DeliveryError, PaperwireError, RequestError
from bots.selection import parse_query, plan_search
from bots.slack import pause_notices as slack_pauses
from bots.slack.refusals import GONE, LOST, delivery_error
from bots.testing.samples import a_subscription
from bots.translation.speech import localized
from bots.usecases.library_calls import busy
from tests.translation.marked import TYPED, in_marks, left_in, texts_in

SLACK = Channel(platform="slack", workspace="T012345", channel="C012345")
DISCORD = Channel(platform="discord", workspace="123456", channel="234567")


#: Commands that are wrong, or not clear enough: each error has words of its own.
WRONG = (
    "serach kv cache", "lookup", "search", "search limit=99 kv", "summarize", "summarize styl=short We show.",
    "summarize style=long We show that it works.", "digest day=tomorrow", "digest day=2026-02-30",
    "digest day=1/2/2026", "digest on=monday", "digest source= x", "subscribe at=25:00", "subscribe at 5",
    "subscribe on=funday",
    "subscribe every=year", "subscribe every=week on=mon,tue", "subscribe every=month settle=3", "subscribe look=big",
    "subscribe sort=odd", "subscribe empty=never", "subscribe zone=Nowhere", "subscribe zone=Springfield",
    "subscribe quiet=22:00", "subscribe quiet=22:00-22:00", "subscribe wait=9:00 at=9:00", "subscribe settle=99",
    "subscribe limit=0", "subscribe limit=9 limit=8", "subscribe interests=!!!", "subscribe language=Klingon",
    "subscribe category=!!", "subscribe category=cs.XX", "subscribe qery=x", "subscribe query=arxiv:cs.CL",
    "subscribe query=\"a b", "subscribe to huggigface", "subscribe to agents and robots", "subscribe to 7",
    "subscribe to agents weekdys", "subscribe interests=language models", "subscribe query=language models at 9",
    "subscribe title=x", "subscribe kw=agents", "subscribe entries=odd style=odd look=odd limit=odd", "hide",
    "hide nothing", "hidden x", "interests", "interests dance", "interests reset all", "interests like", "abstract 12",
    "subscriptions all of a sudden", "pause 1 until 2020-13-01", "pause until 2 until=2027-01-01", "help me dance",
    "arxiv:cs.CL", "every Monday at 9", "unsubscribe limit=3", "x " * 50, "search " + "x " * 400,
    "subscribe " + "x " * 1600,
)  # fmt: skip
#: Filters that cannot be read.
ODD_FILTERS = (
    '"a', "(a", "a)", "()", "a OR", "OR a", "NOT", "a AND", "+a OR b", "ti:", "upvotes:", "year:99", "year:x",
    "upvotes:x", "stars:x", "comments:x", "cited:x", "upvotes:9-3", "upvotes:20-", "upvotes:9999999999", "upvotes:-3",
    "has:", "has:x", "has:cod", "foo:a", "cod:a", "!!", "*", "|", "a|b", "a&&b", "~a", "a~2", "a^2", "a?b", "a*b", "a*",
    "cat:!!", "((" * 11 + "a", "x" * 501, "ti:not", "or", "-",
)  # fmt: skip


def errors() -> Iterator[PaperwireError]:
    """Yield the errors of wrong commands and filters."""
    for text in WRONG:
        try:
            parse_command(text, channel=SLACK, today=date(2026, 11, 24))
        except RequestError as error:
            yield error
    for text in ODD_FILTERS:
        try:
            parse_query(text)
        except RequestError as error:
            yield error
    for text in ("a OR b OR c OR d", "-a", "upvotes:>3"):
        try:
            plan_search(text)
        except RequestError as error:
            yield error


def test_every_error_of_what_is_typed() -> None:
    """Errors of commands and filters, and the hints that show how it is written, are in the reader's language."""
    found = in_marks(lambda: list(errors()))
    assert 90 < len(found)
    for error in found:
        for text in (str(error), error.hint):
            assert [] == left_in(TYPED.sub("", text)), text


def test_what_is_read_in_another_way_is_said() -> None:
    """Notes on a search, and the errors of a form, are in the reader's language."""
    notes = in_marks(lambda: [*plan_search("a or b").notes, *plan_search("agents surv* AND kv").notes])
    given = {**values_of(a_subscription()), "at": "x", "zone": "x", "limit": "x"}
    wrong = in_marks(lambda: [*form_errors(given, SLACK).values()])
    for text in (*notes, *wrong):
        assert [] == left_in(TYPED.sub("", text).replace("x", "")), text


def _refused(code: str) -> SlackApiError:
    return SlackApiError(code, {"ok": False, "error": code})  # type: ignore[no-untyped-call]  # the library has no types


def refusals() -> Iterator[PaperwireError]:
    """Yield the refusals of both chats that members are told."""
    yield from (delivery_error(_refused(code)) for code in (*GONE, *LOST, "ratelimited", "msg_too_long", "odd"))
    yield from (delivery_error(_refused(code), asking=True) for code in ("missing_scope", "not_in_channel"))
    yield from map(error_translation.gone, error_translation.GONE)
    yield from (error_translation.meaning(DISCORD, status, code, "九", asking=True) for status, code in (
        (401, 0), (429, 0), (403, 50001), (413, 0), (404, 0), (500, 0),
    ))  # fmt: skip
    yield from (lacks(needed_in(0), "#九"), lacks(Permission.VIEW_CHANNEL, ""))


#: What only the operator is told, as it is typed in a terminal; members get a word to the operator instead.
_OF_THE_OPERATOR = re.compile(r"[^.]*paperwire [a-z]+[^.]*\.?")


#: A platform's own code of an error, and a permission of Slack's.
_CODE = re.compile(r"\([a-z_]+\)|[a-z]+_[a-z_]+|: odd")


def _shown(error: PaperwireError) -> tuple[str, str]:
    return localized(str(error)), localized(error.hint)


def _notices(error: DeliveryError) -> list[Any]:
    """Return the payloads of both chats' notices of a pause."""
    subscription = a_subscription(channel=SLACK, sources=("huggingface",), made_by="U012345")
    there = replace(subscription, channel=DISCORD, made_by="345")
    parts = (*slack_pauses.pause_notices(subscription, error), *discord_pauses.pause_notices(there, error))
    return [part.payload for each in parts for part in each]


def test_every_refusal_and_every_pause() -> None:
    """Why a digest cannot be posted, and the notices of the pause, are in the language of the channel."""
    for error in refusals():
        assert isinstance(error, DeliveryError)
        for text in in_marks(partial(_shown, error)):
            assert [] == left_in(_OF_THE_OPERATOR.sub("", _CODE.sub("", text))), text
        for text in texts_in(in_marks(partial(_notices, error))):
            assert [] == left_in(_CODE.sub("", text)), text


def _paused(item: replies.Subscribed) -> list[Any]:
    return [each.payload for each in discord_messages(replies.Paused(item=item))]


def test_a_stored_reason_is_recovered() -> None:
    """The reason of a pause is stored in English, and shown in the reader's language; so is a blurb's warning."""
    for error in refusals():
        stored = f"{error}"
        item = replies.Subscribed(subscription=a_subscription(enabled=False, off_because=stored), next_due=None)
        if isinstance(error, ChannelGone):
            for text in texts_in(in_marks(partial(_paused, item))):
                assert [] == left_in(text), (stored, text)


async def test_a_language_reaches_other_tasks() -> None:
    """A reason that was found for one reader is in the language of the next one."""
    shared = await asyncio.create_task(asyncio.sleep(0, result=busy("九")))
    assert ("九 is busy.", "⟦九 is busy.⟧") == (f"{shared}", in_marks(lambda: localized(shared)))
