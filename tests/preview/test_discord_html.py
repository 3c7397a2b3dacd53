"""Discord's messages as HTML: escaped text reads as it was before, markup is drawn, and nothing is left out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.chat.phrases import clean
from bots.discord.components import Type, inside
from bots.discord.embeds import as_embeds
from bots.discord.markup import bold, code_block, headed, heading, italic, masked, plain, subtext
from bots.discord.outgoing import digest_parts, reply_messages
from bots.domain.digests import Digest
from bots.domain.replies import Reply
from bots.domain.subscriptions import Look
from bots.preview.discord_html import component, discord_message
from bots.preview.discord_markdown import markdown
from tests.preview.drawn import drawn, seen
from tests.support import hostile
from tests.support.factories import a_digest, a_long_digest

ADDRESS = "https://arxiv.org/abs/1706.03762"


@hostile.patient
@given(text=hostile.texts.map(clean).filter(bool))
def test_escaped_text_reads_as_before(text: str) -> None:
    """A text that was escaped for Discord is shown letter by letter: alone, in bold, in a heading, in small print."""
    for marked in (plain(text), bold(text), italic(text), heading(text), headed(plain(text), 3), subtext(plain(text))):
        shown = drawn(markdown(marked))
        assert seen(text) == seen(shown.text)
        assert [] == shown.links
        assert "discord-mention" not in shown.classes


@hostile.patient
@given(label=hostile.texts)
def test_a_masked_link_shows_its_label(label: str) -> None:
    """A link is drawn with any label, and leads to its own address only."""
    shown = drawn(markdown(masked(clean(label), ADDRESS)))
    assert [ADDRESS] == shown.links


@hostile.patient
@given(digest=hostile.digests, look=st.sampled_from(Look))
def test_every_digest_is_drawn(digest: Digest, look: Look) -> None:
    """Whatever a paper holds, its message, and the same as embeds, does nothing but show, and all of it is known."""
    for part in digest_parts(a_digest(entries=digest.entries, notes=digest.notes, topic=digest.topic, look=look)):
        for payload in (part.payload, as_embeds(part.payload)):
            assert "unknown" not in drawn(discord_message(payload)).classes


@hostile.patient
@given(reply=hostile.answers)
def test_every_kind_of_reply_is_drawn(reply: Reply) -> None:
    """Every kind of component that any reply has is known, and every button shows its label."""
    for message in reply_messages(reply, share=True):
        shown = drawn(discord_message(message.payload))
        assert "unknown" not in shown.classes
        buttons = [each for each in inside(message.payload["components"]) if each["type"] == Type.BUTTON]
        assert all(seen(each["label"]) in seen(shown.text) for each in buttons)


@given(kind=st.integers().filter(lambda kind: kind not in (*range(1, 15), 17)), text=st.text(min_size=1, max_size=30))
def test_an_unknown_kind_is_shown_as_such(kind: int, text: str) -> None:
    """A component of an unknown kind is shown with its number and its texts, wherever it stands."""
    strange = {"type": kind, "content": text, "custom_id": "an id"}
    for given_ in (strange, {"type": 17, "components": [strange]}, {"type": 9, "components": [], "accessory": strange}):
        shown = drawn(component(given_))
        assert "unknown" in shown.classes
        assert str(kind) in shown.text
        assert seen(text) in seen(shown.text)
        assert "an id" not in shown.text


@pytest.mark.parametrize("given_", [None, 5, "text", [], {}, {"type": "10"}, {"type": 4, "custom_id": "x"}])
def test_what_is_no_component_is_shown_too(given_: object) -> None:
    """Something that is no component of a message is shown as such."""
    assert "unknown" in drawn(component(given_)).classes


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**b** *i* _j_ __u__ ~~s~~", "<strong>b</strong> <em>i</em> <em>j</em> <u>u</u> <s>s</s>"),
        ("**a *b* c**", "<strong>a <em>b</em> c</strong>"),
        (r"\*no\* 1\. x", "*no* 1. x"),
        ("2 * 3 * 4 snake_case_name", "2 * 3 * 4 snake_case_name"),
        ("`a **b**`", "<code>a **b**</code>"),
        ("<@123> <#45>", '<span class="discord-mention">@123</span> <span class="discord-mention">#45</span>'),
        ("@everyone", '<span class="discord-mention">@everyone</span>'),
        ("<:wave:123>", ":wave:"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
    ],
)
def test_markdown_in_a_line(text: str, html: str) -> None:
    """Each sign is drawn as Discord shows it; escaped signs, and signs inside words, are text."""
    assert f'<div class="discord-line">{html}</div>' == markdown(text)


def test_markdown_of_lines() -> None:
    """Headings, small print, quotations, lists and code are each drawn on their own."""
    shown = drawn(markdown("# A\n## B\n### C\n-# small\n> quoted\n- item\n\nline\n```bibtex\n@article{x}\n```"))
    assert ["discord-h1", "discord-h2", "discord-h3", "discord-small"] == shown.classes[:4]
    assert {"discord-item", "discord-line"} == set(shown.classes[4:])
    assert "ABCsmallquoted•itemline@article{x}" == seen(shown.text)


def test_code_and_times() -> None:
    """A block of code keeps what is in it; a time is shown in UTC, and one that cannot be is named as Discord does."""
    assert '<pre tabindex="0">**x** `y`</pre>' == markdown(code_block("**x** `y`"))
    assert "24 November 2026, 09:00 UTC" == drawn(markdown("<t:1795510800:F>")).text
    assert "Invalid date" == drawn(markdown("<t:999999999999>")).text


@hostile.patient
@given(text=hostile.texts)
def test_any_markdown_is_harmless(text: str) -> None:
    """Any text at all as markdown, as another adapter may send it, does nothing but show."""
    drawn(markdown(text))


@pytest.mark.parametrize("kind", [3, 5, 8])
def test_a_menu_shows_its_options(kind: int) -> None:
    """A menu shows what it is for and what can be picked, each with its description."""
    menu: Any = {"type": kind, "placeholder": "Pick", "options": [{"label": "One", "description": "the first"}]}
    assert "Pick▾Onethefirst" == seen(drawn(component(menu)).text)


def test_an_embed_is_drawn_whole() -> None:
    """Author, title, description, fields and footer of an embed are shown, and its colour is that of the edge."""
    embed = {
        "author": {"name": "A"}, "title": "T", "url": ADDRESS, "description": "D", "footer": {"text": "F"},
        "fields": [{"name": "N", "value": "V"}], "color": 0x112233, "image": {"url": ADDRESS},
    }  # fmt: skip
    html = discord_message({"content": "C", "embeds": [embed]})
    assert "CATDNV[image:withoutadescription]F" == seen(drawn(html).text)
    assert [ADDRESS] == drawn(html).links
    assert 'fill="#112233"' in html


def test_a_long_digest_has_several_messages() -> None:
    """Each message of a long digest is drawn, and together they show every paper."""
    parts = digest_parts(a_long_digest(60))
    text = "".join(drawn(discord_message(part.payload)).text for part in parts)
    assert 1 < len(parts)
    assert all(f"Paper {number}" in text for number in range(60))
