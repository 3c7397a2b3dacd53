"""The summary that a paper's source gives is shown as the source's, where a paper stands alone or has no blurb."""

from dataclasses import replace

from bots.discord.outgoing import reply_messages as in_discord
from bots.domain import replies
from bots.domain.digests import Entry
from bots.presentation.digest_text import blurb_lines, tldr_line
from bots.slack.outgoing import reply_messages as in_slack
from tests.support.factories import a_blurb, a_paper

PAPER = a_paper(tldr="A <@U1> model  of attention alone.", tldr_by="Semantic Scholar")
SAID = "TLDR by Semantic Scholar: A <@U1> model of attention alone."


def test_it_is_labelled_with_whose_it_is() -> None:
    """A TLDR names who wrote it, if that is known; a paper without one says nothing."""
    assert SAID == tldr_line(PAPER)
    assert "TLDR: x" == tldr_line(replace(PAPER, tldr="x", tldr_by=""))
    assert "" == tldr_line(a_paper())


def test_it_stands_in_for_a_missing_blurb() -> None:
    """Without a blurb it is shown instead of the start of the abstract, beside the reason."""
    entry = Entry(paper=PAPER, fallback="We propose.", trouble="the abstract is missing")
    assert ("No blurb: the abstract is missing.", SAID) == blurb_lines(entry)
    assert "The abstract begins: We propose." == blurb_lines(replace(entry, paper=a_paper()))[1]


def test_a_card_shows_it_escaped_and_a_digest_does_not() -> None:
    """In both chats a paper that stands alone has room for it; in a list of papers it would crowd the blurb."""
    entry = Entry(paper=PAPER, blurb=a_blurb())
    card, found = replies.Card(entry=entry), replies.CardList(words="attention", entries=(entry,))
    assert "TLDR by Semantic Scholar" in repr(in_slack(card))
    assert "TLDR by Semantic Scholar" in repr(in_discord(card))
    assert "TLDR by" not in repr((in_slack(found), in_discord(found)))
    assert "'text': 'TLDR by Semantic Scholar: A <@U1> model" in repr(in_slack(card))  # a leaf, which mentions nobody
    assert "<@U1>" not in repr(in_discord(card))
