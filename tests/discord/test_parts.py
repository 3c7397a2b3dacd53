"""A digest is posted in parts: each paper is in one part, and all parts but the first are in its thread."""

from dataclasses import replace

import pytest

from bots.discord.components import text_size
from bots.discord.outgoing import digest_parts, notice_parts, smaller
from bots.domain import replies
from bots.domain.digests import Part, SourceNote, Tally
from bots.domain.subscriptions import Look
from bots.presentation import digest_text
from bots.testing.samples import a_long_digest
from tests.discord import strict
from tests.discord.markdown import seen
from tests.discord.papers import CHANNEL
from tests.support.factories import DAY, a_blurb, a_digest, an_entry


@pytest.mark.parametrize("length", [0, 1, 5, 20, 40])
@pytest.mark.parametrize("threaded", [False, True])
@pytest.mark.parametrize("look", Look)
def test_every_entry_in_one_part(length: int, threaded: bool, look: Look) -> None:
    """Parts count from 1 and contain every paper once, in order; all but the first are in its thread."""
    digest = replace(a_long_digest(length), channel=CHANNEL, threaded=threaded, look=look)
    parts = digest_parts(digest)
    assert list(range(1, len(parts) + 1)) == [part.number for part in parts]
    assert {len(parts)} == {part.total for part in parts}
    assert digest.paper_ids == tuple(paper_id for part in parts for paper_id in part.paper_ids)
    assert [place > 0 for place in range(len(parts))] == [part.payload["thread"] for part in parts]
    if threaded:
        assert () == parts[0].paper_ids
    for part in parts:
        strict.check(part.payload, strict.links_of(entry.paper for entry in digest.entries))


def test_a_part_names_its_thread() -> None:
    """Each part contains the title of its thread or forum post as plain text."""
    parts = digest_parts(replace(a_long_digest(12), channel=CHANNEL))
    assert {"12 papers for Tuesday 24 November 2026"} == {part.payload["title"] for part in parts}
    (notice,) = notice_parts(CHANNEL, replies.Problem(message="x"))
    assert "Paperwire needs your attention" == notice.payload["title"]


@pytest.mark.parametrize("threaded", [False, True])
def test_an_empty_digest_says_why(threaded: bool) -> None:
    """A digest without papers is one message that says why it is empty."""
    digest = a_digest(channel=CHANNEL, entries=(), tally=Tally(found=4, seen=4), threaded=threaded)
    (part,) = digest_parts(digest)
    assert "Allpapersfoundwerepostedherebefore(4papers)." in seen(part.payload)


def test_silent_sources_are_named_in_the_first_message() -> None:
    """Each source that returned too little has a line in the first message, also in a threaded digest."""
    notes = (SourceNote(source="arxiv:cs.CL", reason="it did not answer"), SourceNote(source="x", reason="y"))
    for threaded in (False, True):
        first, *_ = digest_parts(a_digest(channel=CHANNEL, notes=notes, threaded=threaded))
        for note in notes:
            assert "".join(digest_text.note_line(note).split()) in seen(first.payload)


def test_very_many_silent_sources() -> None:
    """Each of 120 such sources has its line, in as many messages as needed."""
    notes = tuple(SourceNote(source=f"arxiv:cs.{number}", reason="it did not answer") for number in range(120))
    parts = digest_parts(a_digest(channel=CHANNEL, notes=notes))
    for part in parts:
        strict.check(part.payload, strict.links_of(entry.paper for entry in a_digest().entries))
    assert 120 == sum(seen(part.payload).count("itdidnotanswer.") for part in parts)


def test_a_part_that_is_too_large_is_halved() -> None:
    """The halves contain every paper once and in order, with the same title and in the same thread."""
    (part,) = digest_parts(a_digest(channel=CHANNEL))
    first, second = smaller(part)
    assert part.paper_ids == first.paper_ids + second.paper_ids
    assert (part.payload["title"], False) == (second.payload["title"], second.payload["thread"])


def test_one_paper_is_cut_until_little_is_left() -> None:
    """A part with one paper is cut step by step until only the title is left."""
    entry = an_entry(blurb=a_blurb(text="It is shown. " * 60, warnings=("a warning",)))
    *_, part = digest_parts(a_digest(channel=CHANNEL, entries=(entry,), threaded=True))
    steps: list[Part] = [part]
    while smaller(steps[-1]):
        (shorter,) = smaller(steps[-1])
        assert part.paper_ids == shorter.paper_ids
        assert text_size(shorter.payload["components"]) <= text_size(steps[-1].payload["components"])  # type: ignore[arg-type]
        strict.check(shorter.payload, strict.links_of([entry.paper]))
        steps.append(shorter)
    assert 4 < len(steps) < 20
    assert "1.AttentionIsAllYouNeed" == seen(steps[-1].payload)


def test_the_same_digest_makes_the_same_parts() -> None:
    """The same digest always makes the same parts."""
    assert digest_parts(a_digest(channel=CHANNEL)) == digest_parts(a_digest(channel=CHANNEL, day=DAY))
