"""Hidden papers and the steps of hiding as components. Pure functions."""

from collections.abc import Iterator

from bots.chat.phrases import cut
from bots.discord.components import Json, Style, button, row, text
from bots.discord.controls import Control, control_id, label_of
from bots.discord.entries import MAX_LINE, shortened
from bots.discord.markup import bold, heading, masked, measure, mention, subtext
from bots.discord.messages import Piece
from bots.domain.papers import PaperId, PaperRef
from bots.domain.replies import HiddenList, HiddenPaper, NextStep, Noted, Offer
from bots.presentation import digest_text, hidden_text
from bots.presentation.follow_text import held_of

#: Characters of a title: a page of eight papers stays inside one message's 4,000.
_MAX_TITLE = 200
_CONTROLS = {
    NextStep.HIDE: (Control.HIDE, Style.DANGER),
    NextStep.UNDO: (Control.UNDO, Style.SECONDARY),
    NextStep.FOLLOW: (Control.FOLLOW, Style.SECONDARY),
    NextStep.UNFOLLOW: (Control.UNFOLLOW, Style.SECONDARY),
    NextStep.END_FOLLOW: (Control.END_FOLLOW, Style.SECONDARY),
    NextStep.MENTIONS_ON: (Control.MENTIONS_ON, Style.SECONDARY),
    NextStep.MENTIONS_OFF: (Control.MENTIONS_OFF, Style.SECONDARY),
}


def noted_pieces(reply: Noted) -> Iterator[Piece]:
    """Yield a confirmation, a question or the head of a list, then its items, each with the step that it offers."""
    for each in (reply, *reply.items):
        rows = _offered(each.offer) if each.offer else ()
        yield Piece(components=(text(shortened(digest_text.noted_line(each), MAX_LINE)), *rows))


def _offered(offer: Offer) -> tuple[Json, ...]:
    """Return the button of a step in its row; nothing if what it is about is too long for a custom id."""
    held = held_of(offer) if offer.paper_id is None else PaperRef(id=offer.paper_id).key
    return _button(offer.step, held)


def _row(step: NextStep, paper_id: PaperId) -> tuple[Json, ...]:
    return _button(step, PaperRef(id=paper_id).key)


def _button(step: NextStep, held: str) -> tuple[Json, ...]:
    control, style = _CONTROLS[step]
    custom_id = control_id(control, held)
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
