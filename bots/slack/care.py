"""The line under a paper that mentions members whom it might interest, and their way out. Pure functions."""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from bots.domain.replies import NextStep
from bots.presentation.follow_text import care_label
from bots.presentation.labels import step_label
from bots.slack.blocks import Json, actions, button, leaf, rich
from bots.slack.controls import Control

#: Ids of people (docs.slack.dev, "Conversations API"): anything else is no person, and is left out.
_PERSON = re.compile(r"[UW][A-Z0-9]{2,20}", re.ASCII)

#: How the block id of the row below the line begins; the position of the paper follows.
_CARE = "care|"


def care_blocks(users: Sequence[str], number: int) -> tuple[Json, ...]:
    """Return the line that mentions members who agreed to it, and the button with which one ends that; may be empty.

    Args:
        users: ids of members; only these are mentioned.
        number: the position of the paper; keeps the block id unique.
    """
    people = [user for user in users if _PERSON.fullmatch(user)]
    if not people:
        return ()
    named = [each for user in people for each in (leaf(" "), {"type": "user", "user_id": user})]
    end = button(step_label(NextStep.MENTIONS_OFF), Control.MENTIONS_OFF)
    return rich([leaf(f"{care_label()}:", italic=True), *named]), actions([end], f"{_CARE}{number}")


def mentioned(blocks: Sequence[Json]) -> frozenset[str]:
    """Return the ids of the people whom blocks mention."""
    lines = (line for line, row in pairwise(blocks) if _ends(row))
    return frozenset(str(each["user_id"]) for line in lines for each in _leaves(line) if each["type"] == "user")


def without(blocks: Sequence[Json], users: Collection[str]) -> tuple[Json, ...]:
    """Return blocks that mention these people no more; a line that mentions nobody goes with its button."""
    kept: list[Json] = []
    for block in blocks:
        if not _ends(block) or not kept:
            kept.append(block)
            continue
        leaves = _leaves(kept.pop())
        left = [each for each in leaves if each["type"] == "user" and each["user_id"] not in users]
        if left:
            kept += [rich([leaves[0], *(each for user in left for each in (leaf(" "), user))]), block]
    return tuple(kept)


def _ends(block: Json) -> bool:
    """Return whether a block is the row below a line that mentions members."""
    return str(block.get("block_id", "")).startswith(_CARE)


def _leaves(line: Json) -> Sequence[Json]:
    found: Sequence[Json] = line["elements"][0]["elements"]
    return found
