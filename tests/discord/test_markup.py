"""Outside text reads as it stands: nothing in it pings, links, formats or breaks out of where it stands."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.discord.markup import code, code_block, heading, italic, masked, measure, plain, subtext, when
from tests.discord.markdown import Mark, read
from tests.fakes.discord import markdown
from tests.fakes.discord.markdown_nodes import Line, Text
from tests.support import hostile

#: What means something to Discord, wherever it stands.
SIGNS = (
    "**bold**", "*i*", "__u__", "_i_", "~~s~~", "||spoiler||", "`code`", "```\nblock\n```", "# head", "## h",
    "-# small",
    "> quote", ">>> all", "- item", "* item", "+ item", "1. one", "12) twelve", "[label](https://evil.example)",
    "[l](<https://evil.example>)", "<https://evil.example>", "https://evil.example/a_b", "http://x.example",
    "discord://x", "discord.gg/abc", "discordapp.com/invite/abc", "<@1>", "<@!1>", "<@&1>", "<#1>", "</help:1>",
    "<id:customize>", "<t:1:R>", "<:a:1>", "<a:b:1>", ":+1:", ":smile:", "@everyone", "@here", "\\", "\\*", "\\\\",
    "mailto:a@b.example", "¯\\_(ツ)_/¯", "[", "]", "(", ")", "](", "<", ">", "|", "=", "===", "---", "\n",
)  # fmt: skip
marked = st.lists(st.one_of(st.sampled_from(SIGNS), st.text(max_size=8)), max_size=8).map("".join)
_URL = "https://arxiv.org/abs/1706.03762"


@pytest.mark.parametrize("text", SIGNS)
def test_every_sign_reads_as_it_stands(text: str) -> None:
    """What is markup to Discord is, once escaped, seen as it was typed, and marks nothing."""
    assert (text, ()) == read(plain(text))


@pytest.mark.parametrize("text", ["https://evil.example", "<@1>", "<@&1>", "discord.gg/abc", "discord.com/invite/x"])
def test_what_servers_look_for_is_broken(text: str) -> None:
    """Whoever looks for addresses, invitations and people without reading markdown does not find them either."""
    assert text not in plain(text)
    assert text not in plain(f"see ({text}), or {text}")


@given(text=marked)
def test_plain_marks_nothing(text: str) -> None:
    """Of any text there is seen what was typed, and nothing in it is marked."""
    assert (text, ()) == read(plain(text))


@given(text=marked.map(lambda text: " ".join(text.split())).filter(bool))
def test_another_reader_agrees(text: str) -> None:
    """The fake Discord, which was written by somebody else, sees a line of nothing but the text as well."""
    (line,) = markdown.read(plain(text))
    assert isinstance(line, Line)
    assert ("plain", (Text(text=text),)) == (line.kind, line.nodes)


@given(text=marked, more=marked)
def test_longer_measures_no_less(text: str, more: str) -> None:
    """A text that goes on measures at least as much, so that it can be cut by its measure."""
    assert measure(text) <= measure(text + more)


def test_ordinary_text_stays_as_it_is() -> None:
    """Words, hyphens, colons in a sentence, parentheses and numbers need no backslash."""
    for text in ("TLDR: Extreme Summarization", "Pre-training (BERT) at 28.4 BLEU, 3 + 4 = 7", "x > y & z"):
        assert text == plain(text)


@given(label=marked.filter(str.strip), url=hostile.urls)
def test_a_link_is_one_link(label: str, url: str) -> None:
    """Whatever a label holds, it leads to one address or to none, and nothing in it is marked."""
    seen, marks = read(masked(label, url))
    assert ["link"] >= [mark.kind for mark in marks]
    shown = " ".join(label.split())
    assert seen.translate(str.maketrans("［］", "[]")).removesuffix(" page") in (
        shown.translate(str.maketrans("［］", "[]")),
        "…",
    )


def test_a_link_does_not_unfurl() -> None:
    """The address stands in angle brackets, and what would end it is quoted."""
    assert f"[A title](<{_URL}>)" == masked("A title", _URL)
    assert "[A](<https://doi.org/10.1016/S0140-6736%2820%2930183-5>)" == masked(
        "A", "https://doi.org/10.1016/S0140-6736(20)30183-5"
    )


def test_an_unsafe_address_is_none() -> None:
    """What is no web address, or an endless one, leaves the label alone."""
    for url in ("javascript:alert(1)", "", "https://a@b.example", f"https://arxiv.org/{'x' * 400}"):
        assert "A title" == masked("A title", url)


def test_brackets_in_a_label() -> None:
    """Pairs of brackets stay; single ones are shown by others that look like them, for they would end the label."""
    assert rf"[\[Re\] A title](<{_URL}>)" == masked("[Re] A title", _URL)
    assert f"[On ［0, 1)](<{_URL}>)" == masked("On [0, 1)", _URL)


def test_a_label_that_is_an_address_is_no_label() -> None:
    """Where Discord would show no link, since its label is an address, the link has a label of ours."""
    seen, marks = read(masked("Code at https://evil.example", _URL))
    assert "Code at https://evil.example page" == seen
    assert (Mark(kind="link", held=_URL),) == marks


@given(text=marked)
def test_code_holds_what_is_in_it(text: str) -> None:
    """Nothing ends a piece of code, or a block of it, before we do."""
    if text.strip():
        assert ["code"] == [mark.kind for mark in read(code(text))[1]]
        assert ["block"] == [mark.kind for mark in read(code_block(text, "bibtex"))[1]]


@given(text=marked.map(lambda text: " ".join(text.split())).filter(bool))
def test_our_marks_end_where_we_end_them(text: str) -> None:
    """A heading, small print and italics hold the whole of a line and nothing of their own."""
    seen, kinds = _kinds(heading(text))
    assert (f"{text}\n", ["heading"]) == (seen, kinds[:1])
    assert ["bold"] * text.endswith("#") == kinds[1:]
    assert (f"{text}\n", ["subtext"]) == _kinds(subtext(plain(text)))
    assert (text, ["italic"]) == _kinds(italic(text))


def _kinds(text: str) -> tuple[str, list[str]]:
    seen, marks = read(text)
    return seen, [mark.kind for mark in marks]


def test_an_instant_is_each_readers_own() -> None:
    """An instant is given in seconds, for each app to set on its reader's clock."""
    assert "<t:1795510800:F>" == when(datetime(2026, 11, 24, 9, tzinfo=UTC))
    assert "<t:1795510800:R>" == when(datetime(2026, 11, 24, 9, tzinfo=UTC), "R")
