"""Third-party text is shown literally: it cannot ping, link, format or end the markup around it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.discord.markup import code, code_block, heading, italic, masked, measure, plain, subtext, when
from tests.discord.markdown import Mark, read
from tests.fakes.discord import markdown
from tests.fakes.discord.markdown_nodes import Line, Text
from tests.support import hostile

#: Signs that are markup in Discord in any position.
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
    """Every sign that is markup in Discord is shown as typed once it is escaped, and marks nothing."""
    assert (text, ()) == read(plain(text))


@pytest.mark.parametrize("text", ["https://evil.example", "<@1>", "<@&1>", "discord.gg/abc", "discord.com/invite/x"])
def test_what_servers_look_for_is_broken(text: str) -> None:
    """A server that searches for addresses, invitations and mentions without reading markdown finds none."""
    assert text not in plain(text)
    assert text not in plain(f"see ({text}), or {text}")


@given(text=marked)
def test_plain_marks_nothing(text: str) -> None:
    """Escaped text is shown as it was typed, and contains no markup."""
    assert (text, ()) == read(plain(text))


@given(text=marked.map(lambda text: " ".join(text.split())).filter(bool))
def test_another_reader_agrees(text: str) -> None:
    """The fake Discord's independent reader also finds only plain text."""
    (line,) = markdown.read(plain(text))
    assert isinstance(line, Line)
    assert ("plain", (Text(text=text),)) == (line.kind, line.nodes)


@given(text=marked, more=marked)
def test_longer_measures_no_less(text: str, more: str) -> None:
    """A longer text never has a smaller length, so a text can be cut by its escaped length."""
    assert measure(text) <= measure(text + more)


def test_ordinary_text_stays_as_it_is() -> None:
    """Words, hyphens, colons in a sentence, parentheses and numbers need no backslash."""
    for text in ("TLDR: Extreme Summarization", "Pre-training (BERT) at 28.4 BLEU, 3 + 4 = 7", "x > y & z"):
        assert text == plain(text)


@given(label=marked.filter(str.strip), url=hostile.urls | st.just(_URL))
def test_a_link_is_one_link(label: str, url: str) -> None:
    """Any label leads to one address or to none, and contains no markup."""
    seen, marks = read(masked(label, url))
    assert ["link"] >= [mark.kind for mark in marks]
    shown = " ".join(label.split())
    assert seen.translate(str.maketrans("［］", "[]")).removesuffix(" page") in (
        shown.translate(str.maketrans("［］", "[]")),
        "…",
    )


def test_a_link_does_not_unfurl() -> None:
    """The address is in angle brackets, and signs that would end it are percent-encoded."""
    assert f"[A title](<{_URL}>)" == masked("A title", _URL)
    assert "[A](<https://doi.org/10.1016/S0140-6736%2820%2930183-5>)" == masked(
        "A", "https://doi.org/10.1016/S0140-6736(20)30183-5"
    )


def test_an_unsafe_address_is_none() -> None:
    """An unsafe or overlong address leaves only the label."""
    for url in ("javascript:alert(1)", "", "https://a@b.example", f"https://arxiv.org/{'x' * 400}"):
        assert "A title" == masked("A title", url)


def test_brackets_in_a_label() -> None:
    """Paired brackets stay; unpaired ones, which would end the label, are replaced by similar signs."""
    assert rf"[\[Re\] A title](<{_URL}>)" == masked("[Re] A title", _URL)
    assert f"[On ［0, 1)](<{_URL}>)" == masked("On [0, 1)", _URL)


def test_a_label_that_is_an_address_is_no_label() -> None:
    """A label that is an address, which Discord would not link, is followed by a link with our own label."""
    seen, marks = read(masked("Code at https://evil.example", _URL))
    assert "Code at https://evil.example page" == seen
    assert (Mark(kind="link", held=_URL),) == marks


@given(text=marked)
def test_code_holds_what_is_in_it(text: str) -> None:
    """No text ends its code or code block early."""
    if text.strip():
        assert ["code"] == [mark.kind for mark in read(code(text))[1]]
        assert ["block"] == [mark.kind for mark in read(code_block(text, "bibtex"))[1]]


@given(text=marked.map(lambda text: " ".join(text.split())).filter(bool))
def test_our_marks_end_where_we_end_them(text: str) -> None:
    """A heading, small print or italics contain the whole line, and the line adds no markup."""
    seen, kinds = _kinds(heading(text))
    assert (f"{text}\n", ["heading"]) == (seen, kinds[:1])
    assert ["bold"] * text.endswith("#") == kinds[1:]
    assert (f"{text}\n", ["subtext"]) == _kinds(subtext(plain(text)))
    assert (text, ["italic"]) == _kinds(italic(text))


def _kinds(text: str) -> tuple[str, list[str]]:
    seen, marks = read(text)
    return seen, [mark.kind for mark in marks]


def test_an_instant_is_each_readers_own() -> None:
    """An instant is sent in seconds, and each app shows it in its reader's time zone."""
    assert "<t:1795510800:F>" == when(datetime(2026, 11, 24, 9, tzinfo=UTC))
    assert "<t:1795510800:R>" == when(datetime(2026, 11, 24, 9, tzinfo=UTC), "R")
