"""Nothing that members see is English in another language: everything is rendered in a language with marked texts.

A paper's own words, what people type, and names of services are the same in every language.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time
from functools import partial
from html import unescape
from typing import Any

import pytest

import bots.discord.help as discord_help
from bots.commands.topics import TOPICS, in_words
from bots.digests.channel_ranking import _uncompared, _unranked
from bots.discord.draft_state import DraftState
from bots.discord.modals import summarize_modal as discord_summarize
from bots.discord.outgoing import digest_parts as discord_parts
from bots.discord.outgoing import picked_messages
from bots.discord.outgoing import reply_messages as discord_messages
from bots.discord.subscription_draft import broken, confirmation, draft
from bots.discord.subscription_form import WINDOWS, subscription_modal
from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import Digest, SourceNote, Tally
from bots.domain.errors import PaperwireError
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
from bots.slack.form_modal import form_modal
from bots.slack.home import Home, home_view
from bots.slack.install_pages import failure_page, install_page, welcome_page
from bots.slack.modals import preview_modal, reply_modal, share_modal, summarize_modal
from bots.slack.outgoing import digest_parts as slack_parts
from bots.slack.outgoing import reply_messages as slack_messages
from bots.slack.subscription_form import subscribe_form, subscribe_modal
from bots.slack.surfaces import NEWS
from bots.testing.clock import NOW
from bots.testing.samples import a_blurb, a_digest, a_paper, a_subscription, an_entry
from bots.translation.speech import gettext
from bots.usecases.problems import problem
from summarizer import Style, TextTooLong, TextTooShort
from tests.translation.marked import TYPED, in_marks, left_in, texts_in

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


def test_help() -> None:
    """Help says what commands do in the reader's language; what is typed stays."""
    for topic in in_marks(lambda: [*map(in_words, TOPICS), *discord_help.help_reply("").topics]):
        assert [] == left_in(topic.says), topic.name


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
        assert [] == left_in(TYPED.sub("", unescape(read))), read
    for letter in in_marks(lambda: [please_confirm(), already_here()]):
        assert [] == left_in(" ".join((letter["subject"], *letter["about"])))
