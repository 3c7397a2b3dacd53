"""Messages made of indivisible blocks of markup: packing them into parts, and making parts smaller. Pure functions.

For an adapter whose messages are text. The payload of a part is `{"blocks": [...], "papers": [...]}`: the markup of
each block, and whether it shows a paper.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bots.chat.rendering import halve, number_parts, split_items
from bots.domain.channels import Channel
from bots.domain.digests import Part, split_entries
from bots.domain.papers import PaperId


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """One indivisible piece of a message, escaped and inside the limits."""

    text: str
    #: The paper in the block, if any.
    paper_id: PaperId | None = None


def block_parts(
    channel: Channel,
    blocks: Sequence[Block],
    *,
    budget: int,
    most: int,
    between: int = 0,
    size: Callable[[str], int] = len,
) -> tuple[Part, ...]:
    """Return blocks as parts, in as few messages as possible.

    Args:
        budget: the maximum size of a message, in the unit of `size`; larger blocks must be cut before.
        most: the maximum number of blocks in a message.
        between: the size of the separator between two blocks.
        size: the function with which the platform measures text.
    """
    groups = split_entries(blocks, lambda block: size(block.text) + between, budget + between, most)
    return _numbered(channel, groups)


def blocks_of(part: Part) -> tuple[Block, ...]:
    """Return the blocks of a part that `block_parts` made, each with its paper."""
    held: Mapping[str, Any] = part.payload
    found = split_items(held["blocks"], [1] * len(held["blocks"]), held["papers"], part.paper_ids)
    return tuple(Block(text=text, paper_id=paper_id) for (text,), paper_id in found)


def smaller_parts(part: Part) -> tuple[Part, ...]:
    """Return a part in two halves, or its only block cut to the first half of its lines; empty if it has one line.

    A cut between lines splits no link and no escape: see `Adapter.shrink`.
    """
    return _numbered(part.channel, halve(blocks_of(part), _shorter))


def _shorter(block: Block) -> Block | None:
    lines = block.text.split("\n")
    kept = "\n".join(lines[: len(lines) // 2])
    return replace(block, text=kept) if kept.strip() else None


def _numbered(channel: Channel, groups: Sequence[Sequence[Block]]) -> tuple[Part, ...]:
    return number_parts(channel, [(_payload(group), group) for group in groups])


def _payload(blocks: Sequence[Block]) -> Mapping[str, object]:
    return {"blocks": [block.text for block in blocks], "papers": [block.paper_id is not None for block in blocks]}
