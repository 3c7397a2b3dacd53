"""Hidden papers and the steps of hiding as blocks. Pure functions."""

from collections.abc import Iterator

from bots.domain.papers import PaperId, PaperRef
from bots.domain.replies import HiddenList, HiddenPaper, NextStep, Noted
from bots.presentation import digest_text, hidden_text
from bots.presentation.labels import step_label
from bots.slack.blocks import Json, actions, button, leaf, linked, rich, said, small
from bots.slack.controls import MAX_PAPER_ID, Control, row_id
from bots.slack.messages import Piece
from bots.translation.speech import pgettext

_CONTROLS = {NextStep.HIDE: Control.HIDE, NextStep.UNDO: Control.UNDO}
_STYLES = {NextStep.HIDE: {"style": "danger"}, NextStep.UNDO: {}}


def noted_piece(reply: Noted) -> Piece:
    """Return a confirmation or a question, with the button of the step that it offers."""
    text = digest_text.noted_line(reply)
    row = _row(reply.offer.step, reply.offer.paper_id, 1) if reply.offer else None
    return Piece(blocks=(said(text), *((row,) if row else ())), says=text)


def _row(step: NextStep, paper_id: PaperId, number: int) -> Json | None:
    held = PaperRef(id=paper_id).key
    if len(held) > MAX_PAPER_ID:
        return None
    made = button(step_label(step), _CONTROLS[step], held, **_STYLES[step])
    return actions([made], row_id(held, number))


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
