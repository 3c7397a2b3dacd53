"""Papers as components: in full, in a list to choose from, and in a person's saved list. Pure functions."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from bots.chat.phrases import clean, cut, pieces, safe_url
from bots.discord.care import care_components, mentioned
from bots.discord.components import Json, button, link_button, row, section, text
from bots.discord.controls import Control, control_id, label_of
from bots.discord.markup import channel_mention, code, headed, heading, italic, masked, measure, plain, subtext
from bots.discord.messages import Piece
from bots.domain.digests import Digest, Entry
from bots.domain.papers import Paper, PaperId
from bots.presentation import digest_text, posting_text
from bots.translation.speech import gettext, pgettext
from summarizer import Blurb

# Together with two addresses and our own markup these fit into one message, whatever they contain.
_MAX_TITLE = 400
_MAX_FACTS = 400
#: Characters of a blurb; ours have 400 at most, but a third-party blurb may be of any length.
_MAX_BLURB = 1400
#: Characters for the markup of a bold label and for the end of its line.
_MARKS = 6
_LABELLED = re.compile(r"[A-Z][a-z]{2,15}: ")
_MAX_WARNINGS = 300
_MAX_WHY = 250
_MAX_KEYWORDS = 150
_MAX_MADE_BY = 150
_MAX_TLDR = 450
#: Characters of a text that fit into a message beside the title.
_MAX_PIECE = 2_900
#: Characters of an abstract that fit into five messages; a longer text is no abstract, and its page is one click away.
_MAX_ABSTRACT = 14_000
#: Characters of a note on a source, of a digest's topic, or of the reason why it is empty.
MAX_LINE = 400
_MAX_NOTES = 1_600


def shortened(said: str, most: int) -> str:
    """Return escaped text, cut so that its escaped length is at most `most`."""
    return plain(cut(said, most, measure))


def turns(papers: Iterable[Paper]) -> Iterator[int]:
    """Yield for each paper how many times it has occurred so far, this time included."""
    seen: Counter[PaperId] = Counter()
    for paper in papers:
        seen[paper.id] += 1
        yield seen[paper.id]


def entry_piece(entry: Entry, number: int, turn: int = 1, *, buttons: bool = True) -> Piece:
    """Return a paper as a digest shows it: title, facts, blurb, reason and buttons.

    Args:
        entry: the paper and its texts.
        number: its position.
        turn: 1 for the first occurrence of this paper, 2 for the second, and so on.
        buttons: whether to add buttons; a preview has none.
    """
    paper = entry.paper
    said = text("\n".join((_title(paper, f"{number}"), *_facts(paper), *_body(entry))))
    if not buttons:
        return Piece(components=(said,), paper_id=paper.id, apart=True)
    shown = (said, *_row(paper, turn, _WHOLE), *care_components(entry.care, number))
    return Piece(components=shown, paper_id=paper.id, apart=True, mentions=mentioned(entry.care))


def card_piece(entry: Entry) -> Piece:
    """Return a paper as a lookup shows it: with links to its page and PDF, and the author of the blurb below."""
    paper = entry.paper
    head = "\n".join((_title(paper), *_facts(paper, linked=False)))
    made = _made_by(entry.blurb) if entry.blurb and digest_text.has_blurb(entry) else ()
    told = shortened(digest_text.tldr_line(paper), _MAX_TLDR) if made else ""
    body = "\n".join((*_body(entry), *([told] if told else []), *made))
    return Piece(
        components=(
            _beside(head, link_button(pgettext("button", "Open paper"), paper.url)),
            _beside(body, link_button("PDF", pdf_url(paper))),
            *_row(paper, 1, _WHOLE),
        ),
        paper_id=paper.id,
    )


def _beside(content: str, link: Json | None) -> Json:
    return section([content], link) if link else text(content)


def _cut_title(paper: Paper) -> str:
    return cut(digest_text.title_of(paper), _MAX_TITLE, measure)


def _title(paper: Paper, number: str = "") -> str:
    # A heading of level 3 is bold, stands apart from the buttons above it, and is found by screen readers.
    mark = f"{number}\\. " if number else ""
    return headed(f"{mark}{masked(_cut_title(paper), paper.url)}", 3)


def _facts(paper: Paper, *, linked: bool = True, before: str = "") -> tuple[str, ...]:
    links = ((gettext("code"), paper.code), *((("PDF", pdf_url(paper)),) if linked else ()))
    marked = (masked(label, url) for label, url in links if masked(label, url) != label)
    shown = " · ".join(filter(None, (before, shortened(digest_text.meta_line(paper, code=False), _MAX_FACTS), *marked)))
    return (subtext(shown),) if shown else ()


def _body(entry: Entry) -> Iterator[str]:
    yield from _blurb(digest_text.blurb_lines(entry))
    yield from _warnings(entry.blurb)
    below = (_keywords(entry.paper), _why(entry))
    if any(below):
        yield subtext(" · ".join(filter(None, below)))
    yield from _posted(entry)


def _blurb(lines: Iterable[str]) -> Iterator[str]:
    said = tuple(lines)
    labelled = len(said) > 1 and all(map(_LABELLED.match, said))
    room = _MAX_BLURB
    for line in said:
        kept = cut(line, room, measure)
        yield _in_bold(kept) if labelled else plain(kept) or "…"
        room -= measure(kept) + _MARKS
        if kept != line or room < 1:
            return


def _in_bold(line: str) -> str:
    """Return a line of a structured blurb with its label in bold; a line that was cut within its label stays plain."""
    label, colon, rest = line.partition(": ")
    return f"**{label}:** {plain(rest)}" if colon else plain(line) or "…"


def _warnings(blurb: Blurb | None) -> Iterator[str]:
    said = cut(" ".join(digest_text.warning_lines(blurb)), _MAX_WARNINGS, measure) if blurb else ""
    if said:
        yield italic(said)


def _keywords(paper: Paper) -> str:
    return shortened(", ".join(filter(None, map(clean, paper.keywords[:20]))), _MAX_KEYWORDS)


def _why(entry: Entry) -> str:
    why = shortened(digest_text.why_line(entry), _MAX_WHY)
    return gettext("Why: {reason}", reason=why) if why else ""


def _made_by(blurb: Blurb) -> tuple[str, ...]:
    return (subtext(shortened(digest_text.made_by(blurb), _MAX_MADE_BY)),)


_WHOLE = (Control.ABSTRACT, Control.SAVE, Control.MORE, Control.NOT_FOR_US, Control.CITE)
_HIT = (Control.SHOW, Control.SAVE)
_SAVED = (Control.SHOW, Control.CITE, Control.UNSAVE)


def _row(paper: Paper, turn: int, named: Iterable[Control]) -> tuple[Json, ...]:
    """Return the buttons of a paper; none if its id is too long for a custom id."""
    ids = ((label_of(control), control_id(control, paper.ref.key, turn)) for control in named)
    made = [button(label, custom_id) for label, custom_id in ids if custom_id]
    return (row(made),) if made else ()


def paper_row(paper: Paper, turn: int = 1) -> tuple[Json, ...]:
    """Return the row with all buttons of a paper; none if its id is too long for a custom id."""
    return _row(paper, turn, _WHOLE)


def _posted(entry: Entry) -> Iterator[str]:
    """Yield the line that says where a paper was posted, with Discord's names of channels; nothing if it was not."""
    line = posting_text.posted_line(entry.posted)
    for each in posting_text.named_in(entry.posted):
        line = line.replace(posting_text.PLACE, channel_mention(each.channel), 1)
    if line:
        yield subtext(line)


def hit_piece(entry: Entry, number: int, turn: int = 1) -> Piece:
    """Return a paper as a list to choose from shows it."""
    paper = entry.paper
    lines = _blurb(digest_text.blurb_lines(entry)) if digest_text.has_blurb(entry) else ()
    said = text("\n".join((_title(paper, f"{number}"), *_facts(paper), *lines, *_posted(entry))))
    return Piece(components=(said, *_row(paper, turn, _HIT)), paper_id=paper.id, apart=True)


def saved_piece(paper: Paper, turn: int = 1) -> Piece:
    """Return a paper as a person's saved list shows it."""
    # A person can type the id in any chat to name the paper.
    said = text("\n".join((_title(paper), *_facts(paper, before=code(digest_text.id_of(paper))))))
    return Piece(components=(said, *_row(paper, turn, _SAVED)), paper_id=paper.id, apart=True)


def blurb_piece(blurb: Blurb, title: str) -> Piece:
    """Return the blurb of a pasted text."""
    above = (heading(cut(title, _MAX_TITLE, measure), 3),) if title else ()
    lines = (*above, *_blurb(digest_text.text_lines(blurb.text)), *_warnings(blurb), *_made_by(blurb))
    return Piece(components=(text("\n".join(lines)),))


def abstract_pieces(paper: Paper) -> Iterator[Piece]:
    """Yield a paper with its whole abstract; an overlong abstract is cut, and the last piece says where the rest is."""
    head = "\n".join((_title(paper), *_facts(paper)))
    yield Piece(components=(text(head),), paper_id=paper.id)
    said = digest_text.abstract_text(paper)
    shown = cut(said, _MAX_ABSTRACT, measure)
    yield from (
        Piece(components=(text(plain(piece)),)) for piece in pieces(shown, _MAX_PIECE, measure) if piece.strip()
    )
    if shown != said:
        page = safe_url(paper.url)
        more = (
            masked(gettext("The rest is on the paper's page."), page) if page else gettext("The rest is left out here.")
        )
        yield Piece(components=(text(more),))


def head_pieces(digest: Digest) -> Iterator[Piece]:
    """Yield the head of a digest: its day, topic, counts, the reason if it is empty, and the notes on sources."""
    about = (digest_text.tally_line(digest), shortened(digest_text.topic_line(digest), MAX_LINE))
    empty = shortened(digest_text.empty_line(digest), MAX_LINE)
    lines = (heading(digest_text.headline(digest)), subtext(" · ".join(filter(None, about))), empty)
    yield Piece(components=(text("\n".join(filter(None, lines))),))
    notes = [subtext(shortened(line, MAX_LINE)) for line in map(digest_text.note_line, digest.notes)]
    yield from (Piece(components=(text(several),)) for several in packed(notes, _MAX_NOTES))


def packed(lines: Iterable[str], most: int) -> Iterator[str]:
    """Yield the lines joined into texts of at most `most` characters each."""
    held = ""
    for line in lines:
        if held and len(held) + len(line) + 1 > most:
            yield held
            held = ""
        held = f"{held}\n{line}" if held else line
    if held:
        yield held


def entry_pieces(digest: Digest, *, buttons: bool = True) -> Iterator[Piece]:
    """Yield the papers of a digest, numbered, in their order."""
    counted = turns(entry.paper for entry in digest.entries)
    for number, (entry, turn) in enumerate(zip(digest.entries, counted, strict=True), start=1):
        yield entry_piece(entry, number, turn, buttons=buttons)


def pdf_url(paper: Paper) -> str:
    """Return the address of a paper's PDF; empty unless it has an arXiv id, the only id that yields the address."""
    ids = (
        [str(paper.ref)]
        if paper.id.scheme == "arxiv"
        else sorted(name.value for name in paper.aliases if name.scheme == "arxiv")
    )
    return safe_url(f"https://arxiv.org/pdf/{ids[0]}") if ids else ""
