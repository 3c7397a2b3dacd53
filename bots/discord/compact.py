"""Papers in the compact look: title, one line of facts and blurb; the menu below them picks one. Pure functions."""

from collections.abc import Iterable, Iterator

from bots.chat.phrases import cut
from bots.discord.care import care_components, mentioned
from bots.discord.components import text
from bots.discord.controls import MAX_ID
from bots.discord.entries import entry_pieces, paper_row, shortened, turns
from bots.discord.markup import italic, masked, measure, plain, subtext
from bots.discord.messages import Piece
from bots.domain.digests import Digest, Entry
from bots.domain.papers import Paper
from bots.presentation import digest_text
from bots.translation.speech import gettext

# A message holds 3,900 characters of text, addresses included. The longest of 50,000 real titles has 217.
_MAX_TITLE = 220
_MAX_FACTS = 200
#: Our own blurbs have 400 characters at most; a longer third-party text would make the list long again.
_MAX_BLURB = 600
_MAX_WARNINGS = 300
#: A reason names two or three things; a longer one comes from a long query, whose words the reader knows.
_MAX_WHY = 160


def paper_pieces(digest: Digest) -> Iterable[Piece]:
    """Return the papers of a digest in its look, numbered, in their order."""
    return compact_pieces(digest) if digest.compact else entry_pieces(digest)


def compact_pieces(digest: Digest) -> Iterator[Piece]:
    """Yield the papers of a digest in the compact look, numbered, in their order."""
    counted = turns(entry.paper for entry in digest.entries)
    for number, (entry, turn) in enumerate(zip(digest.entries, counted, strict=True), start=1):
        yield _piece(entry, number, turn)


def _piece(entry: Entry, number: int, turn: int) -> Piece:
    paper = entry.paper
    held = paper.ref.key
    # An option takes as many characters as a custom id; a longer id of a paper has no buttons in any look.
    fits = len(held) <= MAX_ID
    said = text("\n".join((*_head(paper, f"{number}\\. "), *_blurb(entry))))
    return Piece(
        components=(said, *(() if fits else paper_row(paper, turn)), *care_components(entry.care, number)),
        paper_id=paper.id,
        mentions=mentioned(entry.care),
        option=(held, cut(f"{number}. {digest_text.title_of(paper)}", MAX_ID)) if fits else None,
    )


def _head(paper: Paper, mark: str = "") -> Iterator[str]:
    yield f"**{mark}{masked(cut(digest_text.title_of(paper), _MAX_TITLE, measure), paper.url)}**"
    facts = shortened(digest_text.short_meta_line(paper), _MAX_FACTS)
    if facts:
        yield subtext(facts)


def _blurb(entry: Entry) -> Iterator[str]:
    yield plain(cut(" ".join(digest_text.blurb_lines(entry)), _MAX_BLURB, measure)) or "…"
    warnings = " ".join(digest_text.warning_lines(entry.blurb)) if entry.blurb else ""
    if said := cut(warnings, _MAX_WARNINGS, measure):
        yield italic(said)
    if why := shortened(digest_text.why_line(entry), _MAX_WHY):
        yield subtext(gettext("Why: {reason}", reason=why))


def picked_piece(paper: Paper) -> Piece:
    """Return a paper that was picked from a menu: its title, its facts and its buttons."""
    return Piece(components=(text("\n".join(_head(paper))), *paper_row(paper)), paper_id=paper.id)
