"""Replies as JSON are complete and stable for programs."""

import json
from datetime import time
from typing import Any

import pytest
from hypothesis import given

from bots.domain import replies
from bots.domain.digests import Entry
from bots.domain.replies import Reply
from bots.domain.subscriptions import Every, Hours, WhenEmpty
from bots.presentation.reply_data import as_json
from bots.testing.answers import REPLIES
from bots.testing.samples import NOTES
from tests.support import hostile
from tests.support.factories import NOW, a_digest, a_paper, a_subscription, an_entry

CONDITIONS = ("interests", "every", "settle", "wait", "quiet", "empty", "threaded", "enabled", "off_because", "resumes")


def written(reply: Reply) -> Any:
    """Return a reply as a program parses it."""
    return json.loads(json.dumps(as_json(reply)))


@pytest.mark.parametrize("reply", [reply for reply, _ in REPLIES], ids=lambda reply: type(reply).__name__)
def test_every_reply_is_json(reply: Reply) -> None:
    """A reply of any kind is written as JSON without loss, and names its kind."""
    assert as_json(reply) == written(reply)
    assert written(reply)["kind"]


def test_kinds_tell_replies_apart() -> None:
    """No two kinds of reply have the same name."""
    kinds = {type(reply): as_json(reply)["kind"] for reply, _ in REPLIES}
    assert len(kinds) == len(set(kinds.values()))


def test_evidence_is_counted_in_the_abstract_that_comes_with_it() -> None:
    """Each span of evidence is one sentence of the abstract in the same entry."""
    entry = written(replies.Card(entry=an_entry()))["entry"]
    ((start, end),) = entry["blurb"]["evidence"]
    said = "We propose a new simple network architecture, the Transformer, based solely on attention mechanisms."
    assert said == entry["paper"]["abstract"][start:end]


def test_digest_in_full() -> None:
    """A digest as JSON has ids, URLs, counts, and notes that distinguish failures from empty sources."""
    digest = written(replies.DigestReply(digest=a_digest(notes=NOTES)))
    assert "2026-11-24" == digest["day"]
    assert "arxiv:1706.03762" == digest["entries"][0]["paper"]["id"]
    assert "https://arxiv.org/abs/1706.03762" == digest["entries"][0]["paper"]["url"]
    assert {"found": 229, "seen": 3, "filtered": 41, "withdrawn": 0, "chosen": 5} == digest["tally"]
    assert [] == digest["withdrawn"]
    assert [True, False] == [note["failed"] for note in digest["notes"]]


def test_missing_blurb_is_null() -> None:
    """If there is no blurb, `blurb` is null and `trouble` states the reason; no text takes its place."""
    entry = written(replies.Card(entry=an_entry(blurb=None, trouble="Too short.")))["entry"]
    assert (None, "Too short.") == (entry["blurb"], entry["trouble"])


def test_unknown_facts_are_null() -> None:
    """A fact that a source does not report is null, not zero."""
    paper = written(replies.Card(entry=an_entry(paper=a_paper(published=None))))["entry"]["paper"]
    assert paper["published"] is None
    assert paper["signals"]["citations"] is None


def test_subscriptions_in_full() -> None:
    """A subscription as JSON has its times, days and time zone."""
    subscription = written(replies.Subscribed(subscription=a_subscription()))["subscription"]
    assert (["09:00"], [0, 1, 2, 3, 4], "UTC") == (
        subscription["times"],
        subscription["weekdays"],
        subscription["timezone"],
    )


def test_the_conditions_of_a_subscription_in_full() -> None:
    """A subscription as JSON has its period, its wait and its quiet hours; a missing condition is null."""
    plain = written(replies.Subscribed(subscription=a_subscription()))["subscription"]
    assert ("", "day", 0, None, None, "say", False, True, "", None) == tuple(plain[name] for name in CONDITIONS)
    subscription = a_subscription(
        interests="how proteins fold",
        every=Every.WEEK, settle=3, wait=time(11), quiet=Hours(start=time(22), end=time(7)), empty=WhenEmpty.SILENT,
        threaded=True, enabled=False, off_because="there is no such channel", resumes=NOW,
    )  # fmt: skip
    paused = written(replies.Paused(item=replies.Subscribed(subscription=subscription, paused=True)))
    assert ("paused", True) == (paused["kind"], paused["paused"])
    assert (
        "how proteins fold", "week", 3, "11:00", "22:00-07:00", "silent", True, False, "there is no such channel",
        "2026-11-24T09:00:00+00:00",
    ) == tuple(paused["subscription"][name] for name in CONDITIONS)  # fmt: skip


@hostile.patient
@given(entry=hostile.entries)
def test_json_holds_no_control_characters(entry: Entry) -> None:
    """Written with plain json.dumps, no abstract reaches the terminal with a control character."""
    text = json.dumps(as_json(replies.Card(entry=entry)))
    assert text.isascii()
    assert text.isprintable()


def test_what_is_said_of_shown_papers_in_full() -> None:
    """An abstract, a list, a citation and a note as JSON hold what a program needs."""
    paper = written(replies.WholeAbstract(paper=a_paper()))["paper"]
    assert a_paper().abstract == paper["abstract"]
    saved = {"kind": "saved", "words": "kv", "papers": [paper], "notes": []}
    assert saved == written(replies.SavedList(papers=(a_paper(),), words="kv"))
    cited = {"kind": "citation", "papers": 1, "format": "bibtex", "text": "@misc{a}\n"}
    assert cited == written(replies.Citation(text="@misc{a}\n"))
    assert {"kind": "noted", "said": "Saved."} == written(replies.Noted(said="Saved"))
