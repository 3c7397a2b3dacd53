"""Papers as blocks: a full entry, a search result, an item of a saved list. Pure functions."""

from collections.abc import Iterable, Iterator

from bots.chat.phrases import clean, cut, pieces, safe_url, sentence
from bots.domain.digests import Digest, Entry
from bots.domain.papers import Paper
from bots.presentation import digest_text, posting_text
from bots.slack import controls
from bots.slack.blocks import MAX_LINE, MAX_SECTION, Json, header, leaf, linked, place, rich, said, small
from bots.slack.care import care_blocks
from bots.slack.messages import Piece
from bots.translation.formats import sentences
from bots.translation.speech import gettext
from summarizer import Blurb

#: Longest blurb in a message; our own have 400 characters at most, a third-party text has no limit.
_MAX_BLURB = 2400
_MAX_WARNINGS = 600
_MAX_KEYWORDS = 200
#: Longest abstract shown whole; no real abstract is longer, and the paper's page is one click away.
_MAX_ABSTRACT = 20_000


def _piece(blocks: Iterable[Json | None], says: str, paper: Paper | None = None) -> Piece:
    kept = tuple(block for block in blocks if block)
    return Piece(blocks=kept, says=says, paper_id=paper.id if paper else None)


def entry_piece(entry: Entry, number: int, *, numbered: bool = True, buttons: bool = True) -> Piece:
    """Return a paper as a digest shows it: title, facts, blurb, reason, and its buttons.

    Args:
        number: its position; keeps the block id of its row unique among the other papers.
        numbered: whether the number is shown.
        buttons: whether to add the row of buttons; a preview has none.
    """
    paper = entry.paper
    lines = digest_text.blurb_lines(entry)
    row = controls.paper_row(paper, number) if buttons else None
    return _piece(
        (
            rich(_title(paper, f"{number}. " if numbered else "")),
            _facts(paper),
            rich(*_blurb(lines), *_warnings(entry.blurb), *_posted(entry)),
            # A paper that is shown alone has room for what its source says of it.
            None if numbered else _tldr(entry),
            small(_keywords(paper), _why(entry)),
            row,
            *(care_blocks(entry.care, number) if buttons else ()),
        ),
        # A digest's text names its papers; the text of a single paper has room for its blurb.
        digest_text.title_of(paper) if numbered else f"{digest_text.title_of(paper)}: {' '.join(lines)}",
        paper,
    )


def _tldr(entry: Entry) -> Json | None:
    """Return the summary that a paper's source gives; None if there is none, or if it stands in the blurb's place."""
    told = digest_text.tldr_line(entry.paper) if digest_text.has_blurb(entry) else ""
    return said(told) if told else None


def _title(paper: Paper, mark: str = "") -> list[Json]:
    before = [leaf(mark, bold=True)] if mark else []
    return [*before, linked(digest_text.title_of(paper), paper.url, bold=True)]


def _facts(paper: Paper) -> Json | None:
    return small(digest_text.meta_line(paper, code=False), links=((gettext("code"), paper.code),))


def _blurb(lines: Iterable[str]) -> Iterator[list[Json]]:
    room = _MAX_BLURB
    for line in lines:
        kept = cut(line, room)
        yield [leaf(kept or "…")]
        room -= len(kept)
        if kept != line or room < 1:
            return


def _warnings(blurb: Blurb | None) -> Iterator[list[Json]]:
    text = cut(" ".join(digest_text.warning_lines(blurb)), _MAX_WARNINGS) if blurb else ""
    if text:
        yield [leaf(text, italic=True)]


def _keywords(paper: Paper) -> str:
    return cut(", ".join(filter(None, map(clean, paper.keywords[:20]))), _MAX_KEYWORDS)


def _why(entry: Entry) -> str:
    return gettext("Why: {reason}", reason=digest_text.why_line(entry)) if digest_text.why_line(entry) else ""


def _posted(entry: Entry) -> Iterator[list[Json]]:
    """Yield the line that says where a paper was posted, with Slack's names of the channels; nothing if it was not."""
    first, *others = posting_text.posted_line(entry.posted).split(posting_text.PLACE)
    if first:
        places = (place(each.channel.channel) for each in posting_text.named_in(entry.posted))
        yield [leaf(first), *(part for pair in zip(places, map(leaf, others), strict=True) for part in pair)]


def hit_piece(entry: Entry, number: int) -> Piece:
    """Return a paper in a list of search results."""
    paper = entry.paper
    lines = digest_text.blurb_lines(entry) if digest_text.has_blurb(entry) else ()
    return _piece(
        (
            rich(_title(paper, f"{number}. "), *_blurb(lines), *_posted(entry)),
            _facts(paper),
            controls.hit_row(paper, number),
        ),
        digest_text.title_of(paper),
        paper,
    )


def saved_piece(paper: Paper, number: int) -> Piece:
    """Return a paper in a person's saved list."""
    return _piece(
        (rich(_title(paper)), _facts(paper), controls.saved_row(paper, number)), digest_text.title_of(paper), paper
    )


def blurb_piece(blurb: Blurb, title: str) -> Piece:
    """Return the blurb of a pasted text."""
    lines = digest_text.text_lines(blurb.text)
    above = [[leaf(title, bold=True)]] if title else []
    return _piece(
        (rich(*above, *_blurb(lines), *_warnings(blurb)), small(digest_text.made_by(blurb))), " ".join((title, *lines))
    )


def abstract_pieces(paper: Paper) -> Iterator[Piece]:
    """Return a paper with its whole abstract; an overlong one is cut, with a note on where the rest is."""
    yield _piece((rich(_title(paper)), _facts(paper)), digest_text.title_of(paper), paper)
    text = digest_text.abstract_text(paper)
    shown = cut(text, _MAX_ABSTRACT)
    yield from (_piece((rich([leaf(piece)]),), piece) for piece in pieces(shown, MAX_SECTION) if piece)
    if shown != text:
        url = safe_url(paper.url)
        left_out = gettext("The rest is left out here.")
        more = [linked(gettext("The rest is on the paper's page."), url)] if url else [leaf(left_out)]
        yield _piece((rich(more),), left_out)


def head_pieces(digest: Digest) -> Iterator[Piece]:
    """Return the head of a digest: day, topic, counts, the reason if it is empty, and notes on sources."""
    headline, empty = digest_text.headline(digest), digest_text.empty_line(digest)
    tally = digest_text.tally_line(digest)
    about = small(tally, digest_text.topic_line(digest))
    yield _piece(
        (header(headline), about, said(empty) if empty else None), sentences(sentence(headline), empty or tally)
    )
    for line in map(digest_text.note_line, digest.notes):
        yield _piece((small(cut(line, MAX_LINE)),), line)


def entry_pieces(digest: Digest, *, buttons: bool = True) -> Iterator[Piece]:
    """Return the papers of a digest, numbered, in order."""
    for number, entry in enumerate(digest.entries, start=1):
        yield entry_piece(entry, number, buttons=buttons)
