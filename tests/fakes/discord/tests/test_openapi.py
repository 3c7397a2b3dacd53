"""Validation against Discord's OpenAPI spec: every error is found and located, and no valid body is refused."""

import json
from time import thread_time
from typing import Any

import discord
import pytest
from discord import app_commands, ui
from discord.http import handle_message_parameters

from tests.fakes.discord import rules
from tests.fakes.discord.openapi import DESCRIPTION, Spec
from tests.fakes.discord.trim_openapi import CUT, ROUTES, trimmed
from tests.fakes.discord.wrong import NO_EFFECT, Json, Wrong, error_body, refusals

MESSAGES = "/channels/1/messages"
CALLBACK = "/interactions/1/token/callback"


@pytest.fixture(scope="module")
def spec() -> Spec:
    """The trimmed spec from this repository."""
    return Spec.load()


def text(words: str = "x") -> Json:
    """Return a text display."""
    return {"type": 10, "content": words}


def card(**accessory: Any) -> Json:
    """Return a section with a link button as its accessory; the arguments change the button."""
    return {"type": 9, "components": [text()], "accessory": {"type": 2, "style": 5, "url": "https://a.b", **accessory}}


def found(wrongs: tuple[Wrong, ...]) -> list[tuple[str, str]]:
    """Return the path and the code of each error."""
    return [(".".join(map(str, each.path)), each.code) for each in wrongs]


WRONG: dict[str, tuple[str, str, object, list[tuple[str, str]]]] = {
    "a nonce too long": ("POST", MESSAGES, {"nonce": "x" * 26}, [("nonce", "BASE_TYPE_MAX_LENGTH")]),
    "content that is a number": ("POST", MESSAGES, {"content": 7}, [("content", "STRING_TYPE_CONVERT")]),
    "embeds that are one": ("POST", MESSAGES, {"embeds": {}}, [("embeds", "LIST_TYPE_CONVERT")]),
    "a title too long": (
        "POST",
        MESSAGES,
        {"embeds": [{}, {"title": "x" * 257}]},
        [("embeds.1.title", "BASE_TYPE_MAX_LENGTH")],
    ),
    "a button's label too long, deep within": (
        "POST",
        MESSAGES,
        {"components": [{"type": 17, "components": [text(), card(label="x" * 81)]}]},
        [("components.0.components.1.accessory.label", "BASE_TYPE_MAX_LENGTH")],
    ),
    "a section without what stands beside it": (
        "POST",
        MESSAGES,
        {"components": [{"type": 9, "components": [text()]}]},
        [("components.0.accessory", "BASE_TYPE_REQUIRED")],
    ),
    "a component of no type": ("POST", MESSAGES, {"components": [{}]}, [("components.0.type", "BASE_TYPE_REQUIRED")]),
    "a component of an unknown type": (
        "POST",
        MESSAGES,
        {"components": [{"type": 99}]},
        [("components.0.type", "UNION_TYPE_CHOICES")],
    ),
    "a component that is none": ("POST", MESSAGES, {"components": [3]}, [("components.0", "MODEL_TYPE_CONVERT")]),
    "an answer of an unknown type": ("POST", CALLBACK, {"type": 3}, [("type", "UNION_TYPE_CHOICES")]),
    "an empty custom_id": (
        "POST",
        CALLBACK,
        {"type": 9, "data": {"custom_id": "", "title": "T", "components": [text()]}},
        [("data.custom_id", "BASE_TYPE_BAD_LENGTH")],
    ),
    "an option without a description": (
        "PUT",
        "/applications/1/commands",
        [{"name": "a", "description": "b", "options": [{"type": 3, "name": "q"}]}],
        [("0.options.0.description", "BASE_TYPE_REQUIRED")],
    ),
    "an id that is none": (
        "POST",
        "/users/@me/channels",
        {"recipient_id": "me"},
        [("recipient_id", "NUMBER_TYPE_COERCE")],
    ),
    "a thread of no name": (
        "POST",
        "/channels/1/messages/2/threads",
        {"name": ""},
        [("name", "BASE_TYPE_BAD_LENGTH")],
    ),
    "a call that nobody described": ("POST", "/channels/1/nothing", {}, [("", "UNKNOWN_CALL")]),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named_where_it_is(spec: Spec, case: str) -> None:
    """Each error is reported once, at its own path, even within unions and their branches."""
    method, path, body, expected = WRONG[case]
    assert expected == found(spec.request(method, path, body))


def test_a_misspelt_key_is_noted_and_let_through(spec: Spec) -> None:
    """Discord ignores unknown keys; here they are reported, with the likely intended key."""
    (wrong,) = spec.request("POST", MESSAGES, {"content": "x", "componets": []})
    assert ("componets", "UNKNOWN_KEY", NO_EFFECT) == (wrong.path[0], wrong.code, wrong.top)
    assert 'perhaps "components"' in wrong.message
    assert () == refusals([wrong])


def test_a_misspelt_key_is_found_in_a_union_too(spec: Spec) -> None:
    """A key is valid only if the selected branch of the union has it."""
    assert [("components.0.accessory.lable", "UNKNOWN_KEY")] == found(
        spec.request("POST", MESSAGES, {"components": [card(lable="x")]})
    )
    body = {"name": "a", "message": {"content": "x"}, "applied_tag": []}
    assert [("applied_tag", "UNKNOWN_KEY")] == found(spec.request("POST", "/channels/1/threads", body))


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (MESSAGES, {"content": "x", "attachments": [{"id": 0, "filename": "a.txt"}]}),
        (MESSAGES, {"content": "x", "allowed_mentions": {"users": [5]}, "message_reference": {"message_id": 7}}),
        (CALLBACK, {"type": 5}),
        (CALLBACK, {"type": 8, "data": {"choices": []}}),
        (CALLBACK, {"type": 1}),
        ("/webhooks/1/token", {"content": "x", "flags": 64}),
    ],
)
def test_what_clients_are_known_to_send_is_taken(spec: Spec, path: str, body: Json) -> None:
    """Ids as numbers, and responses without data, are valid."""
    assert () == spec.request("POST", path, body)


def test_literal_steps_win_over_ids(spec: Spec) -> None:
    """`@me` and `@original` are never matched as ids, nor `pins` as a message."""
    assert () == spec.request("PATCH", "/webhooks/1/token/messages/@original", {"content": "x"})
    assert [("", "UNKNOWN_CALL")] == found(spec.request("GET", "/channels/@me", None))
    assert () == spec.request("GET", "/channels/1/messages/pins?limit=3", None)
    assert [("", "MODEL_TYPE_CONVERT")] == found(spec.response("GET", "/channels/1/messages/pins", 200, []))


def test_answers_are_held_to_the_description_as_well(spec: Spec) -> None:
    """A response with a missing field or an undocumented status is an error of the fake."""
    assert ("author", "BASE_TYPE_REQUIRED") in found(spec.response("POST", MESSAGES, 200, {"id": "1"}))
    assert [("", "UNKNOWN_STATUS")] == found(spec.response("POST", MESSAGES, 302, None))
    assert [("", "BODY_NOT_EMPTY")] == found(spec.response("DELETE", f"{MESSAGES}/2", 204, {}))
    assert () == spec.response("DELETE", f"{MESSAGES}/2", 204, None)


def test_refusals_fit_the_description(spec: Spec) -> None:
    """Discord's error body, a rate limit without a code, and any response from status 500 on are valid."""
    wrong = Wrong(path=("embeds", 0, "title"), code="BASE_TYPE_MAX_LENGTH", message="Must be 256 or fewer in length.")
    assert () == spec.response("POST", MESSAGES, 400, error_body([wrong]))
    assert () == spec.response("POST", MESSAGES, 404, {"code": 10003, "message": "Unknown Channel"})
    limited = {"message": "You are being rate limited.", "retry_after": 0.5, "global": False}
    assert () == spec.response("POST", MESSAGES, 429, limited)
    assert () == spec.response("POST", MESSAGES, 503, "<html>")


def test_a_check_is_quick(spec: Spec) -> None:
    """Validating a message of 40 components against schema and rules takes less than 15 ms.

    That is fast enough for tests to validate every call.
    """
    nine = [card(label=f"Paper {n}") | {"components": [text("t" * 100), text("b" * 300)]} for n in range(9)]
    body = {"flags": 1 << 15, "components": [{"type": 17, "components": [text("# Digest"), *nine, text(), text()]}]}
    took = []
    for _ in range(5):
        start = thread_time()
        assert () == (*spec.request("POST", MESSAGES, body), *rules.message(body, kind=rules.Kind.CREATE))
        took.append(thread_time() - start)
    assert min(took) < 0.015


def test_faults_nest_as_discord_nests_them() -> None:
    """Every error is in an `_errors` list under its path; an error of the whole body has a code only."""
    wrong = Wrong(path=("a", 0), code="C", message="M")
    tree = {"a": {"0": {"_errors": [{"code": "C", "message": "M"}]}}}
    assert {"code": 50035, "message": "Invalid Form Body", "errors": tree} == error_body([wrong])
    empty = Wrong(path=(), code="EMPTY", message="M", top=50006)
    assert {"code": 50006, "message": "Cannot send an empty message"} == error_body([empty])
    assert 50035 == error_body([empty, wrong])["code"]
    assert "a.0: M [C]" == str(wrong)


def test_the_cut_holds_the_calls_and_all_that_they_reach() -> None:
    """The trimmed spec has no references to missing parts, and trimming it again changes nothing."""
    cut = json.loads(CUT.read_text(encoding="utf-8"))
    assert DESCRIPTION == CUT
    assert list(ROUTES) == list(cut["paths"])
    again = trimmed({**cut, "components": {**cut["components"], "responses": {}}})
    assert cut == again


def view() -> ui.LayoutView:
    """Return a card of a digest, built with discord.py."""
    made: ui.LayoutView = ui.LayoutView()
    section: ui.Section[ui.LayoutView] = ui.Section(
        "Title", "Blurb", accessory=ui.Button(label="More", custom_id="p:1")
    )
    menu: ui.Select[ui.LayoutView] = ui.Select(custom_id="s", options=[discord.SelectOption(label="a", value="b")])
    made.add_item(
        ui.Container(ui.TextDisplay("# Digest"), ui.Separator(), section, ui.ActionRow(menu), accent_color=255)
    )
    return made


def sent() -> dict[str, tuple[str, str, Json]]:
    """Return the requests of discord.py, by name."""
    embed = discord.Embed(title="t", description="d", url="https://x.y", color=3)
    embed.set_footer(text="f").set_author(name="a").add_field(name="n", value="v")
    nobody = discord.AllowedMentions.none()
    cards = handle_message_parameters(view=view(), nonce="n", allowed_mentions=nobody).payload or {}
    changed = handle_message_parameters(view=view(), allowed_mentions=nobody).payload or {}
    plain = handle_message_parameters("hi", embed=embed, allowed_mentions=nobody).payload or {}
    post = handle_message_parameters("hi", channel_payload={"name": "n", "applied_tags": ["1"]}).payload or {}
    return {
        "create with components": ("POST", MESSAGES, cards),
        "create with an embed": ("POST", MESSAGES, plain),
        "edit": ("PATCH", f"{MESSAGES}/2", plain),
        "forum post": ("POST", "/channels/1/threads", post),
        "callback": ("POST", CALLBACK, {"type": 4, "data": plain}),
        "update": ("POST", CALLBACK, {"type": 7, "data": changed}),
        "follow-up": ("POST", "/webhooks/1/token", plain),
        "edit of the original": ("PATCH", "/webhooks/1/token/messages/@original", plain),
    }


async def test_nothing_that_discord_py_sends_is_a_fault(spec: Spec) -> None:
    """The spec with its allowances, and the further rules, accept every request of a client that works on Discord.

    discord.py creates views only while an event loop runs, so the test is asynchronous.
    """
    faults = {name: found(spec.request(*call)) for name, call in sent().items()}
    assert {} == {name: each for name, each in faults.items() if each}
    calls = sent()
    assert () == rules.callback(calls["update"][2])
    assert () == rules.message(calls["create with components"][2], kind=rules.Kind.CREATE)
    assert () == rules.message(calls["forum post"][2], kind=rules.Kind.FORUM_POST)


class Order(ui.Modal, title="Order"):
    """A modal with five kinds of field."""

    words: ui.Label["Order"] = ui.Label(text="Words", component=ui.TextInput(style=discord.TextStyle.paragraph))
    rhythm: ui.Label["Order"] = ui.Label(text="Rhythm", component=ui.Select(options=[discord.SelectOption(label="a")]))
    file: ui.Label["Order"] = ui.Label(text="File", component=ui.FileUpload())
    where: ui.Label["Order"] = ui.Label(text="Where", component=ui.ChannelSelect())
    agreed: ui.Label["Order"] = ui.Label(text="Agreed", component=ui.Checkbox())


async def test_modals_of_discord_py_are_no_faults(spec: Spec) -> None:
    """A modal with five fields of five kinds is valid."""
    body = {"type": 9, "data": Order().to_dict()}
    assert () == (*spec.request("POST", CALLBACK, body), *rules.callback(body))


async def test_commands_of_discord_py_are_no_faults(spec: Spec) -> None:
    """A group with a subcommand and a context menu command are valid as discord.py registers them."""
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    manage = discord.Permissions(manage_guild=True)
    group = app_commands.Group(name="digest", description="d", default_permissions=manage, guild_only=True)

    @group.command(name="subscribe", description="s")
    @app_commands.choices(style=[app_commands.Choice(name="Compact", value="compact")])
    async def subscribe(_i: discord.Interaction, style: str, limit: app_commands.Range[int, 1, 25] = 5) -> None:
        """Do nothing."""

    @app_commands.context_menu(name="Sum Up")
    async def menu(_i: discord.Interaction, _message: discord.Message) -> None:
        """Do nothing."""

    tree.add_command(group)
    tree.add_command(menu)
    body = [each.to_dict(tree) for each in tree.get_commands()]
    assert () == (*spec.request("PUT", "/applications/1/commands", body), *rules.commands(body))
