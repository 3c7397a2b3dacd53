"""Hidden papers and the steps of hiding as blocks. Pure functions."""

from collections.abc import Iterator

from bots.domain.papers import PaperId, PaperRef
from bots.domain.replies import HiddenList, HiddenPaper, NextStep, Noted, Offer
from bots.presentation import digest_text, hidden_text
from bots.presentation.follow_text import held_of
from bots.presentation.labels import step_label
from bots.slack.blocks import Json, actions, button, leaf, linked, rich, said, small
from bots.slack.controls import MAX_PAPER_ID, Control, row_id
from bots.slack.messages import Piece
from bots.translation.speech import pgettext

_CONTROLS = {
    NextStep.HIDE: Control.HIDE,
    NextStep.UNDO: Control.UNDO,
    NextStep.FOLLOW: Control.FOLLOW,
    NextStep.UNFOLLOW: Control.UNFOLLOW,
    NextStep.END_FOLLOW: Control.END_FOLLOW,
    NextStep.MENTIONS_ON: Control.MENTIONS_ON,
    NextStep.MENTIONS_OFF: Control.MENTIONS_OFF,
}
#: Things that are followed in one reply: two lists of fifty in three messages.
_MOST_ITEMS = 100


def noted_pieces(reply: Noted) -> Iterator[Piece]:
    """Yield a confirmation, a question or the head of a list, then its items, each with the step that it offers."""
    for number, each in enumerate((reply, *reply.items[:_MOST_ITEMS]), start=1):
        text = digest_text.noted_line(each)
        row = _offered(each.offer, number) if each.offer else None
        yield Piece(blocks=(said(text), *((row,) if row else ())), says=text)


def _offered(offer: Offer, number: int) -> Json | None:
    """Return the button of a step; None if what it is about is too long for a button."""
    if offer.paper_id is not None:
        return _row(offer.step, offer.paper_id, number)
    made = button(step_label(offer.step), _CONTROLS[offer.step], held_of(offer))
    return actions([made], f"{offer.step}|{number}")


def _row(step: NextStep, paper_id: PaperId, number: int) -> Json | None:
    held = PaperRef(id=paper_id).key
    if len(held) > MAX_PAPER_ID:
        return None
    style = {"style": "danger"} if step is NextStep.HIDE else {}
    return actions([button(step_label(step), _CONTROLS[step], held, **style)], row_id(held, number))


def hidden_pieces(reply: HiddenList) -> Iterator[Piece]:
    """Yield one page of the hidden papers, each with Undo, and the buttons of the other pages."""
    headline = hidden_text.hidden_headline(reply)
    yield Piece(blocks=(rich([leaf(headline, bold=True)]),), says=headline)
    yield from (_paper(paper, number) for number, paper in enumerate(reply.papers, start=1))
    ways = [(pgettext("button", "Newer"), Control.HIDDEN_NEWER, reply.page - 1)] if reply.page > 1 else []
    ways += [(pgettext("button", "Older"), Control.HIDDEN_OLDER, reply.page + 1)] if reply.page < reply.pages else []
    if ways:
        row = actions([button(label, control, str(page)) for label, control, page in ways], "hidden")
        yield Piece(blocks=(row,), says="")


def _paper(hidden: HiddenPaper, number: int) -> Piece:
    title = hidden_text.hidden_title(hidden)
    url = hidden.paper.url if hidden.paper else ""
    blocks = (rich([linked(title, url, bold=True)]), small(hidden_text.hidden_by(hidden)))
    row = _row(NextStep.UNDO, hidden.paper_id, number)
    return Piece(blocks=tuple(block for block in (*blocks, row) if block), says=title)
