"""Papers in the compact look: title, one line of facts and blurb; the menu below them picks one. Pure functions."""

from collections.abc import Iterable, Iterator

from bots.chat.phrases import cut
from bots.domain.digests import Digest, Entry
from bots.domain.papers import Paper
from bots.presentation import digest_text
from bots.slack import controls
from bots.slack.blocks import MAX_LINE, Json, leaf, linked, rich
from bots.slack.care import care_blocks
from bots.slack.entries import entry_pieces
from bots.slack.messages import Piece
from bots.translation.speech import gettext
from summarizer import Blurb

#: Our own blurbs have 400 characters at most; a longer third-party text would make the list long again.
_MAX_BLURB = 600
_MAX_WARNINGS = 300
#: A reason names two or three things; a longer one comes from a long query, whose words the reader knows.
_MAX_WHY = 160
#: Slack shows some 40 characters of an option; a longer label only uses up the characters of the message.
_MAX_LABEL = 50


def paper_pieces(digest: Digest, *, buttons: bool = True) -> Iterable[Piece]:
    """Return the papers of a digest in its look, numbered, in order; a preview has no buttons and no menu."""
    return compact_pieces(digest, buttons=buttons) if digest.compact else entry_pieces(digest, buttons=buttons)


def compact_pieces(digest: Digest, *, buttons: bool = True) -> Iterator[Piece]:
    """Yield the papers of a digest in the compact look, numbered, in order."""
    for number, entry in enumerate(digest.entries, start=1):
        yield _piece(entry, number, buttons=buttons)


def _piece(entry: Entry, number: int, *, buttons: bool) -> Piece:
    paper, title = entry.paper, digest_text.title_of(entry.paper)
    blurb = cut(" ".join(digest_text.blurb_lines(entry)), _MAX_BLURB) or "…"
    option = controls.pick_option(paper, cut(f"{number}. {title}", _MAX_LABEL)) if buttons else None
    # An id that is too long for an option of the menu still fits the row that a card has.
    row = controls.paper_row(paper, number) if buttons and option is None else None
    return Piece(
        blocks=(
            rich(*_head(paper, f"{number}. "), [leaf(blurb)], _warnings(entry.blurb), _why(entry)),
            *((row,) if row else ()),
            *(care_blocks(entry.care, number) if buttons else ()),
        ),
        says=title,
        paper_id=paper.id,
        option=option,
    )


def _head(paper: Paper, mark: str = "") -> Iterator[list[Json]]:
    before = [leaf(mark, bold=True)] if mark else []
    yield [*before, linked(digest_text.title_of(paper), paper.url, bold=True)]
    facts = cut(digest_text.short_meta_line(paper), MAX_LINE)
    yield [leaf(facts, italic=True)] if facts else []


def _why(entry: Entry) -> list[Json]:
    text = cut(digest_text.why_line(entry), _MAX_WHY)
    return [leaf(gettext("Why: {reason}", reason=text), italic=True)] if text else []


def _warnings(blurb: Blurb | None) -> list[Json]:
    text = cut(" ".join(digest_text.warning_lines(blurb)), _MAX_WARNINGS) if blurb else ""
    return [leaf(text, italic=True)] if text else []


def picked_piece(paper: Paper) -> Piece:
    """Return a paper that was picked from a menu: its title, its facts and its buttons."""
    row = controls.picked_row(paper)
    return Piece(
        blocks=(rich(*_head(paper)), *((row,) if row else ())), says=digest_text.title_of(paper), paper_id=paper.id
    )
