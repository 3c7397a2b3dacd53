"""Helpers with which all adapters render replies and pack messages. Pure functions."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Generic, Protocol, TypeVar, assert_never

from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.digests import Part
from bots.domain.papers import PaperId
from bots.domain.replies import Reply

_Made = TypeVar("_Made")
_Item = TypeVar("_Item")


class PaperPiece(Protocol):
    """One indivisible piece of a message."""

    @property
    def paper_id(self) -> PaperId | None:
        """The paper that the piece shows, if any."""
        ...


_Piece = TypeVar("_Piece", bound=PaperPiece)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReplyRenderers(Generic[_Made]):
    """One function for each kind of reply; an adapter that lacks one does not pass the type check."""

    card: Callable[[replies.Card], _Made]
    card_list: Callable[[replies.CardList], _Made]
    blurb: Callable[[replies.BlurbReply], _Made]
    digest: Callable[[replies.DigestReply], _Made]
    changed: Callable[[replies.Changed], _Made]
    subscriptions: Callable[[replies.SubscriptionList], _Made]
    abstract: Callable[[replies.WholeAbstract], _Made]
    saved: Callable[[replies.SavedList], _Made]
    citation: Callable[[replies.Citation], _Made]
    noted: Callable[[replies.Noted], _Made]
    hidden: Callable[[replies.HiddenList], _Made]
    help: Callable[[replies.HelpReply], _Made]
    problem: Callable[[replies.Problem], _Made]

    def render(self, reply: Reply) -> _Made:
        """Return the reply as the function of its kind renders it."""
        match reply:
            case replies.Card():
                return self.card(reply)
            case replies.CardList():
                return self.card_list(reply)
            case replies.BlurbReply():
                return self.blurb(reply)
            case replies.DigestReply():
                return self.digest(reply)
            case replies.SubscriptionList():
                return self.subscriptions(reply)
            case replies.HelpReply():
                return self.help(reply)
            case replies.Problem():
                return self.problem(reply)
            case replies.Subscribed() | replies.Unsubscribed() | replies.Paused() | replies.Resumed():
                return self.changed(reply)
        return self._of_paper(reply)

    def _of_paper(self, reply: replies.OfPaper) -> _Made:
        match reply:
            case replies.WholeAbstract():
                return self.abstract(reply)
            case replies.SavedList():
                return self.saved(reply)
            case replies.Citation():
                return self.citation(reply)
            case replies.Noted():
                return self.noted(reply)
            case replies.HiddenList():
                return self.hidden(reply)
        assert_never(reply)


def number_parts(
    channel: Channel, groups: Sequence[tuple[Mapping[str, object], Sequence[PaperPiece]]]
) -> tuple[Part, ...]:
    """Return the parts of a digest or notice, numbered from 1.

    Args:
        channel: where the parts are posted.
        groups: for each message its payload and the pieces it shows.
    """
    return tuple(
        Part(
            channel=channel,
            number=number,
            total=len(groups),
            payload=payload,
            paper_ids=tuple(piece.paper_id for piece in pieces if piece.paper_id),
        )
        for number, (payload, pieces) in enumerate(groups, start=1)
    )


def pack(
    pieces: Iterable[_Piece], measure: Callable[[_Piece], tuple[int, int]], limits: tuple[int, int]
) -> tuple[tuple[_Piece, ...], ...]:
    """Return the pieces grouped into messages, in order, each as full as the limits allow; no piece is split.

    Args:
        pieces: the pieces of a digest or reply.
        measure: the size of a piece in the two units that the platform limits, such as blocks and characters.
        limits: the size of a message in the same units; a piece that exceeds it has a message to itself.
    """
    groups: list[list[_Piece]] = []
    used = (0, 0)
    for piece in pieces:
        size = measure(piece)
        used = (used[0] + size[0], used[1] + size[1])
        if not groups or used[0] > limits[0] or used[1] > limits[1]:
            groups.append([])
            used = size
        groups[-1].append(piece)
    return tuple(map(tuple, groups))


def split_items(
    items: Sequence[_Item], sizes: Iterable[int], shows_paper: Iterable[bool], paper_ids: Iterable[PaperId]
) -> tuple[tuple[tuple[_Item, ...], PaperId | None], ...]:
    """Return the items of a stored payload as pieces again, each with the paper it shows.

    Args:
        items: the blocks or components of a message.
        sizes: the number of items in each piece.
        shows_paper: for each piece, whether it shows a paper.
        paper_ids: the papers of the message, in order.
    """
    ends = list(accumulate(sizes))
    papers = iter(paper_ids)
    return tuple(
        (tuple(items[start:end]), next(papers) if shown else None)
        for start, end, shown in zip([0, *ends], ends, shows_paper, strict=False)
    )


def halve(pieces: Sequence[_Piece], shorten: Callable[[_Piece], _Piece | None]) -> tuple[tuple[_Piece, ...], ...]:
    """Return the pieces of a message in two halves, or its only piece shortened; empty if it cannot be shortened."""
    if len(pieces) > 1:
        middle = len(pieces) // 2
        return tuple(pieces[:middle]), tuple(pieces[middle:])
    shorter = shorten(pieces[0])
    return ((shorter,),) if shorter is not None else ()
