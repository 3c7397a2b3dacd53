"""The 30 rules that Discord's documents state and its OpenAPI spec does not: a valid and an invalid body for each."""

from collections.abc import Callable
from typing import Any

import discord
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fakes.discord import rules
from tests.fakes.discord.openapi import Spec
from tests.fakes.discord.rules import Kind
from tests.fakes.discord.rules_commands import LOCALES, is_name
from tests.fakes.discord.wrong import EMPTY_MESSAGE, NO_EFFECT, Json, Wrong

V2 = 1 << 15
EPHEMERAL = 1 << 6

Check = Callable[[Any], tuple[Wrong, ...]]


def message(kind: Kind = Kind.CREATE) -> Check:
    """Return the validator of a message."""
    return lambda body: rules.message(body, kind=kind)


def text(words: str = "x") -> Json:
    """Return a text display."""
    return {"type": 10, "content": words}


def button(custom_id: str = "a", **more: Any) -> Json:
    """Return a button, with the given fields changed."""
    return {"type": 2, "style": 1, "label": "Go", "custom_id": custom_id, **more}


def link(**more: Any) -> Json:
    """Return a link button, with the given fields changed."""
    return {"type": 2, "style": 5, "label": "Go", "url": "https://arxiv.org", **more}


def row(*components: Json) -> Json:
    """Return an action row."""
    return {"type": 1, "components": list(components)}


def select(custom_id: str = "s", *, values: str = "a", preset: int = 0) -> Json:
    """Return a menu of options with these letters as values, the first of them preset."""
    options = [{"label": "a", "value": each, "default": place < preset} for place, each in enumerate(values)]
    return {"type": 3, "custom_id": custom_id, "options": options}


def cards(*components: Json) -> Json:
    """Return a message of components."""
    return {"flags": V2, "components": [{"type": 17, "components": list(components)}]}


def rows(*components: Json) -> Json:
    """Return a message with content and components."""
    return {"content": "x", "components": list(components)}


def field(custom_id: str = "f") -> Json:
    """Return a labelled text input."""
    return labelled({"type": 4, "style": 1, "custom_id": custom_id})


def labelled(component: Json) -> Json:
    """Return a component of a modal with a label."""
    return {"type": 18, "label": "L", "component": component}


def modal(*components: Json) -> Json:
    """Return a modal."""
    return {"title": "T", "custom_id": "m", "components": list(components)}


def slash(name: str = "paper", **more: Any) -> Json:
    """Return a slash command."""
    return {"name": name, "description": "d", **more}


def option(name: str = "q", **more: Any) -> Json:
    """Return a string option."""
    return {"type": 3, "name": name, "description": "d", **more}


def embed(**more: Any) -> Json:
    """Return a message with one embed."""
    return {"embeds": [{"title": "t", **more}]}


def allowed(**more: Any) -> Json:
    """Return a message with `allowed_mentions`."""
    return {"content": "x", "allowed_mentions": more}


def post(tags: int) -> Json:
    """Return a forum post with the given number of tags."""
    return {"name": "n", "message": {"content": "x"}, "applied_tags": ["1"] * tags}


def sized(size: int) -> Json:
    """Return a command of the given size in characters, including the names and descriptions of its options."""
    options = [option(f"o{n:02}", description="d" * 97) for n in range(size // 100)]
    return slash("x", description="d" * (size % 100 - 1), options=options)


MENU = {"type": 3, "name": "Sum Up"}
#: By number: the validator, a valid body, an invalid body, and the path of its error.
RULES: dict[str, tuple[Check, Any, Any, str]] = {
    "1": (message(), {"content": "x" * 2000}, {"content": "x" * 2001}, "content"),
    "1, on an edit": (message(Kind.EDIT), {"content": "𝔘" * 2000}, {"content": "𝔘" * 2001}, "content"),
    "1, in a forum": (
        message(Kind.FORUM_POST),
        {"name": "n", "message": {"content": "x" * 2000}},
        {"name": "n", "message": {"content": "x" * 2001}},
        "message.content",
    ),
    "2": (
        message(),
        {"embeds": [{"description": "x" * 3000}, {"description": "x" * 3000 + " " * 9}]},
        {"embeds": [{"description": "x" * 3000}, {"description": "x" * 2999, "footer": {"text": "xx"}}]},
        "embeds",
    ),
    "3": (
        message(),
        embed(fields=[{"name": "n", "value": "v"}]),
        embed(fields=[{"name": "n", "value": " "}]),
        "embeds.0.fields.0.value",
    ),
    "4": (message(), embed(url="https://arxiv.org/abs/1"), embed(url="arxiv.org/abs/1"), "embeds.0.url"),
    "4, of a picture": (
        message(),
        embed(image={"url": "attachment://a.png"}),
        embed(image={"url": "ftp://a.b/a.png"}),
        "embeds.0.image.url",
    ),
    "5": (message(), cards(*[text()] * 39), cards(*[text()] * 40), "components"),
    "6": (message(), cards(text("x" * 2000), text("x" * 2000)), cards(text("x" * 4000), text()), "components"),
    "7": (message(), cards(text()) | {"content": None, "embeds": []}, cards(text()) | {"content": "x"}, "content"),
    "8": (message(), cards(text()), rows(text()), "components.0.type"),
    "9": (
        message(),
        rows(row(button("a"), button("b"))),
        rows(row(button("a")), row(button("a"))),
        "components.1.components.0.custom_id",
    ),
    "9, in a modal": (
        rules.modal,
        modal(field("a"), field("b")),
        modal(field("a"), field("a")),
        "components.1.component.custom_id",
    ),
    "9, of numbers": (
        message(),
        cards(text() | {"id": 0}, text() | {"id": 0}, text() | {"id": 7}),
        cards(text() | {"id": 7}, text() | {"id": 7}),
        "components.0.components.1.id",
    ),
    "10": (message(), rows(row(link())), rows(row(link(custom_id="a"))), "components.0.components.0.custom_id"),
    "10, without an address": (
        message(),
        rows(row(link(url="discord://-/x"))),
        rows(row(link(url=None))),
        "components.0.components.0.url",
    ),
    "10, of a scheme that is not opened": (
        message(),
        rows(row(link(url="http://a.b"))),
        rows(row(link(url="javascript://a.b"))),
        "components.0.components.0.url",
    ),
    "10, of a button": (
        message(),
        rows(row(button())),
        rows(row(button(url="https://a.b"))),
        "components.0.components.0.url",
    ),
    "11": (message(), {"content": "x"}, {"content": " \n", "embeds": []}, ""),
    "12": (
        rules.modal,
        modal(*(field(str(n)) for n in range(5))),
        modal(*(field(str(n)) for n in range(6))),
        "components",
    ),
    "13": (rules.command, slash("résumé-1"), slash("Paper"), "name"),
    "13, of an option": (
        rules.command,
        slash(options=[option("ต่อวัน")]),
        slash(options=[option("a b")]),
        "options.0.name",
    ),
    "13, translated": (
        rules.command,
        slash(name_localizations={"fr": "résumé"}),
        slash(name_localizations={"fr": "Résumé"}),
        "name_localizations.fr",
    ),
    "14": (rules.command, slash(), slash(description=""), "description"),
    "15": (
        rules.command,
        slash(options=[option("a", required=True), option("b")]),
        slash(options=[option("a"), option("b", required=True)]),
        "options.1",
    ),
    "16": (rules.command, MENU, {**MENU, "description": "d"}, "description"),
    "17": (
        rules.commands,
        [slash(f"c{n}") for n in range(100)],
        [slash(f"c{n}") for n in range(101)],
        "",
    ),
    "17, of menus": (
        rules.commands,
        [{"type": 2, "name": f"C{n}"} for n in range(15)],
        [{"type": 2, "name": f"C{n}"} for n in range(16)],
        "",
    ),
    "18": (
        rules.command,
        slash(description_localizations={"pt-BR": "x"}),
        slash(description_localizations={"pt": "x"}),
        "description_localizations.pt",
    ),
    "19": (
        rules.command,
        slash(options=[option(choices=[{"name": "n", "value": "v" * 100}])]),
        slash(options=[option(choices=[{"name": "n", "value": "v" * 101}])]),
        "options.0.choices.0.value",
    ),
    "19, of suggestions": (
        rules.autocomplete,
        {"choices": [{"name": "n", "value": "v" * 100}]},
        {"choices": [{"name": "n", "value": "v" * 101}]},
        "choices.0.value",
    ),
    "20": (rules.command, sized(7999), sized(7999) | {"name": "xyz"}, ""),
    "20, translated": (
        rules.command,
        sized(7950) | {"description_localizations": {"de": "d" * 99}},
        sized(7950) | {"description_localizations": {"de": "d" * 100}},
        "",
    ),
    "21": (rules.commands, [slash("a"), {**MENU, "name": "a"}], [slash("a"), slash("a")], "1.name"),
    "21, of options": (
        rules.command,
        slash(options=[option("a"), option("b")]),
        slash(options=[option("a"), option("a")]),
        "options.1.name",
    ),
    "22": (
        rules.command,
        slash(options=[option(autocomplete=True, choices=[])]),
        slash(options=[option(autocomplete=True, choices=[{"name": "n", "value": "v"}])]),
        "options.0.autocomplete",
    ),
    "22, of ranges": (
        rules.command,
        slash(options=[{**option(), "type": 4, "min_value": 3, "max_value": 3}]),
        slash(options=[{**option(), "type": 4, "min_value": 4, "max_value": 3}]),
        "options.0.min_value",
    ),
    "23": (message(Kind.DEFERRED), {"flags": EPHEMERAL}, {"flags": EPHEMERAL | V2}, "flags"),
    "24": (
        message(),
        rows(*(row(button(str(n))) for n in range(5))),
        rows(*(row(button(str(n))) for n in range(6))),
        "components",
    ),
    "25": (
        message(),
        rows(row(button()), row(select())),
        rows(row(button(), select())),
        "components.0.components",
    ),
    "26": (message(Kind.FORUM_POST), post(5), post(6), "applied_tags"),
    "27": (
        message(),
        allowed(parse=["users"], roles=["1"]),
        allowed(parse=["users"], users=[]),
        "allowed_mentions.users",
    ),
    "28": (message(Kind.FOLLOWUP), {"content": "x"}, {"content": "x", "nonce": "n"}, "nonce"),
    "29": (
        message(),
        rows(row(select(values="ab"))),
        rows(row(select(values="aa"))),
        "components.0.components.0.options",
    ),
    "29, in a modal": (
        rules.modal,
        modal(labelled(select(values="ab", preset=1))),
        modal(labelled(select(values="ab", preset=2))),
        "components.0.component.options",
    ),
    "30": (
        rules.modal,
        modal(labelled({"type": 4, "style": 1, "custom_id": "f", "max_length": 2, "value": "ab"})),
        modal(labelled({"type": 4, "style": 1, "custom_id": "f", "max_length": 2, "value": "abc"})),
        "components.0.component.value",
    ),
}


def test_no_rule_is_left_out() -> None:
    """The table contains all 30 rules."""
    assert {str(n) for n in range(1, 31)} == {name.partition(",")[0] for name in RULES}


@pytest.mark.parametrize("rule", RULES)
def test_a_body_that_keeps_to_the_rule_is_taken(rule: str) -> None:
    """A body within the limit has no errors."""
    check, fine, _, _ = RULES[rule]
    assert () == check(fine)


@pytest.mark.parametrize("rule", RULES)
def test_a_body_against_the_rule_is_refused_for_it_alone(rule: str) -> None:
    """A body just beyond the limit has one error, at the expected path."""
    check, _, against, where = RULES[rule]
    assert [where] == [".".join(map(str, each.path)) for each in check(against)]


#: The calls that carry the table's bodies.
CALLS: dict[str, str] = {"1": "/channels/1/messages", "8": "/channels/1/messages", "5": "/channels/1/messages"}


@pytest.mark.parametrize("rule", CALLS)
def test_the_description_misses_them(rule: str) -> None:
    """The spec alone accepts these bodies, so the rules are needed."""
    assert () == Spec.load().request("POST", CALLS[rule], RULES[rule][2])


def test_an_empty_message_has_a_code_of_its_own() -> None:
    """An empty message is error 50006 and not a form error; a file, a component or a forward makes it non-empty."""
    assert [EMPTY_MESSAGE] == [each.top for each in rules.message({}, kind=Kind.CREATE)]
    assert () == rules.message({}, kind=Kind.CREATE, files=1)
    assert () == rules.message({"components": [row(button())]}, kind=Kind.CREATE)
    assert () == rules.message({"message_reference": {"type": 1, "message_id": "1"}}, kind=Kind.CREATE)


def test_an_edit_may_leave_things_as_they_are() -> None:
    """An edit that names no field is valid; one that empties every field is refused."""
    assert () == rules.message({"content": ""}, kind=Kind.EDIT)
    nothing = {"content": "", "embeds": [], "components": [], "attachments": []}
    assert [EMPTY_MESSAGE] == [each.top for each in rules.message(nothing, kind=Kind.WEBHOOK_EDIT)]


def test_an_edited_message_keeps_the_flag() -> None:
    """If the message has the Components V2 flag, an edit with components needs no flag, and content is refused."""
    body = {"components": [text()]}
    assert () == rules.message(body, kind=Kind.EDIT, v2=True)
    assert ["UNION_TYPE_CHOICES"] == [each.code for each in rules.message(body, kind=Kind.EDIT)]
    assert [("content",)] == [each.path for each in rules.message({"content": "x"}, kind=Kind.EDIT, v2=True)]


def test_a_nonce_without_effect_is_noted_and_let_through() -> None:
    """A nonce on a follow-up is reported but not refused, because Discord ignores it."""
    (wrong,) = rules.message({"content": "x", "nonce": "n"}, kind=Kind.FOLLOWUP)
    assert (NO_EFFECT, False) == (wrong.top, wrong.refused)


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"type": 4, "data": {"flags": V2, "content": "x"}}, ("data", "content")),
        ({"type": 5, "data": {"flags": V2}}, ("data", "flags")),
        ({"type": 7, "data": rows(text())}, ("data", "components", 0, "type")),
        ({"type": 8, "data": {"choices": [{"name": "n", "value": "v" * 101}]}}, ("data", "choices", 0, "value")),
        ({"type": 9, "data": modal()}, ("data", "components")),
    ],
)
def test_a_callback_is_checked_by_its_type(body: Json, where: tuple[str | int, ...]) -> None:
    """An initial response is checked by its type: message, deferred message, update, suggestions or modal."""
    assert [where] == [each.path for each in rules.callback(body)]


def test_a_callback_without_data_has_nothing_to_check() -> None:
    """A pong, a deferred update and a deferred message without data are valid."""
    assert () == (*rules.callback({"type": 1}), *rules.callback({"type": 5}), *rules.callback({"type": 6}))


def test_the_locales_are_those_of_discord_py() -> None:
    """The table of locales equals that of discord.py, a client that follows the documents."""
    assert {str(each) for each in discord.Locale} == LOCALES


@pytest.mark.parametrize("name", ["", "a" * 33, "a.b", "A", "é" + "É", "a b", "💥"])
def test_what_is_no_name(name: str) -> None:
    """Names that are empty, too long, not lower case, or contain spaces or symbols are invalid."""
    assert not is_name(name)


KEYS = (
    "type style custom_id url id components accessory component content embeds fields name value title footer author "
    "image flags nonce allowed_mentions parse users roles options choices description required message applied_tags "
    "message_reference name_localizations min_value max_value autocomplete data"
).split()
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(KEYS),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(junk)
@example({"allowed_mentions": {"parse": True}})
def test_no_body_is_too_odd_to_be_checked(body: Any) -> None:
    """The rules ignore values of a wrong type, which the spec reports, and never raise an error on them."""
    for kind in Kind:
        rules.message(body, kind=kind)
    rules.modal(body)
    rules.commands(body)
    rules.commands([body])
    rules.command(body)
    rules.autocomplete(body)
    rules.callback(body)


@given(junk)
def test_the_description_can_be_held_to_any_body(body: Any) -> None:
    """Any body can be validated against the spec."""
    spec = Spec.load()
    spec.request("POST", "/channels/1/messages", body)
    spec.request("PUT", "/applications/1/commands", body)
    spec.response("POST", "/channels/1/messages", 200, body)
