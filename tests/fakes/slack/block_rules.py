"""The vocabulary in which the block tables are written, with Slack's messages for broken rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.problems import Json


@dataclass(kw_only=True, slots=True)
class Findings:
    """The errors found in one payload, with the data for checks across its blocks."""

    #: message, modal or home.
    surface: str
    faults: list[str] = field(default_factory=list)
    action_ids: dict[tuple[str, str], str] = field(default_factory=dict)
    #: The block that is being checked.
    block: str = ""

    def add(self, what: str, where: str) -> None:
        """Add an error with a JSON pointer, in Slack's format."""
        self.faults.append(f"{what} [json-pointer:{where}]")


Rule = Callable[[Any, str, Findings], None]


def string(most: int, *, least: int = 1) -> Rule:
    """Return a rule for a string of limited length."""

    def check(value: Any, where: str, found: Findings) -> None:
        if not isinstance(value, str):
            found.add("must provide a string", where)
        elif len(value) < least:
            found.add(f"must be more than {least - 1} characters", where)
        elif len(value) > most:
            found.add(f"must be less than {most + 1} characters", where)

    return check


def text(most: int, *kinds: str) -> Rule:
    """Return a rule for a text object of the given kinds."""
    inner = string(most)

    def check(value: Any, where: str, found: Findings) -> None:
        if not isinstance(value, dict):
            found.add("must provide an object", where)
            return
        if value.get("type") not in kinds:
            found.add(f"must be a valid enum value: {', '.join(kinds)}", f"{where}/type")
        stray = set(value) - {"type", "text", "emoji" if value.get("type") == "plain_text" else "verbatim"}
        for name in sorted(stray):
            found.add(f"invalid additional property: {name}", where)
        inner(value.get("text"), f"{where}/text", found)

    return check


def plain(most: int) -> Rule:
    """Return a rule for a plain_text object."""
    return text(most, "plain_text")


def any_text(most: int) -> Rule:
    """Return a rule for a text object of either kind."""
    return text(most, "mrkdwn", "plain_text")


def flag(value: Any, where: str, found: Findings) -> None:
    """Check that a value is a boolean."""
    if not isinstance(value, bool):
        found.add("must be a boolean", where)


def number(least: float = float("-inf"), most: float = float("inf")) -> Rule:
    """Return a rule for a number in a range."""

    def check(value: Any, where: str, found: Findings) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            found.add("must be a number", where)
        elif value < least:
            found.add(f"must be at least {least:g}", where)
        elif value > most:
            found.add(f"must be at most {most:g}", where)

    return check


def one_of(*values: str) -> Rule:
    """Return a rule for one of the given strings."""

    def check(value: Any, where: str, found: Findings) -> None:
        if value not in values:
            found.add(f"must be a valid enum value: {', '.join(values)}", where)

    return check


def anything(value: Any, where: str, found: Findings) -> None:
    """Accept any value."""


def url(most: int) -> Rule:
    """Return a rule for a URL."""
    fits = string(most)

    def check(value: Any, where: str, found: Findings) -> None:
        fits(value, where, found)
        if isinstance(value, str) and ":" not in value:
            found.add("must be a valid URL", where)

    return check


def items(rule: Rule, *, least: int = 1, most: int) -> Rule:
    """Return a rule for a list of limited length."""

    def check(value: Any, where: str, found: Findings) -> None:
        if not isinstance(value, list):
            found.add("must be an array", where)
            return
        if len(value) < least:
            found.add(f"no fewer than {least} items allowed" if least > 1 else "must not be empty", where)
        if len(value) > most:
            found.add(f"no more than {most} items allowed", where)
        for index, each in enumerate(value):
            rule(each, f"{where}/{index}", found)

    return check


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """The allowed and required fields of an object."""

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    #: Fields of which at least one is required.
    any_of: tuple[str, ...] = ()
    #: The surfaces on which it is allowed.
    surfaces: tuple[str, ...] = ("message", "modal", "home")

    def check(self, value: Any, where: str, found: Findings) -> None:
        """Check an object against the shape."""
        if not isinstance(value, dict):
            found.add("must provide an object", where)
            return
        if found.surface not in self.surfaces:
            found.add(f"unsupported type: {value.get('type')}", f"{where}/type")
        for name in self.required:
            if value.get(name) is None:
                found.add(f"missing required field: {name}", where)
        if self.any_of and all(value.get(name) is None for name in self.any_of):
            found.add(f"missing required field: {' or '.join(self.any_of)}", where)
        self._check_fields(value, where, found)

    def _check_fields(self, value: Json, where: str, found: Findings) -> None:
        rules = {**self.required, **self.optional}
        for name, inner in value.items():
            if name == "type" or inner is None:
                continue
            if name not in rules:
                found.add(f"invalid additional property: {name}", where)
            else:
                rules[name](inner, f"{where}/{name}", found)


def by_type(table: Mapping[str, Shape], *kinds: str) -> Rule:
    """Return a rule that selects the shape by the object's type, among the given types or all in the table."""

    def check(value: Any, where: str, found: Findings) -> None:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in table or (kinds and kind not in kinds):
            found.add(f"unsupported type: {kind}", f"{where}/type")
            return
        table[kind].check(value, where, found)
        _note_action(value, where, found)

    return check


def _note_action(value: Json, where: str, found: Findings) -> None:
    """Record an action_id; two elements of one block must not share one."""
    action = value.get("action_id")
    if not isinstance(action, str):
        return
    key = (found.block, action)
    if key in found.action_ids:
        found.add(f'`action_id` "{action}" already exists', f"{where}/action_id")
    found.action_ids[key] = where
