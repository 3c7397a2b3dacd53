"""The views that an app opens for people: stacks of modals, and home tabs."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import sha1

from tests.fakes.slack import limits
from tests.fakes.slack.block_check import check_view
from tests.fakes.slack.problems import Json, SlackRefusal
from tests.fakes.slack.world import Ids


@dataclass(kw_only=True, slots=True, eq=False)
class View:
    """A modal or a home tab."""

    id: str
    raw: Json
    user: str
    team: str
    root: str
    previous: str | None = None
    version: int = 0
    #: The values filled in, by block_id and action_id.
    values: dict[str, dict[str, Json]] = field(default_factory=dict)
    #: The error messages, by block_id.
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """The view's hash, which changes with every update."""
        text = json.dumps(self.raw, sort_keys=True) + str(self.version)
        return f"{self.version}.{sha1(text.encode(), usedforsecurity=False).hexdigest()[:8]}"

    @property
    def blocks(self) -> list[Json]:
        """The view's blocks."""
        found: list[Json] = self.raw["blocks"]
        return found

    def as_json(self, app_id: str, bot_id: str) -> Json:
        """Return the view in Slack's format, with the values filled in."""
        said: Json = {
            "id": self.id,
            "team_id": self.team,
            "state": {"values": self.values},
            "hash": self.hash,
            "private_metadata": "",
            "callback_id": "",
            "external_id": "",
            "clear_on_close": False,
            "notify_on_close": False,
            "root_view_id": self.root,
            "previous_view_id": self.previous,
            "app_id": app_id,
            "app_installed_team_id": self.team,
            "bot_id": bot_id,
            "title": None,
            "submit": None,
            "close": None,
        }
        return said | self.raw


#: By the type of an input: the field of the view with its initial value, and the field of the state with its current
#: value; docs.slack.dev/reference/views, "view state".
STATE = {
    "plain_text_input": ("initial_value", "value"),
    "email_text_input": ("initial_value", "value"),
    "url_text_input": ("initial_value", "value"),
    "number_input": ("initial_value", "value"),
    "rich_text_input": ("initial_value", "rich_text_value"),
    "static_select": ("initial_option", "selected_option"),
    "external_select": ("initial_option", "selected_option"),
    "radio_buttons": ("initial_option", "selected_option"),
    "multi_static_select": ("initial_options", "selected_options"),
    "multi_external_select": ("initial_options", "selected_options"),
    "checkboxes": ("initial_options", "selected_options"),
    "users_select": ("initial_user", "selected_user"),
    "multi_users_select": ("initial_users", "selected_users"),
    "channels_select": ("initial_channel", "selected_channel"),
    "multi_channels_select": ("initial_channels", "selected_channels"),
    "conversations_select": ("initial_conversation", "selected_conversation"),
    "multi_conversations_select": ("initial_conversations", "selected_conversations"),
    "datepicker": ("initial_date", "selected_date"),
    "timepicker": ("initial_time", "selected_time"),
    "datetimepicker": ("initial_date_time", "selected_date_time"),
    "file_input": ("", "files"),
}
_LISTS = frozenset({"selected_options", "selected_users", "selected_channels", "selected_conversations", "files"})


def with_ids(blocks: list[Json], ids: Ids) -> list[Json]:
    """Return the blocks; like Slack, add a block_id or an action_id where the app gave none."""
    done = copy.deepcopy(blocks)
    for block in done:
        block.setdefault("block_id", ids.next("b"))
        children = [*block.get("elements", []), *block.get("actions", []), block.get("accessory"), block.get("element")]
        for element in children:
            if isinstance(element, dict) and element["type"] in ("button", "overflow", "feedback_buttons", *STATE):
                element.setdefault("action_id", ids.next("a"))
            elif isinstance(element, dict) and element["type"] == "card":
                element.update(with_ids([element], ids)[0])
    return done


def preset(blocks: list[Json]) -> dict[str, dict[str, Json]]:
    """Return the initial state of a view."""
    values: dict[str, dict[str, Json]] = {}
    for block in blocks:
        for element in [*block.get("elements", []), block.get("accessory"), block.get("element")]:
            if isinstance(element, dict) and element.get("type") in STATE:
                given, carried = STATE[element["type"]]
                empty: list[Json] | None = [] if carried in _LISTS else None
                held = {"type": element["type"], carried: element.get(given) or empty}
                values.setdefault(block["block_id"], {})[element["action_id"]] = held
    return values


class Windows:
    """The views of all people."""

    def __init__(self, ids: Ids, changed: Callable[[str, View], None]) -> None:
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self._ids = ids
        self._changed = changed

    def top(self, user: str) -> View | None:
        """Return the modal on top for a person; None if none is open."""
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def open(self, team: str, user: str, raw: Json) -> View:
        """Open a modal; it replaces those that are open."""
        view = self._new(team, user, check_view(raw, "modal"))
        self.stacks[user] = [view]
        self._changed("opened", view)
        return view

    def push(self, team: str, user: str, raw: Json) -> View:
        """Push a modal onto the open one."""
        stack = self.stacks.setdefault(user, [])
        checked = check_view(raw, "modal")
        if len(stack) >= limits.VIEW_STACK:
            raise SlackRefusal("push_limit_reached")
        view = self._new(team, user, checked, under=stack[-1] if stack else None)
        stack.append(view)
        self._changed("pushed", view)
        return view

    def find(self, *, view_id: str = "", external_id: str = "") -> View:
        """Return an open modal or a published home tab."""
        for view in [each for stack in self.stacks.values() for each in stack] + list(self.homes.values()):
            if view.id == view_id or (external_id and view.raw.get("external_id") == external_id):
                return view
        raise SlackRefusal("not_found")

    def update(self, view: View, raw: Json, given_hash: str = "") -> View:
        """Replace a view's content; values are kept for inputs with the same block_id and action_id."""
        if given_hash and given_hash != view.hash:
            raise SlackRefusal("hash_conflict")
        view.raw = self._numbered(check_view(raw, "modal"))
        fresh = preset(view.blocks)
        for block, actions in fresh.items():
            actions.update({name: held for name, held in view.values.get(block, {}).items() if name in actions})
        view.values, view.errors = fresh, {}
        view.version += 1
        self._changed("updated", view)
        return view

    def publish(self, team: str, user: str, raw: Json, given_hash: str = "") -> View:
        """Publish a person's home tab."""
        checked = check_view(raw, "home")
        known = self.homes.get(user)
        if given_hash and (known is None or given_hash != known.hash):
            raise SlackRefusal("hash_conflict")
        view = self._new(team, user, checked)
        if known is not None:
            view.id, view.root, view.version = known.id, known.root, known.version + 1
        self.homes[user] = view
        self._changed("published", view)
        return view

    def close(self, user: str, *, everything: bool = False) -> list[View]:
        """Close a person's top modal, or with `everything` all of them; return the closed ones."""
        stack = self.stacks.get(user, [])
        gone = list(stack) if everything else stack[-1:]
        del stack[len(stack) - len(gone) :]
        for view in gone:
            self._changed("closed", view)
        return gone

    def answered(self, view: View, answer: Json) -> None:
        """Apply the app's response to a submission; docs.slack.dev/surfaces/modals, "response actions"."""
        action = answer.get("response_action")
        if view not in self.stacks.get(view.user, []):
            return
        if action == "errors":
            view.errors = _errors(view, answer.get("errors"))
            self._changed("refused", view)
        elif action == "update":
            self.update(view, answer.get("view") or {})
        elif action == "push":
            self.push(view.team, view.user, answer.get("view") or {})
        elif action not in (None, "clear"):
            raise SlackRefusal("invalid_response_action")
        else:
            self.close(view.user, everything=action == "clear")

    def _new(self, team: str, user: str, raw: Json, under: View | None = None) -> View:
        numbered = self._numbered(raw)
        id_ = self._ids.next("V")
        view = View(id=id_, raw=numbered, user=user, team=team, root=under.root if under else id_)
        view.previous = under.id if under else None
        view.values = preset(view.blocks)
        return view

    def _numbered(self, raw: Json) -> Json:
        return {**raw, "blocks": with_ids(raw["blocks"], self._ids)}


def _errors(view: View, given: object) -> dict[str, str]:
    """Return the errors by block_id; Slack rejects an error whose block_id is not that of an input block."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(given, dict) or not given or not set(given) <= inputs:
        raise SlackRefusal("invalid_response_errors", blocks=sorted(inputs))
    return {str(block): str(error) for block, error in given.items()}
