"""What the adapters of chats do alike when they pack messages."""

from dataclasses import dataclass, replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bots.chat.blocks import Block, block_parts, blocks_of, smaller_parts
from bots.chat.rendering import halve, number_parts, pack, split_items
from bots.domain.papers import PaperId
from tests.support.factories import CHANNEL


@dataclass(frozen=True)
class Piece:
    """A piece of a message, measured in blocks and characters."""

    blocks: int
    chars: int
    paper_id: PaperId | None = None


PAPERS = st.none() | st.builds(
    PaperId, scheme=st.just("arxiv"), value=st.from_regex(r"2004\.0000[0-9]", fullmatch=True)
)
PIECES = st.lists(st.builds(Piece, blocks=st.integers(0, 5), chars=st.integers(0, 40), paper_id=PAPERS), max_size=30)
LIMITS = (5, 40)


def measure(piece: Piece) -> tuple[int, int]:
    """Return the size of a piece."""
    return piece.blocks, piece.chars


@given(PIECES)
def test_packing_loses_nothing_and_keeps_the_limits(pieces: list[Piece]) -> None:
    """Every piece is in exactly one message, in order, and no message exceeds either limit."""
    groups = pack(pieces, measure, LIMITS)
    assert pieces == [piece for group in groups for piece in group]
    assert all(LIMITS[0] >= sum(piece.blocks for piece in group) for group in groups)
    assert all(LIMITS[1] >= sum(piece.chars for piece in group) for group in groups)


@given(PIECES)
def test_a_message_is_as_full_as_the_limits_allow(pieces: list[Piece]) -> None:
    """The first piece of the next message would not have fitted into the message before it."""
    groups = pack(pieces, measure, LIMITS)
    for group, following in pairwise(groups):
        more = [*group, following[0]]
        assert sum(piece.blocks for piece in more) > LIMITS[0] or sum(piece.chars for piece in more) > LIMITS[1]


def test_a_piece_over_the_limits_has_a_message_to_itself() -> None:
    """A piece that no message holds is neither dropped nor joined with others."""
    large, small = Piece(blocks=9, chars=9), Piece(blocks=1, chars=1)
    assert ((small,), (large,), (small,)) == pack((small, large, small), measure, LIMITS)


@given(PIECES)
def test_stored_pieces_come_back(pieces: list[Piece]) -> None:
    """What a payload stores of its pieces is enough to split it into the same pieces with the same papers."""
    items = [(number, place) for number, piece in enumerate(pieces) for place in range(piece.blocks)]
    papers = [piece.paper_id for piece in pieces if piece.paper_id]
    found = split_items(
        items, [piece.blocks for piece in pieces], [piece.paper_id is not None for piece in pieces], papers
    )
    assert [piece.paper_id for piece in pieces] == [paper for _, paper in found]
    assert items == [item for inside, _ in found for item in inside]


@given(PIECES.filter(bool))
def test_halves_hold_every_piece(pieces: list[Piece]) -> None:
    """A message of several pieces is halved in order; a single piece is shortened, or nothing is left to do."""
    halves = halve(pieces, lambda piece: replace(piece, chars=piece.chars // 2) if piece.chars else None)
    if len(pieces) > 1:
        assert pieces == [piece for half in halves for piece in half]
        assert 2 == len(halves)
    else:
        assert ([pieces[0].chars // 2] if pieces[0].chars else []) == [piece.chars for (piece,) in halves]


@given(st.lists(PIECES, min_size=1, max_size=5))
def test_parts_are_numbered_and_name_their_papers(groups: list[list[Piece]]) -> None:
    """Parts count from 1, all know their total, and each lists the papers that it shows."""
    parts = number_parts(CHANNEL, [({"n": number}, group) for number, group in enumerate(groups)])
    assert list(range(1, len(groups) + 1)) == [part.number for part in parts]
    assert {len(groups)} == {part.total for part in parts}
    shown = [tuple(piece.paper_id for piece in group if piece.paper_id) for group in groups]
    assert shown == [part.paper_ids for part in parts]


def test_a_block_of_blank_lines_is_not_left_over() -> None:
    """A block is cut to the first half of its lines, and to nothing if only blank lines are left."""

    def shrunk(text: str) -> list[str]:
        (whole,) = block_parts(CHANNEL, [Block(text=text)], budget=1000, most=5)
        return [block.text for part in smaller_parts(whole) for block in blocks_of(part)]

    assert ["a\nb"] == shrunk("a\nb\nc\nd")
    assert [] == shrunk("\n\n\nabc\n\n\n")
    assert [] == shrunk("abc")
