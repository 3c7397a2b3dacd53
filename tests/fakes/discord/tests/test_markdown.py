"""The markdown parser: it distinguishes marks from plain characters, and no letter is lost."""

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.discord.markdown import Reading, escape, read, read_line, shown
from tests.fakes.discord.markdown_nodes import (
    Block,
    Code,
    Emoji,
    Fence,
    Line,
    Link,
    Marked,
    Node,
    Ping,
    Quote,
    Stamp,
    Text,
)


def line(*nodes: Node, kind: str = "plain", level: int = 0, bullet: str = "") -> Line:
    """Return a line node."""
    return Line(kind=kind, nodes=nodes, level=level, bullet=bullet)


def said(text: str) -> Text:
    """Return a plain text node."""
    return Text(text=text)


def marked(style: str, *nodes: Node) -> Marked:
    """Return a node of marked text."""
    return Marked(style=style, nodes=nodes)


def link(url: str, label: str = "", *, quiet: bool = False) -> Link:
    """Return a link node; without a label it is a bare URL."""
    return Link(url=url, nodes=(said(label or url),), bare=not label, quiet=quiet)


def all_shown(text: str) -> str:
    """Return the shown text of a whole message."""
    return "\n".join(each.text for each in read(text))


INLINE: dict[str, tuple[Node, ...]] = {
    "**b**": (marked("bold", said("b")),),
    "*i* _i_": (marked("italic", said("i")), said(" "), marked("italic", said("i"))),
    "__u__": (marked("underline", said("u")),),
    "~~s~~": (marked("strike", said("s")),),
    "||s||": (marked("spoiler", said("s")),),
    "***b***": (marked("bold", marked("italic", said("b"))),),
    "__**u**__": (marked("underline", marked("bold", said("u"))),),
    "`**c**`": (Code(text="**c**"),),
    "`` a`b ``": (Code(text="a`b"),),
    "<@1><@!2>": (Ping(kind="user", target="1", text="@1"), Ping(kind="user", target="2", text="@2")),
    "<@&3><#4>": (Ping(kind="role", target="3", text="@3"), Ping(kind="channel", target="4", text="#4")),
    "@here": (Ping(kind="everyone", target="here", text="@here"),),
    "<t:1700000000:D>": (Stamp(instant=1700000000, style="D", text="14 November 2023"),),
    "<:arxiv:12><a:arxiv:12>": (Emoji(name="arxiv", id="12"), Emoji(name="arxiv", id="12", animated=True)),
    "</paper lookup:7>": (said("/paper lookup"),),
    "[a](https://b.c)": (link("https://b.c", "a"),),
    "[a](<https://b.c>)": (link("https://b.c", "a", quiet=True),),
    '[a](https://b.c "title")': (link("https://b.c", "a"),),
    "[a [b] c](https://b.c/d_(e))": (link("https://b.c/d_(e)", "a [b] c"),),
    "(https://b.c/d_(e)).": (said("("), link("https://b.c/d_(e)"), said(").")),
    "<https://b.c>": (link("https://b.c", quiet=True),),
    "https://b.c/x_y_z": (link("https://b.c/x_y_z"),),
}


@pytest.mark.parametrize("text", INLINE)
def test_marks_links_and_names_are_read(text: str) -> None:
    """Every mark, link and mention is parsed."""
    assert (line(*INLINE[text]),) == read(text)


@pytest.mark.parametrize(
    "text",
    [
        "snake_case_name",
        "2 * 3 * 4",
        "a ** b",
        "**unclosed",
        "`unclosed",
        "```unclosed",
        "#no heading",
        "-no item",
        ">no quote",
        "[a](b.c)",
        "[a] (c)",
        "<@ada>",
        "<t:soon>",
        "@someone",
        "a < b > c",
        "x_i",
        "$",
    ],
)
def test_what_is_no_mark_stands_as_it_is(text: str) -> None:
    """Delimiters that mark nothing are plain characters."""
    assert (line(said(text)),) == read(text)


def test_latex_falls_into_italics() -> None:
    """An underscore before a non-word character closes italics, which is why formulas must be escaped."""
    assert "$xi$ and $y{j}$" == all_shown("$x_i$ and $y_{j}$")
    assert "$x_i$ and $y_{j}$" == all_shown(escape("$x_i$ and $y_{j}$"))


def test_an_address_for_a_label_makes_no_link() -> None:
    """A link whose label is a URL could hide its target, so it is shown as plain text."""
    (shown_line,) = read("[https://arxiv.org](https://evil.example)")
    assert "[https://arxiv.org](https://evil.example)" == shown_line.text


LINES: dict[str, tuple[Block, ...]] = {
    "# a": (line(said("a"), kind="heading", level=1),),
    "### a *b*": (line(said("a "), marked("italic", said("b")), kind="heading", level=3),),
    "#### a": (line(said("#### a")),),
    "-# a": (line(said("a"), kind="subtext"),),
    "- a\n  * b\n3. c": (
        line(said("a"), kind="item", bullet="• "),
        line(said("b"), kind="item", level=1, bullet="• "),
        line(said("c"), kind="item", bullet="3. "),
    ),
    "a\nb\n# c\nd": (line(said("a\nb")), line(said("c"), kind="heading", level=1), line(said("d"))),
    "> a\n> b\nc": (Quote(blocks=(line(said("a\nb")),)), line(said("c"))),
    ">>> a\n- b": (Quote(blocks=(line(said("a")), line(said("b"), kind="item", bullet="• "))),),
    "> > a": (Quote(blocks=(line(said("> a")),)),),
    "a\n```py\n# b\n- *c*\n```\nd": (line(said("a")), Fence(code="# b\n- *c*", language="py"), line(said("d"))),
    "```one line```": (Fence(code="one line"),),
    "**a\nb**": (line(marked("bold", said("a\nb"))),),
    "\\# a\n\\- b\n\\> c": (line(said("# a\n- b\n> c")),),
    "": (),
}


@pytest.mark.parametrize("text", LINES)
def test_lines_of_every_kind_are_read(text: str) -> None:
    """Headings, subtext, lists, quotes and code have lines of their own; marks may span plain lines."""
    assert LINES[text] == read(text)


def test_titles_know_no_masked_links() -> None:
    """In an embed's title a masked link is shown as typed, with its URL as a link of its own."""
    nodes = read_line("[a](https://b.c) **d**", Reading(masked_links=False))
    assert "[a](https://b.c) d" == shown(nodes)


SIGNS = "*_~|`>#-[]()<>@:\\/! \n.1"
texts = st.text(alphabet=SIGNS + "abcé𝔘", max_size=60)


@given(texts)
def test_every_text_can_be_read(text: str) -> None:
    """Every text can be parsed, and parsing it again yields the same result."""
    assert read(text) == read(text)


@given(st.text(alphabet="*_~|>#- \n.[]()!abcdeé𝔘", max_size=60))
def test_no_letter_is_lost(text: str) -> None:
    """Parsing removes marks and keeps all letters in order."""
    assert [each for each in text if each.isalpha()] == [each for each in all_shown(text) if each.isalpha()]


@given(st.text(alphabet="`~|* \nabcé", max_size=60))
def test_no_letter_is_lost_in_code(text: str) -> None:
    """Code keeps its letters too; the language of a code block is kept but not shown."""
    kept = "".join((each.language if isinstance(each, Fence) else "") + each.text for each in read(text))
    assert [each for each in text if each.isalpha()] == [each for each in kept if each.isalpha()]


@given(st.text(max_size=60).map(str.strip))
def test_an_escaped_text_is_shown_as_it_was_typed(text: str) -> None:
    """An escaped text is shown exactly as typed, without marks, links or mentions."""
    single = " ".join(text.split())
    assert single == all_shown(escape(single))


@given(texts)
def test_an_escaped_text_mentions_nobody(text: str) -> None:
    """An escaped text contains only plain text nodes, hence no mention and no link."""
    for each in read(escape(text)):
        assert isinstance(each, Line)
        assert all(isinstance(node, Text) for node in each.nodes)


@pytest.mark.parametrize(
    "piece", ["*", "_", "**_", "*a", "[(", "`", "`a``", "> ", "[a", "[\\", "\\", "<", "||a", "_a*b", "[[a]"]
)
def test_reading_takes_no_longer_than_it_must(piece: str) -> None:
    """The longest text of signs that match nothing, or all over the place, is read in less than a second."""
    start = thread_time()
    read((piece * 4000)[:4000])
    read("[" + (piece * 4000)[:3000])
    assert thread_time() - start < 1.0
