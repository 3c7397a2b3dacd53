"""Hidden papers and the steps of hiding as components. Pure functions."""

from collections.abc import Iterator

from bots.chat.phrases import cut
from bots.discord.components import Json, Style, button, row, text
from bots.discord.controls import Control, control_id, label_of
from bots.discord.entries import MAX_LINE, shortened
from bots.discord.markup import bold, heading, masked, measure, mention, subtext
from bots.discord.messages import Piece
from bots.domain.papers import PaperId, PaperRef
from bots.domain.replies import HiddenList, HiddenPaper, NextStep, Noted
from bots.presentation import digest_text, hidden_text

#: Characters of a title: a page of eight papers stays inside one message's 4,000.
_MAX_TITLE = 200
_CONTROLS = {NextStep.HIDE: (Control.HIDE, Style.DANGER), NextStep.UNDO: (Control.UNDO, Style.SECONDARY)}


def noted_piece(reply: Noted) -> Piece:
    """Return a confirmation or a question, with the button of the step that it offers."""
    rows = _row(reply.offer.step, reply.offer.paper_id) if reply.offer else ()
    return Piece(components=(text(shortened(digest_text.noted_line(reply), MAX_LINE)), *rows))


def _row(step: NextStep, paper_id: PaperId) -> tuple[Json, ...]:
    control, style = _CONTROLS[step]
    custom_id = control_id(control, PaperRef(id=paper_id).key)
    return (row([button(label_of(control), custom_id, style)]),) if custom_id else ()


def hidden_pieces(reply: HiddenList) -> Iterator[Piece]:
    """Yield one page of the hidden papers, each with Undo, and the buttons of the other pages."""
    yield Piece(components=(text(heading(cut(hidden_text.hidden_headline(reply), MAX_LINE, measure), 3)),))
    yield from map(_paper, reply.papers)
    ways = [(Control.HIDDEN_NEWER, reply.page - 1)] if reply.page > 1 else []
    ways += [(Control.HIDDEN_OLDER, reply.page + 1)] if reply.page < reply.pages else []
    if ways:
        yield Piece(
            components=(row(button(label_of(control), control_id(control, str(page))) for control, page in ways),)
        )


def _paper(hidden: HiddenPaper) -> Piece:
    title = cut(hidden_text.hidden_title(hidden), _MAX_TITLE, measure)
    named = bold(title) if hidden.paper is None else masked(title, hidden.paper.url)
    by = subtext(hidden_text.hidden_by(hidden, named_as=mention))
    return Piece(components=(text(f"{named}\n{by}"), *_row(NextStep.UNDO, hidden.paper_id)), apart=True)
