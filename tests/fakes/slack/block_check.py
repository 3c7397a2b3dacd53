"""Validates blocks and views against Block Kit, with Slack's error messages."""

import json
from collections import Counter
from decimal import Decimal
from typing import Any

from tests.fakes.slack import limits
from tests.fakes.slack.block_rules import Findings, Shape, by_type, plain, string
from tests.fakes.slack.block_tables import BLOCKS
from tests.fakes.slack.problems import Json, SlackRefusal, invalid_blocks

_BLOCK = by_type(BLOCKS)
#: Fields with visible text; docs.slack.dev does not say whose characters count, so those of all of them do.
_READ = frozenset({"text", "fallback", "alt_text", "label", "placeholder", "description", "title"})


def faults(blocks: Any, *, surface: str = "message", at: str = "") -> list[str]:
    """Return the errors in blocks on a surface: message, modal or home."""
    found = Findings(surface=surface)
    where = f"{at}/blocks"
    if not isinstance(blocks, list):
        return [f"must be an array [json-pointer:{where}]"]
    most = limits.MESSAGE_BLOCKS if surface == "message" else limits.VIEW_BLOCKS
    if len(blocks) > most:
        found.add(f"no more than {most} items allowed", where)
    for index, block in enumerate(blocks):
        found.block = str(index)
        _BLOCK(block, f"{where}/{index}", found)
    if not found.faults:
        _check_together(blocks, where, found)
    return found.faults


def _check_together(blocks: list[Json], where: str, found: Findings) -> None:
    ids = Counter(block["block_id"] for block in blocks if "block_id" in block)
    for index, block in enumerate(blocks):
        if ids[block.get("block_id", "")] > 1:
            found.add(f'`block_id` "{block["block_id"]}" already exists', f"{where}/{index}/block_id")
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > limits.MARKDOWN_TOTAL:
        found.add(f"must be less than {limits.MARKDOWN_TOTAL + 1} characters", where)
    if sum(block["type"] == "table" for block in blocks) > 1:
        found.add("only one table allowed", where)
    for index, block in enumerate(blocks):
        _check_choices(block, f"{where}/{index}", found)


def _check_choices(block: Json, where: str, found: Findings) -> None:
    elements = [block.get("accessory"), block.get("element"), *(block.get("elements") or [])]
    for element in elements:
        if not isinstance(element, dict):
            continue
        options = [option["value"] for option in element.get("options") or []]
        chosen = [*(element.get("initial_options") or []), element.get("initial_option")]
        for option in chosen:
            if option and options and option["value"] not in options:
                found.add("initial option must match one of the options", where)
        _check_initial_value(element, where, found)


def _check_initial_value(element: Json, where: str, found: Findings) -> None:
    """Check that a field does not open with a value that its own limits forbid."""
    value = element.get("initial_value")
    if not isinstance(value, str) or not value:
        return
    if element["type"] == "number_input":
        least, most = (Decimal(element.get(name, value)) for name in ("min_value", "max_value"))
        if not least <= Decimal(value) <= most:
            found.add("initial_value must be between min_value and max_value", where)
    elif len(value) > element.get("max_length", len(value)):
        found.add("initial_value must not be longer than max_length", where)


def text_length(value: Any) -> int:
    """Return the total number of text characters in blocks."""
    if isinstance(value, list):
        return sum(map(text_length, value))
    if isinstance(value, dict):
        own = sum(len(each) for name, each in value.items() if name in _READ and isinstance(each, str))
        return own + sum(text_length(each) for each in value.values() if isinstance(each, dict | list))
    return 0


def check_message(blocks: Any) -> None:
    """Check the blocks of a message against every limit.

    Raises:
        SlackRefusal: invalid_blocks_format, invalid_blocks or msg_blocks_too_long.
    """
    if not isinstance(blocks, list) or not all(isinstance(each, dict) for each in blocks):
        raise SlackRefusal("invalid_blocks_format")
    if found := faults(blocks):
        raise invalid_blocks(found)
    if text_length(blocks) > limits.BLOCKS_TOTAL:
        raise SlackRefusal("msg_blocks_too_long")


_COMMON = ("type", "blocks", "private_metadata", "callback_id", "external_id")
_MODAL_ONLY = ("title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")
_VIEW = {
    "title": plain(limits.VIEW_TITLE),
    "submit": plain(limits.VIEW_TITLE),
    "close": plain(limits.VIEW_TITLE),
    "private_metadata": string(limits.PRIVATE_METADATA, least=0),
    "callback_id": string(limits.CALLBACK_ID, least=0),
    "external_id": string(limits.CALLBACK_ID, least=0),
}


def check_view(view: Any, *kinds: str) -> Json:
    """Check a view against every limit and return it.

    Raises:
        SlackRefusal: invalid_arguments or view_too_large.
    """
    if not isinstance(view, dict) or view.get("type") not in kinds:
        raise invalid_blocks(["must be a valid view [json-pointer:/view]"], "invalid_arguments")
    if len(json.dumps(view, ensure_ascii=False).encode()) > limits.VIEW_BYTES:
        raise SlackRefusal("view_too_large")
    found = Findings(surface=str(view["type"]))
    _check_view_fields(view, found)
    all_faults = [*found.faults, *faults(view.get("blocks"), surface=str(view["type"]), at="/view")]
    if not all_faults and view["type"] == "modal" and "submit" not in view and _has_input(view):
        all_faults = ["missing required field: submit, for there are input blocks [json-pointer:/view]"]
    if all_faults:
        raise invalid_blocks(all_faults, "invalid_arguments")
    return view


def _has_input(view: Json) -> bool:
    return any(block["type"] == "input" for block in view["blocks"])


def _check_view_fields(view: Json, found: Findings) -> None:
    known = (*_COMMON, *_MODAL_ONLY) if view["type"] == "modal" else _COMMON
    shape = Shape(required={"title": _VIEW["title"]} if view["type"] == "modal" else {}, optional=_VIEW)
    for name in view:
        if name not in known:
            found.add(f"invalid additional property: {name}", "/view")
    shape.check({name: view[name] for name in view if name in _VIEW}, "/view", found)
