"""The line under a paper that mentions members whom it might interest, and their way out. Pure functions."""

from collections.abc import Collection, Sequence

from bots.discord.components import Json, button, section
from bots.discord.controls import Control, control_id, label_of
from bots.discord.markup import mention, subtext
from bots.presentation.follow_text import care_label


def mentioned(users: Sequence[str]) -> tuple[str, ...]:
    """Return the ids that are ids of people: these alone a message may ping."""
    return tuple(dict.fromkeys(user for user in users if mention(user)))


def care_components(users: Sequence[str], number: int) -> tuple[Json, ...]:
    """Return the line that mentions members who agreed to it, and the button with which one ends that; may be empty.

    Args:
        users: ids of members; only these are mentioned.
        number: the position of the paper; keeps the custom id unique in the message.
    """
    people = mentioned(users)
    if not people:
        return ()
    line = subtext(f"{care_label()}: {' '.join(map(mention, people))}")
    end = button(label_of(Control.MENTIONS_OFF), control_id(Control.MENTIONS_OFF, turn=number + 1))
    return (section([line], end),)


def without(components: Sequence[Json], users: Collection[str]) -> tuple[Json, ...]:
    """Return components that mention these people no more; a line that mentions nobody goes with its button."""
    return tuple(each for component in components if (each := _without(component, users)) is not None)


def _without(component: Json, users: Collection[str]) -> Json | None:
    button_id = str(component.get("accessory", {}).get("custom_id", ""))
    if not button_id.startswith(control_id(Control.MENTIONS_OFF)):
        return component
    (line,) = component["components"]
    said = line["content"]
    for user in users:
        said = said.replace(f" {mention(user)}", "") if mention(user) else said
    return {**component, "components": [{**line, "content": said}]} if "<@" in said else None
