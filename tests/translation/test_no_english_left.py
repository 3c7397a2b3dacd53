"""Nothing that members see is English in another language: everything is rendered in a language with marked texts.

A paper's own words, what people type, and names of services are the same in every language.
"""

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, time
from functools import partial
from html import unescape
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

import bots.discord.help as discord_help
from bots.commands import parse_command
from bots.commands.form_values import form_errors, values_of
from bots.commands.topics import TOPICS, in_words
from bots.digests.channel_ranking import _uncompared, _unranked
from bots.discord import error_translation
from bots.discord import pause_notices as discord_pauses
from bots.discord.draft_state import DraftState
from bots.discord.modals import summarize_modal as discord_summarize
from bots.discord.outgoing import digest_parts as discord_parts
from bots.discord.outgoing import picked_messages
from bots.discord.outgoing import reply_messages as discord_messages
from bots.discord.permissions import Permission, needed_in
from bots.discord.rights import lacks
from bots.discord.subscription_draft import broken, confirmation, draft
from bots.discord.subscription_form import WINDOWS, subscription_modal
from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import Digest, SourceNote, Tally
from bots.domain.errors import ChannelGone, DeliveryError, PaperwireError, RequestError
from bots.domain.papers import Signals
from bots.domain.subscriptions import Every, Hours, Look, Subscription, WhenEmpty
from bots.email.html_pages import confirm_page, leave_page, preferences_page, said_page, sign_up_page
from bots.email.letters import already_here, please_confirm
from bots.email.outgoing import digest_parts as mail_parts
from bots.email.plain_text import content
from bots.email.preferences import choices_of, entered, read_choices
from bots.presentation.announcement_text import announcement
from bots.presentation.engine_text import WARNINGS, engine_trouble
from bots.ranking.reasons import Grounds, reason
from bots.selection import parse_query, plan_search
from bots.slack import pause_notices as slack_pauses
from bots.slack.form_modal import form_modal
from bots.slack.home import Home, home_view
from bots.slack.install_pages import failure_page, install_page, welcome_page
from bots.slack.modals import preview_modal, reply_modal, share_modal, summarize_modal
from bots.slack.outgoing import digest_parts as slack_parts
from bots.slack.outgoing import reply_messages as slack_messages
from bots.slack.refusals import GONE, LOST, delivery_error
from bots.slack.subscription_form import subscribe_form, subscribe_modal
from bots.slack.surfaces import NEWS
from bots.testing.clock import NOW
from bots.testing.samples import a_blurb, a_digest, a_paper, a_subscription, an_entry
from bots.translation.speech import gettext, localized
from bots.usecases.library_calls import busy
from bots.usecases.problems import problem
from summarizer import Style, TextTooLong, TextTooShort
from tests.translation.marked import in_marks, left_in, texts_in

PAPER = a_paper(title="論文の題名", abstract="要旨の文。", authors=("著者一", "著者二", "著者三", "著者四"))
BLURB = a_blurb(text="要約の文。", warnings=(WARNINGS[1].format(claim="九"),))
ENTRY = an_entry(paper=PAPER, blurb=BLURB, why="理由")
BARE = an_entry(paper=PAPER, blurb=None, fallback="要旨の文。", trouble="", why="")
SLACK = Channel(platform="slack", workspace="T012345", channel="C012345")
DISCORD = Channel(platform="discord", workspace="123456", channel="234567")


def subscriptions() -> Iterator[Subscription]:
    """Yield subscriptions that use every option."""
    plain = a_subscription(channel=SLACK, sources=("huggingface",))
    yield plain
    yield replace(plain, query="九 OR 十 十一", categories=("cs.CL",), interests="関心", settle=3, threaded=True)
    yield replace(plain, every=Every.WEEK, wait=time(11), quiet=Hours(start=time(22), end=time(7)), look=Look.CARDS)
    yield replace(plain, every=Every.MONTH, empty=WhenEmpty.SILENT, look=Look.COMPACT, style=Style.STRUCTURED)
    yield replace(plain, empty=WhenEmpty.TROUBLE, style=Style.ONE_LINE, enabled=False, off_because="", language="de")


def told() -> Iterator[replies.Reply]:
    """Yield a reply of every kind, made in the current language."""
    for subscription in subscriptions():
        item = replies.Subscribed(subscription=subscription, next_due=NOW)
        yield from (item, replace(item, change=replies.Change.EDITED, next_due=None), replies.Resumed(item=item))
        yield from (replies.Paused(item=replace(item, paused=True)), replies.Unsubscribed(subscription=subscription))
        yield from (replies.SubscriptionList(items=(item, item)), replies.SubscriptionList(channel=SLACK))
    yield from (replies.Card(entry=ENTRY), replies.Card(entry=BARE), replies.WholeAbstract(paper=PAPER))
    yield from (replies.CardList(words="九", entries=(ENTRY,)), replies.CardList(words="九"))
    yield from (
        replies.CardList(words="九", entries=(ENTRY,), alike=True),
        replies.BlurbReply(blurb=BLURB, title="題名"),
    )
    yield from (replies.SavedList(), replies.SavedList(papers=(PAPER,)), replies.SavedList(papers=(PAPER,), words="九"))
    yield from (replies.SavedList(words="九"), replies.WholeAbstract(paper=replace(PAPER, abstract="")))
    offer = replies.Offer(step=replies.NextStep.HIDE, paper_id=PAPER.id)
    yield from (replies.Noted(said="九", offer=offer), replies.Noted(said="", offer=None), replies.HiddenList())
    hidden = replies.HiddenPaper(paper_id=PAPER.id, at=NOW, by=("著者",), paper=PAPER)
    yield replies.HiddenList(papers=(hidden, replace(hidden, by=(), paper=None)), total=9, page=1, pages=2)
    yield from (replies.Problem(message="", hint=""), replies.HelpReply(topics=()))
    yield from (replies.DigestReply(digest=each) for each in digests())


def digests() -> Iterator[Digest]:
    """Yield digests in both looks, with every note and for every reason to be empty."""
    notes = (
        SourceNote(source="arxiv:cs.CL", reason=""),
        SourceNote(source="arxiv:cs.CL", reason="", failed=False),
        SourceNote(source="arxiv:cs.CL", reason="", failed=False, listed=True),
        *_uncompared(100_000),
        _unranked("理由"),
    )
    full = a_digest(entries=(ENTRY,) * 7, notes=notes, topic="話題", tally=Tally(found=9, seen=1, filtered=1, far=1))
    yield from (full, replace(full, look=Look.CARDS), replace(full, entries=(ENTRY, BARE), threaded=True))
    miss = replace(PAPER, signals=Signals(upvotes=3))
    tallies = [Tally(found=9, **{name: 9}) for name in ("seen", "filtered", "withdrawn", "far")]
    for tally in (Tally(), Tally(found=9, seen=3, filtered=3, withdrawn=2, far=1), *tallies):
        none = replace(full, entries=(), tally=tally, notes=(), nearest_miss=miss)
        yield from (none, replace(none, first_day=none.day.replace(day=1), notes=notes))


def assert_marked(payload: object) -> None:
    """Assert that every text of a payload is in the tables."""
    for text in texts_in(payload):
        assert [] == left_in(text), text


@pytest.mark.parametrize(
    "messages",
    [
        slack_messages,
        lambda reply: [reply_modal(reply, SLACK)],
        lambda reply: [each.payload for each in discord_messages(reply)],
        lambda reply: [each.payload for each in picked_messages(reply)],
    ],
    ids=["slack", "slack window", "discord", "discord picked"],
)
def test_every_reply(messages: Callable[[replies.Reply], Any]) -> None:
    """Every kind of reply is in the reader's language on every chat."""
    for payload in in_marks(lambda: [each for reply in told() for each in messages(reply)]):
        assert_marked(payload)


@pytest.mark.parametrize("compose", [slack_parts, discord_parts, mail_parts])
def test_every_digest(compose: Callable[[Digest], Any]) -> None:
    """A digest's heading, notes, facts, reasons and footer are in the language of its channel."""
    for part in in_marks(lambda: [each for digest in digests() for each in compose(digest)]):
        assert_marked(part.payload)
        if compose is mail_parts:
            assert [] == left_in(in_marks(partial(content, part.payload, (), "")))


def test_reasons() -> None:
    """Why a paper is shown is said in the language of its channel."""
    grounds = Grounds(author="著者", subject="話題", subjects=2, close=3, buzz=0.9, wildcard=True)
    one = Grounds(subject="話題", subjects=1, close=1)
    assert [] == left_in(in_marks(lambda: reason(PAPER, grounds) + reason(PAPER, one)))


def windows() -> Iterator[Any]:
    """Yield every window and form."""
    for subscription in subscriptions():
        yield subscribe_modal(SLACK, zone=subscription.timezone, subscription=subscription)
        form = subscribe_form(SLACK, zone=subscription.timezone, choose=True)
        yield from (form_modal(form), form_modal(replace(form, unfolded=True)))
        there = replace(subscription, channel=DISCORD)
        yield from (subscription_modal(there, window=window, choose=not window) for window in WINDOWS)
        yield from (draft(there, DraftState(), next_due=NOW), broken(there, DraftState(), ["九"]))
    yield from (summarize_modal(SLACK), share_modal(SLACK, "arxiv:2004.15011"), preview_modal(next(digests())))
    yield from (discord_summarize(Style.SHORT), confirmation("a1b2c3d4e5 234567"))
    items = tuple(replies.Subscribed(subscription=each, next_due=NOW) for each in subscriptions())
    yield home_view(Home())
    yield home_view(Home(subscriptions=items, saved=replies.SavedList(papers=(PAPER,)), news=tuple(map(gettext, NEWS))))


def test_every_window() -> None:
    """Every form, its menus and hints are in the reader's language."""
    for view in in_marks(lambda: list(windows())):
        assert_marked(view)


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


#: What people typed, which errors repeat between quotes, and examples of commands to copy.
_TYPED = re.compile(r"“[^”]*”|⟦For example: [^⟧]*⟧")


def test_every_error_of_what_is_typed() -> None:
    """Errors of commands and filters, and the hints that show how it is written, are in the reader's language."""
    found = in_marks(lambda: list(errors()))
    assert 90 < len(found)
    for error in found:
        for text in (str(error), error.hint):
            assert [] == left_in(_TYPED.sub("", text)), text


def test_what_is_read_in_another_way_is_said() -> None:
    """Notes on a search, and the errors of a form, are in the reader's language."""
    notes = in_marks(lambda: [*plan_search("a or b").notes, *plan_search("agents surv* AND kv").notes])
    given = {**values_of(a_subscription()), "at": "x", "zone": "x", "limit": "x"}
    wrong = in_marks(lambda: [*form_errors(given, SLACK).values()])
    for text in (*notes, *wrong):
        assert [] == left_in(_TYPED.sub("", text).replace("x", "")), text


def test_help() -> None:
    """Help says what commands do in the reader's language; what is typed stays."""
    for topic in in_marks(lambda: [*map(in_words, TOPICS), *discord_help.help_reply("").topics]):
        assert [] == left_in(topic.says), topic.name


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


def test_announcements_and_problems() -> None:
    """What a channel is told of a change, and what anybody is told of a failure, is in their language."""
    for subscription in subscriptions():
        item = replies.Subscribed(subscription=subscription, change=replies.Change.NEW)
        changed = replace(item, change=replies.Change.EDITED)
        for reply in (item, changed, replies.Paused(item=changed), replies.Resumed(item=changed)):
            assert [] == left_in(in_marks(partial(announcement, reply)))
    hint = "Look at it: paperwire doctor"
    told = in_marks(lambda: [problem(PaperwireError(engine_trouble(error), hint=hint)) for error in (
        TextTooShort(words=3, needed=25), TextTooShort(words=0, needed=25), TextTooLong(length=9, limit=3),
    )])  # fmt: skip
    for each in told:
        assert [] == left_in(each.message + each.hint)


def pages() -> Iterator[str]:
    """Yield every page of e-mail, and those on which Slack's app is installed."""
    subscription = next(subscriptions())
    chosen = choices_of(subscription)
    wrong = read_choices(entered([("source", ""), ("at", "x"), ("zone", "x"), ("limit", "x")]), subscription)
    yield from (sign_up_page(["*"]), sign_up_page(["example.org"], "九"), leave_page("/", "/"), said_page("九"))
    yield from (confirm_page("/", chosen), preferences_page("/", chosen, subscription, leave="/", others=[("九", "/")]))
    assert not isinstance(wrong, Subscription)
    yield confirm_page("/", wrong)
    yield from (install_page("https://example.org"), welcome_page(""), welcome_page("九"))
    yield from (failure_page(code, "/") for code in ("access_denied", "invalid_browser", "storage_error", "x"))


def test_every_page() -> None:
    """The pages to sign up, to choose and to leave are in the reader's language; so are the letters."""
    for page in in_marks(lambda: list(pages())):
        read = re.sub(r"(?s)<style.*?</style>|<option.*?</option>|<[^>]*>", " ", page)
        assert [] == left_in(_TYPED.sub("", unescape(read))), read
    for letter in in_marks(lambda: [please_confirm(), already_here()]):
        assert [] == left_in(" ".join((letter["subject"], *letter["about"])))


async def test_a_language_reaches_other_tasks() -> None:
    """A reason that was found for one reader is in the language of the next one."""
    shared = await asyncio.create_task(asyncio.sleep(0, result=busy("九")))
    assert ("九 is busy.", "⟦九 is busy.⟧") == (f"{shared}", in_marks(lambda: localized(shared)))
