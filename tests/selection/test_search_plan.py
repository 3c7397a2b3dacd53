"""Plans of searches: plain words stay plain, operators and signs become searches and a query."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.errors import BadQuery
from bots.domain.papers import Paper
from bots.selection import parse_query, plan_search
from bots.selection.search_plan import MOST_ALTERNATIVES
from bots.selection.words import Page, row_of, words_of
from tests.selection.samples import papers, queries


@pytest.mark.parametrize(
    "text",
    [
        "kv cache",
        '"kv cache" pruning',
        "text-to-image",
        "BERT: Pre-training of Deep Bidirectional Transformers",
        "What is attention?",
        "C++ and R&D",
        "GPT-4 (OpenAI)",
        'an unclosed "quote',
        "pre- and post-training",
        "search and rescue",
        "transform*",
        "+covid +rag",
        "Source: a study of venue: and has: code",
        "stars > 100 million years",
    ],
)
def test_plain_words_are_searched_for_as_they_are(text: str) -> None:
    """Words, phrases, titles with colons and brackets, and unclosed quotes are passed on unchanged, without a note."""
    plan = plan_search(text)
    assert ((text,), None, ()) == (plan.searches, plan.query, plan.notes)


@pytest.mark.parametrize(
    ("text", "searches"),
    [
        ("agents -survey", ("agents",)),
        ("agents !survey", ("agents",)),
        ("agents NOT survey", ("agents",)),
        ("agents OR robots", ("agents", "robots")),
        ("agents OR (robots NOT survey)", ("agents", "robots")),
        ('"kv cache" OR (agents -survey)', ('"kv cache"', "agents")),
        ("(a OR b) c", ("a c", "b c")),
        ("ti:scaling au:vaswani cat:cs.CL", ("scaling vaswani",)),
        ("diffusion transform* -survey", ("diffusion",)),
        ("agents upvotes:>20 year:2026 venue:NeurIPS source:arxiv has:code", ("agents",)),
        ("agents stars>100", ("agents",)),
    ],
)
def test_operators_become_searches_and_a_query(text: str, searches: tuple[str, ...]) -> None:
    """Each alternative is a search for its words, and the papers found must match the whole query."""
    plan = plan_search(text)
    assert (searches, parse_query(text), ()) == (plan.searches, plan.query, plan.notes)


def test_the_beginning_of_a_word_alone_is_said() -> None:
    """Libraries search for whole words, so a search for a beginning alone says what they were asked for."""
    plan = plan_search("transform* -survey")
    assert ("transform",) == plan.searches
    assert ["Libraries were asked for the whole word “transform”"] == [note.split(";")[0] for note in plan.notes]


@pytest.mark.parametrize("text", ["-survey", "upvotes:>20", "cat:cs.CL", "a OR b OR c OR d", "surv* has:code"])
def test_papers_at_hand_are_compared_with_any_query(text: str) -> None:
    """Where no library is asked, a query needs no words and may have any number of alternatives."""
    assert parse_query(text) == plan_search(text, asks_libraries=False).query


@given(papers(), queries())
def test_what_is_asked_for_is_broader_than_the_query(paper: Paper, text: str) -> None:
    """Every paper that matches has, somewhere, all the words of at least one of the searches, so none is ruled out."""
    try:
        plan = plan_search(text)
    except BadQuery:
        return
    if plan.query is None or not plan.query.matches(paper):
        return
    page = Page.of(paper)
    held = f"{page.everything} {row_of(' '.join(paper.authors))}"
    assert any(all(f" {word}" in held for word in words_of(search)) for search in plan.searches)


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("(agents OR robots) -survey", "agents or robots NOT survey"),
        ("(kv cache) OR agents", "kv cache OR agents"),
        ("(agents OR robots) -ti:survey", "agents or robots -ti:survey"),
    ],
)
def test_a_mixture_of_operators_is_said_back(expected: str, text: str) -> None:
    """What was typed without brackets, or in small letters beside a sign, comes back with a note on how it was read."""
    assert (f"This was read as: {expected}",) == plan_search(text).notes


@pytest.mark.parametrize(
    ("text", "notes"), [("a or b", ["or"]), ("a not b", ["not"]), ("a not b or not c", ["not", "or"]), ("a and b", [])]
)
def test_small_words_are_noted(text: str, notes: list[str]) -> None:
    """In a search "or" and "not" are words, which the reply says once for each."""
    assert notes == [note.split("”")[0].removeprefix("“") for note in plan_search(text).notes]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-survey", "needs a word"),
        ("cat:cs.CL", "needs a word"),
        ("upvotes:>20 has:code", "needs a word"),
        ("agents upvotes:many", "“many” at character 16 is not a number of upvotes"),
        ("agents OR -survey", "needs a word"),
        ("a OR b OR c OR d", "more than 3 alternatives"),
        ("(a OR b) (c OR d)", "more than 3 alternatives"),
        ("agents ~survey", "The sign ~ at character 8"),
        ("agents|robots", "The sign | at character 7"),
        ("agents OR", "OR at character 8 has nothing after it"),
    ],
)
def test_what_cannot_be_obeyed_is_refused(text: str, message: str) -> None:
    """A search that cannot be obeyed raises an error with a hint, and drops nothing."""
    with pytest.raises(BadQuery, match=message.replace("|", r"\|")) as caught:
        plan_search(text)
    assert caught.value.hint


pieces = st.sampled_from('a bb OR AND NOT or not - ! ~ + ( ) ti: cat:cs " |'.split(" "))


@given(st.one_of(st.text(max_size=80), st.lists(pieces, max_size=30).map(" ".join)))
def test_any_text_is_a_plan_or_a_named_error(text: str) -> None:
    """Any text is a plan with one to three searches, each with words if there is a query, or a BadQuery."""
    try:
        plan = plan_search(text)
    except BadQuery:
        return
    assert 1 <= len(plan.searches) <= MOST_ALTERNATIVES
    assert plan.query is None or all(any(map(str.isalnum, words)) for words in plan.searches)
