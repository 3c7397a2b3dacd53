"""The block validator: every limit, Slack's messages, and agreement with slack_sdk's own models."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    MarkdownTextObject,
    Option,
    OverflowMenuElement,
    PlainTextObject,
    SectionBlock,
)

from tests.fakes.slack.block_check import check_message, check_view, faults, text_length
from tests.fakes.slack.problems import Json, SlackRefusal


def plain(words: str) -> Json:
    """Return a plain_text object."""
    return {"type": "plain_text", "text": words}


def button(**more: Any) -> Json:
    """Return a button, with the given fields changed."""
    return {"type": "button", "text": plain("Go"), "action_id": "go", **more}


def actions(*elements: Json) -> Json:
    """Return an actions block."""
    return {"type": "actions", "elements": list(elements)}


def options(count: int) -> list[Json]:
    """Return the given number of options."""
    return [{"text": plain(f"o{n}"), "value": f"v{n}"} for n in range(count)]


def rich(*leaves: Json) -> Json:
    """Return a rich_text block with one section."""
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(leaves)}]}


def field(element: Json, **more: Any) -> Json:
    """Return an input block."""
    return {"type": "input", "label": plain("L"), "element": element, **more}


DIVIDER: Json = {"type": "divider"}
MRKDWN: Json = {"type": "mrkdwn", "text": "x"}
CARD: Json = {"type": "card", "title": MRKDWN}
FINE: dict[str, list[Json]] = {
    "fifty blocks": [DIVIDER] * 50,
    "a section at its limit": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3000}}],
    "a header at its limit": [{"type": "header", "text": plain("x" * 150)}],
    "everything a button may have": [
        actions(button(url="https://arxiv.org", value="v" * 2000, style="primary", accessibility_label="a" * 75))
    ],
    "an overflow of five": [actions({"type": "overflow", "action_id": "o", "options": options(5)})],
    "rich text": [
        rich(
            {"type": "text", "text": "a", "style": {"bold": True}},
            {"type": "link", "url": "https://arxiv.org", "text": "b"},
            {"type": "emoji", "name": "tada"},
        )
    ],
    "context": [{"type": "context", "elements": [MRKDWN, plain("x")] * 5}],
    "the same action in two blocks": [actions(button()), actions(button())],
    "feedback": [
        {
            "type": "context_actions",
            "elements": [
                {
                    "type": "feedback_buttons",
                    "action_id": "f",
                    "positive_button": {"text": plain("Good"), "value": "1"},
                    "negative_button": {"text": plain("Bad"), "value": "0"},
                }
            ],
        }
    ],
    "a carousel": [{"type": "carousel", "elements": [CARD] * 10}],
    "a container": [{"type": "container", "title": MRKDWN, "child_blocks": [DIVIDER]}],
    "a table": [{"type": "table", "rows": [[{"type": "raw_text", "text": "a"}]]}],
}
WRONG: dict[str, tuple[list[Json], str]] = {
    "too many blocks": ([DIVIDER] * 51, "no more than 50 items allowed [json-pointer:/blocks]"),
    "an unknown type": ([{"type": "bogus"}], "unsupported type: bogus [json-pointer:/blocks/0/type]"),
    "a type unhashable": ([{"type": {}}], "unsupported type: {} [json-pointer:/blocks/0/type]"),
    "a long section": (
        [DIVIDER, {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}],
        "must be less than 3001 characters [json-pointer:/blocks/1/text/text]",
    ),
    "an empty section": (
        [{"type": "section"}],
        "missing required field: text or fields [json-pointer:/blocks/0]",
    ),
    "an empty text": (
        [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
        "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
    ),
    "eleven fields": (
        [{"type": "section", "fields": [MRKDWN] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    "a long header": (
        [{"type": "header", "text": plain("x" * 151)}],
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    ),
    "a header in mrkdwn": (
        [{"type": "header", "text": MRKDWN}],
        "must be a valid enum value: plain_text [json-pointer:/blocks/0/text/type]",
    ),
    "a long label": (
        [actions(button(text=plain("x" * 76)))],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
    ),
    "a long value": (
        [actions(button(value="x" * 2001))],
        "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
    ),
    "a long action_id": (
        [actions(button(action_id="x" * 256))],
        "must be less than 256 characters [json-pointer:/blocks/0/elements/0/action_id]",
    ),
    "a false style": (
        [actions(button(style="default"))],
        "must be a valid enum value: primary, danger [json-pointer:/blocks/0/elements/0/style]",
    ),
    "twenty-six buttons": (
        [actions(*(button(action_id=f"a{n}") for n in range(26)))],
        "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "eleven in a context": (
        [{"type": "context", "elements": [MRKDWN] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "six options in an overflow": (
        [{"type": "section", "text": MRKDWN, "accessory": {"type": "overflow", "options": options(6)}}],
        "no more than 5 items allowed [json-pointer:/blocks/0/accessory/options]",
    ),
    "a long option": (
        [actions({"type": "overflow", "options": [{"text": plain("x" * 76), "value": "v"}]})],
        "must be less than 76 characters [json-pointer:/blocks/0/elements/0/options/0/text/text]",
    ),
    "the same action twice": (
        [actions(button(), button())],
        '`action_id` "go" already exists [json-pointer:/blocks/0/elements/1/action_id]',
    ),
    "the same block twice": (
        [{**DIVIDER, "block_id": "b"}, {**DIVIDER, "block_id": "b"}],
        '`block_id` "b" already exists [json-pointer:/blocks/0/block_id]',
    ),
    "a field nobody knows": (
        [{**DIVIDER, "colour": "red"}],
        "invalid additional property: colour [json-pointer:/blocks/0]",
    ),
    "a field in a row": (
        [actions({"type": "plain_text_input", "action_id": "a"})],
        "unsupported type: plain_text_input [json-pointer:/blocks/0/elements/0/type]",
    ),
    "six in context_actions": (
        [{"type": "context_actions", "elements": [{"type": "icon_button", "icon": "trash", "text": plain("x")}] * 6}],
        "no more than 5 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "an alert in a message": (
        [{"type": "alert", "text": MRKDWN}],
        "unsupported type: alert [json-pointer:/blocks/0/type]",
    ),
    "too much markdown together": (
        [{"type": "markdown", "text": "x" * 6001}] * 2,
        "must be less than 12001 characters [json-pointer:/blocks]",
    ),
    "a leaf nobody knows": (
        [rich({"type": "script", "text": "x"})],
        "unsupported type: script [json-pointer:/blocks/0/elements/0/elements/0/type]",
    ),
    "eleven cards": (
        [{"type": "carousel", "elements": [CARD] * 11}],
        "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
    ),
    "a long card": (
        [{**CARD, "body": {"type": "mrkdwn", "text": "x" * 201}}],
        "must be less than 201 characters [json-pointer:/blocks/0/body/text]",
    ),
    "two tables": ([FINE["a table"][0]] * 2, "only one table allowed [json-pointer:/blocks]"),
    "blocks that are no objects": (["x"], "unsupported type: None [json-pointer:/blocks/0/type]"),  # type: ignore[list-item] # the point of it
}


@pytest.mark.parametrize("name", FINE)
def test_what_keeps_the_limits_is_taken(name: str) -> None:
    """Blocks at their limits are accepted."""
    assert [] == faults(FINE[name])


@pytest.mark.parametrize("name", WRONG)
def test_what_breaks_a_limit_is_pointed_at(name: str) -> None:
    """Every broken rule is reported in Slack's words, with a JSON pointer to its location."""
    blocks, message = WRONG[name]
    assert message in faults(blocks)


def test_the_total_of_text_is_limited() -> None:
    """More than 13,200 characters in total are refused, even if no block is too long."""
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2201}}] * 6
    assert 13_206 == text_length(blocks)
    with pytest.raises(SlackRefusal, match="msg_blocks_too_long"):
        check_message(blocks)


def modal(*blocks: Json, **more: Any) -> Json:
    """Return a modal, with the given fields changed."""
    return {"type": "modal", "title": plain("T"), "submit": plain("S"), "blocks": list(blocks), **more}


@pytest.mark.parametrize(
    ("view", "error"),
    [
        (modal(DIVIDER, title=plain("x" * 25)), "must be less than 25 characters [json-pointer:/view/title/text]"),
        (modal(DIVIDER, private_metadata="x" * 3001), "must be less than 3001 characters"),
        (modal(*[DIVIDER] * 101), "no more than 100 items allowed [json-pointer:/view/blocks]"),
        (modal(DIVIDER, title=None), "missing required field: title"),
        (modal(DIVIDER, colour="red"), "invalid additional property: colour [json-pointer:/view]"),
        (modal({"type": "markdown", "text": "x"}), "unsupported type: markdown"),
        (
            {"type": "modal", "title": plain("T"), "blocks": [field({"type": "plain_text_input", "action_id": "a"})]},
            "missing required field: submit",
        ),
        (modal(field({"type": "plain_text_input", "max_length": 3001})), "must be at most 3000"),
        ({"type": "home", "blocks": [DIVIDER], "title": plain("x" * 25)}, "must be less than 25 characters"),
    ],
)
def test_a_view_is_held_to_its_limits(view: Json, error: str) -> None:
    """Every broken rule of a view is reported, with a JSON pointer to its location."""
    with pytest.raises(SlackRefusal) as refused:
        check_view({name: value for name, value in view.items() if value is not None}, "modal", "home")
    assert "invalid_arguments" == refused.value.error
    assert any(error in each for each in refused.value.more["errors"])


def test_a_view_may_not_weigh_more_than_250_kb() -> None:
    """A view above 250 kB is refused, whatever its blocks are."""
    select = {"type": "static_select", "action_id": "s", "options": options(100)}
    wide = modal(*[field(select, block_id=f"{n:0255d}") for n in range(100)])
    with pytest.raises(SlackRefusal, match="view_too_large"):
        check_view(wide, "modal")


words = st.text(min_size=1, max_size=160)
sdk_buttons = st.builds(
    lambda label, action, value: ButtonElement(text=label, action_id=action, value=value), words, words, words
)
sdk_blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(lambda text: HeaderBlock(text=PlainTextObject(text=text)), words),
    st.builds(lambda text: SectionBlock(text=MarkdownTextObject(text=text)), words),
    st.builds(
        lambda texts: ContextBlock(elements=[MarkdownTextObject(text=text) for text in texts]),
        st.lists(words, min_size=1, max_size=12),
    ),
    st.builds(
        lambda elements: ActionsBlock(elements=elements),
        st.lists(sdk_buttons, min_size=1, max_size=27, unique_by=lambda each: str(each.action_id)),
    ),
    st.builds(
        lambda labels: ActionsBlock(
            elements=[OverflowMenuElement(options=[Option(value="v", label=label) for label in labels], action_id="o")]
        ),
        st.lists(words, min_size=1, max_size=7),
    ),
)


@given(sdk_blocks)
def test_slack_sdk_refuses_nothing_that_is_taken(block: Block) -> None:
    """A block that slack_sdk's models accept has no errors in the fake, except of length or number."""
    try:
        written = block.to_dict()
    except Exception:  # noqa: BLE001 - slack_sdk refuses with more than one class
        written = None
    if written is None:
        return
    found = faults([written])
    assert [] == [each for each in found if "characters" not in each and "items" not in each]


@given(sdk_blocks)
def test_what_slack_sdk_refuses_is_refused(block: Block) -> None:
    """A block that slack_sdk's models refuse as too long or too many is refused by the fake as well."""
    try:
        block.to_dict()
    except Exception:  # noqa: BLE001 - slack_sdk refuses with more than one class
        assert [] != faults([_unchecked(block)])


def _unchecked(value: Any) -> Any:
    """Return a model as JSON, bypassing its checks."""
    if isinstance(value, list):
        return [_unchecked(each) for each in value]
    if not hasattr(value, "get_non_null_attributes"):
        return value
    if isinstance(value, Option):
        return {"text": plain(str(value.label)), "value": value.value}
    names = [name for name in value.attributes if getattr(value, name, None) is not None]
    return {name: _unchecked(getattr(value, name)) for name in names}


names = st.sampled_from(
    "type text elements accessory options value action_id block_id fields element label rows title".split()
)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner),
    max_leaves=20,
)
kinds = st.sampled_from(["section", "actions", "context", "rich_text", "input", "card", "table", "button"])


@settings(max_examples=40)
@given(st.lists(st.builds(lambda kind, rest: {**rest, "type": kind}, kinds, st.dictionaries(names, junk)), max_size=3))
def test_no_junk_breaks_the_validator(blocks: list[Json]) -> None:
    """The validator returns a list of errors for any input."""
    assert isinstance(faults(blocks), list)
