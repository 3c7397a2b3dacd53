"""The line under a paper that mentions members whom it might interest, and their way out. Pure functions."""

import re
from collections.abc import Sequence

from bots.domain.replies import NextStep
from bots.presentation.follow_text import care_label
from bots.presentation.labels import step_label
from bots.slack.blocks import Json, actions, button, leaf, rich
from bots.slack.controls import Control

#: Ids of people (docs.slack.dev, "Conversations API"): anything else is no person, and is left out.
_PERSON = re.compile(r"[UW][A-Z0-9]{2,20}", re.ASCII)


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
    return rich([leaf(f"{care_label()}:", italic=True), *named]), actions([end], f"care|{number}")
