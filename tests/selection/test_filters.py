"""Tests of keyword queries: parsing, matching, and error messages."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bots.domain.errors import BadQuery
from bots.domain.papers import Paper, PaperId, Signals
from bots.selection import Query, parse_query
from bots.selection.query import Without
from tests.selection.samples import papers
from tests.selection.samples import queries as random_queries

PAPER = Paper(
    id=PaperId.arxiv("2406.00001"),
    title="Text-to-Image Diffusion for Protein Design: C++ and A* search",
    abstract=r"We prune the KV cache of Gödel agents. Beyond $k$-NN, Schr\"odinger bridges help: {\bf RoPE} wins.",
    authors=("Yann LeCun", "Hinton, Geoffrey E.", "Søren Łukasz"),
    categories=("cs.CL", "q-bio.BM", "cancer biology"),
    keywords=("retrieval-augmented generation", "large language models"),
    venue="NeurIPS 2024 (Spotlight)",
    source="arxiv:cs.CL",
    code="https://example.org/code",
    published=datetime(2024, 12, 31, 23, 30, tzinfo=timezone(timedelta(hours=-1))),
    signals=Signals(upvotes=21, comments=0, citations=1200),
)

FOUND = [
    "",
    "   ",
    "diffusion",
    "DIFFUSION protein",
    "text-to-image",
    "text to image",
    '"text to image"',
    "“text to image”",
    "„text to image“",
    "«text to image»",
    '"TEXT   to-image diffusion"',
    "godel",
    "GÖDEL",
    "go\u0308del",
    "schrödinger",
    "k-nn",
    "rope",
    "c++",
    '"A* search"',
    "survey OR diffusion",
    "survey OR (agents AND cache)",
    "agents -survey",
    "agents NOT survey",
    "agents ANDNOT survey",
    "agents AND NOT (survey OR benchmark)",
    "—survey",
    "--survey",
    "NOT NOT agents",
    "-(survey agents)",
    "survey benchmark OR agents",
    "agents OR survey benchmark",
    "prot*",
    '"large language mod*"',
    "agents, cache.",
    "survey or diffusion",
    "survey Or diffusion",
    "survey or (agents and cache)",
    "agents and cache",
    "agents and not survey",
    "agents not survey",
    "agents !survey",
    "agents ！survey",
    "agents －survey",
    "agents ‑survey",
    "!survey",
    "!(survey OR benchmark)",
    '!"text to video"',
    "!ti:agents",
    "ti:!agents",
    "+agents +cache",
    "+agents -survey",
    "agents +cache",
    "ti:protein",
    "title:protein",
    "TI:protein",
    "title: protein",
    "abs:agents",
    "-ti:agents",
    "ti:-agents",
    "ti:(protein OR survey)",
    "all:agents",
    'kw:"language models"',
    "au:lecun",
    'au:"Yann LeCun"',
    'au:"lecun, yann"',
    'au:"Y. LeCun"',
    'author:"geoffrey hinton"',
    "au:soren",
    "au:lukasz",
    "au:hint*",
    "cat:cs.CL",
    "cat:CS.cl",
    "cat:cs.*",
    "cat:cs",
    "cat:q-bio",
    "cat:cs.c*",
    'cat:"cancer biology"',
    "(((agents)))",
    "（agents OR survey）",
    "「text to image」",
    "venue:neurips",
    'journal:"NeurIPS 2024"',
    "conference:spot*",
    "source:arxiv",
    "source:arxiv:cs.CL",
    "source:(huggingface OR arxiv)",
    'source:"arXiv cs"',
    "has:code",
    "HAS:Code",
    "has:(code abstract)",
    "has:citation",
    "-has:stars",
    "upvotes:>20",
    "upvotes>20",
    "Upvotes > 20",
    "upvotes: >20",
    "upvotes：＞２０",
    "upvotes:>=21",
    "upvotes:≥21",
    "upvotes:=>21",
    "upvotes:<22",
    "upvotes:<=21",
    "upvotes:=21",
    "upvotes:21",
    "upvotes:20-50",
    "upvotes:20..50",
    "upvotes:21+",
    "votes:>20 likes:>20",
    "comments:0",
    "has:comments",
    "cited:>1,000",
    "cited:>1k",
    "citations:1,000-2,000",
    # The instant of the first version is in 2025 in UTC.
    "year:2025",
    "year:2024-2026",
    "year: 2024 – 2026",
    "year=2025",
    "year:(2023 OR 2025)",
    "NOT stars:>5",
    "NOT stars:<=5",
    "-stars:5",
]

MISSED = [
    "survey",
    "image-to-text",
    "agent",
    "prote",
    "art",
    '"image diffusion text"',
    # A phrase matches neither across title and abstract nor across two keywords.
    '"search we prune"',
    '"generation large"',
    "-agents",
    "agents -cache",
    "survey OR benchmark",
    "agents AND survey",
    "agents and survey",
    "agents !cache",
    "not agents",
    "agents not cache",
    "!agents",
    "+survey agents",
    "survey or benchmark",
    '"agents and cache"',
    '"survey or diffusion"',
    '"or"',
    "ti:agents",
    "abs:protein",
    "kw:agents",
    "yann",
    'au:"yann hinton"',
    "au:lec",
    "cat:stat.*",
    "cat:cs.LG",
    "cat:q",
    "cat:bm",
    "ti:(protein survey)",
    "venue:icml",
    "venue:neur",
    "source:arx",
    "source:cs.CL",
    "source:arxiv:cs.LG",
    "source:huggingface",
    "has:stars",
    "upvotes:>21",
    "upvotes:<21",
    "upvotes:20",
    "upvotes:22-50",
    "stars:>5",
    "stars:<=5",
    "stars:>=0",
    "comments:>0",
    "year:2024",
    "year:>2025",
    "cited:<1k",
    # Exclusions win, wherever they stand.
    "agents OR diffusion -cache",
    "-cache agents OR diffusion",
    "agents or diffusion and not upvotes:>20",
]


@pytest.mark.parametrize("text", FOUND)
def test_a_query_finds_what_it_spells(text: str) -> None:
    """The query matches the paper, and its canonical text parses into an equal query."""
    query = parse_query(text)
    assert query.matches(PAPER)
    assert query == parse_query(str(query))


@pytest.mark.parametrize("text", MISSED)
def test_a_query_does_not_find_what_it_does_not_spell(text: str) -> None:
    """The query does not match the paper, and its negation does."""
    assert not parse_query(text).matches(PAPER)
    assert parse_query(f"-({text})").matches(PAPER)


def test_hidden_and_joining_characters_do_not_part_a_word() -> None:
    """A soft hyphen in the paper or a zero-width space in the query does not split a word."""
    hyphenated = Paper(id=PAPER.id, title="trans\u00adformer", abstract="")
    assert parse_query("trans\u200bformer").matches(hyphenated)


def test_chinese_words_are_found_inside_a_sentence() -> None:
    """Text in a script without spaces is searched character by character, in order."""
    chinese = Paper(id=PAPER.id, title="基于深度学习的方法", abstract="")
    assert parse_query("深度学习").matches(chinese)
    assert not parse_query("学习深度").matches(chinese)


def test_cplusplus_is_not_c() -> None:
    """The plus signs in "C++" must match; a plus sign elsewhere does not count."""
    for title, found in (("C++ at scale", True), ("C at scale", False), ("A+B", False)):
        assert found is parse_query("c++").matches(Paper(id=PAPER.id, title=title, abstract=""))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ()),
        ("Agents “KV  cache”", ("Agents", "KV cache")),
        ("agents OR survey", ("agents",)),
        ("(agents survey) OR cache", ("cache",)),
        ("-survey agents agents", ("agents",)),
        ("-(survey diffusion)", ()),
        ("prot* cat:cs.* au:lecun", ("prot*", "cs.*", "lecun")),
        ("agents survey", ("agents",)),
    ],
)
def test_the_words_met_are_the_asked_ones_that_are_there(text: str, words: tuple[str, ...]) -> None:
    """The matched words are listed as typed, in the query's order, each once; failed and excluded branches add none."""
    assert words == parse_query(text).words_met(PAPER)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("  a   AND  b ", "a b"),
        ("a b OR c d", "a b OR c d"),
        ("(a OR b) AND (c)", "(a OR b) c"),
        ("NOT (a b)", "-(a b)"),
        ("NOT NOT a", "a"),
        ("a ANDNOT b", "a -b"),
        ("“KV cache”", '"KV cache"'),
        ('"cache"', "cache"),
        ('"OR"', '"OR"'),
        ("title:(a OR b)", "ti:a OR ti:b"),
        ("author:x keyword:y category:cs.* abstract:z all:w", "au:x kw:y cat:cs.* abs:z w"),
        ("a, b.", "a b"),
        ("a or b and not c", "(a OR b) -c"),
        ("a OR (b -c)", "a OR (b -c)"),
        ("-c a OR b -d", "(a OR b) -c -d"),
        ("a OR -c", "a OR -c"),
        ("x (a OR b NOT c)", "x (a OR b) -c"),
        ("a Or !b", "a OR -b"),
        ("+a +b", "a b"),
        ("a -+b +-c", "a -b -c"),
        ('"or"', '"or"'),
        ('"a or b"', '"a or b"'),
        ('"!a" "~b" "+c"', '"!a" "~b" "+c"'),
        ("R&D c++ a!", "R&D c++ a"),
        ("UPVOTES > 1,000 likes:20+", "upvotes:>1000 upvotes:>=20"),
        ("stars:=5 comments:==5 cited:5", "stars:5 comments:5 cited:5"),
        ("year:2024 – 2026 year:≤２０２４", "year:2024-2026 year:<=2024"),
        ("journal:Nature source:arxiv:cs.CL has:github", 'venue:Nature source:"arxiv:cs.CL" has:code'),
        ("NOT (upvotes:>5 has:code)", "-(upvotes:>5 has:code)"),
        ('"upvotes>20" "year:2026"', '"upvotes>20" "year:2026"'),
    ],
)
def test_a_query_has_one_canonical_text(text: str, canonical: str) -> None:
    """Different spellings of a query have the same canonical text."""
    assert canonical == str(parse_query(text))


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('KV "cache', "The quote at character 4", 'Close it: "cache"'),
        ("a “", "The quote at character 3", '"KV cache"'),
        ("(a OR b", "bracket at character 1 is never closed", "Write it like this"),
        ("a (b (c)", "bracket at character 3 is never closed", "Write it like this"),
        ("a (", "bracket at character 3 is never closed", "Write it like this"),
        ("a) b", "bracket at character 2 closes nothing", "Write it like this"),
        (")", "bracket at character 1 closes nothing", "Write it like this"),
        ("a ()", "bracket at character 3 is empty", "Write it like this"),
        ("a AND", "AND at character 3 has nothing after it", "Write it like this"),
        ("OR a", "OR at character 1 has nothing before it", "Write it like this"),
        ("(AND a)", "AND at character 2 has nothing before it", "Write it like this"),
        ("a OR OR b", "OR at character 3 has nothing after it", "Write it like this"),
        ("a NOT", "NOT at character 3 has nothing after it", "Write it like this"),
        ("ti:", "ti: at character 1 has nothing after it", "Write it like this"),
        ("a titel:x", "no field “titel:” (character 3)", "Did you mean title:?"),
        ("autor:x", "no field “autor:”", "Did you mean author:?"),
        ("https://example.org", "no field “https:”", "needs quotes"),
        ("trans*er", "star at character 6", "transform*"),
        ("a*", "“a*” at character 1 is too short before the star", "two letters"),
        ("*", "“*” at character 1 contains nothing", "Leave the query empty"),
        ("a & b", "“&” at character 3 contains nothing", "Write AND in place of &"),
        ("a || b", "“||” at character 3 contains nothing", "Write OR"),
        ("a - b", "“-” at character 3 contains nothing", "Write NOT"),
        ("a ~survey", "sign ~ at character 3 has no meaning", "write -survey"),
        ("a ~", "“~” at character 3 contains nothing", "Write NOT"),
        ("surv~2", "sign ~ at character 5", "surv*"),
        ("a survey^2", "sign ^ at character 9", "leave the sign and the number out"),
        ("agents|robots", "sign | at character 7", "write OR"),
        ("agents&&robots", "sign & at character 7", "leave a space"),
        ("surv?y", "sign ? at character 5", "a star"),
        ("+a OR b", "sign + at character 1 cannot stand beside OR", "agents (plans OR tools)"),
        ("agents or", "or at character 8 has nothing after it", 'put it in quotes: "or"'),
        ("not", "not at character 1 has nothing after it", 'put it in quotes: "not"'),
        ('"…"', "contains nothing to search for", "Write it like this"),
        ("title:", "title: at character 1 has nothing after it", "title:agents"),
        ("upvotes: OR a", "upvotes: at character 1 has nothing after it", "upvotes:>20"),
        ("has:", "has: at character 1 has nothing after it", "has:code"),
        ("a NOT ()", "bracket at character 7 is empty", "Put words into it"),
        ("NOT (NOT)", "NOT at character 6 has nothing after it", "NOT survey"),
        ("a upvotes:many", "“many” at character 11 is not a number of upvotes", "upvotes:>20"),
        ("upvotes:20.5", "“20.5” at character 9 is not a number", "upvotes:>20"),
        ("upvotes:>>5", "“>>5” at character 9", "upvotes:>20"),
        ("upvotes:-5", "sign - at character 9 cannot stand before a number", "-upvotes:>20"),
        ("upvotes:>(5)", "“>” at character 9 is not a number", "upvotes:>20"),
        ("cited:99999999999", "number at character 7 is too long", "cited:>20"),
        ("upvotes:50-20", "range 50-20 at character 9 ends before it begins", "upvotes:20-50?"),
        ("year:20266", "“20266” at character 6 is not a year", "four digits"),
        ("year:26", "“26” at character 6 is not a year", "four digits"),
        ("year:2026-20277", "“20277” at character 6 is not a year", "four digits"),
        ("year:2024-26", "ends before it begins", "Did you mean year:2024-2026?"),
        ("year:2024-", "“2024-” at character 6 is not a year", "year:>=2024"),
        ("year:-2024", "sign - at character 6", "year:<=2024"),
        ("upvote:>20", "no field “upvote:”", "Did you mean upvotes:?"),
        ("code:yes", "no field “code:”", "Did you mean has:code?"),
        ("before:2026", "no field “before:”", "Did you mean year:<2026?"),
        ("has:coed", "“coed” at character 5 cannot stand after has:", "Did you mean has:code?"),
        ("has:doi", "“doi” at character 5", "A paper can have code, abstract"),
        ("cat:c++", "“c++” is not a category", "cs.*"),
        ("a" * 501, "501 characters long; 500 is the most", "two subscriptions"),
        ("ti:(" + "ab " * 120 + ")", "characters long; 500 is the most", "two subscriptions"),
        ("(" * 21 + "a" + ")" * 21, "nested deeper than 20 at character 21", "fewer brackets"),
        ("ti:" * 21 + "a", "nested deeper than 20", "fewer brackets"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place_and_the_right_form(text: str, message: str, hint: str) -> None:
    """The message states what is wrong and where; the hint shows the right form."""
    with pytest.raises(BadQuery) as caught:
        parse_query(text)
    assert message in str(caught.value)
    assert hint in caught.value.hint


def test_a_query_may_nest_twenty_deep() -> None:
    """A query with twenty nested brackets is accepted."""
    assert parse_query("a") == parse_query("(" * 20 + "a" + ")" * 20)


pieces = st.sampled_from(
    "upvotes:|year:| > |>=20|2024-2026|2026|source:|arxiv:|has:|code|cited>5|１０|（|）|"
    '"KV cache"|agents|text-to-image|prot*|“|"|(|)| | AND | OR | NOT |-|ti:|au:|cat:cs.*|kw:|*|C++|,|\u200b|AND,|'
    "!|~|+| or | not | and |"
    "\u202eevil|深度|:|«x»|é|&".split("|")
)
typed = st.one_of(st.text(max_size=60), st.lists(pieces, max_size=25).map("".join), st.text('ab("“) -*:', max_size=40))


@given(typed)
@example('"a""b c"')
@example("AND,")
@example('"-a" ",a"')
def test_any_text_is_a_query_or_a_bad_query(text: str) -> None:
    """Any text raises BadQuery, or is a query whose canonical text parses into an equal query."""
    try:
        query = parse_query(text)
    except BadQuery:
        return
    assert query == parse_query(str(query))
    assert str(query) == str(parse_query(str(query)))


@given(typed)
def test_every_bad_query_says_how_to_write_a_good_one(text: str) -> None:
    """Every error has a message and a hint, both short enough for a chat message."""
    said = problem(text)
    assert said is None or all(0 < len(part) < 300 for part in said)


def problem(text: str) -> tuple[str, str] | None:
    """Return the error's message and hint, or None if there is no error."""
    try:
        parse_query(text)
    except BadQuery as error:
        return str(error), error.hint
    return None


words = st.sampled_from(["agents", "cache", "survey", "diffusion", '"kv cache"', "prot*", "ti:protein", "au:nobody"])
queries = st.recursive(
    words,
    lambda inner: st.one_of(
        inner.map(lambda one: f"-({one})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) AND ({two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}) OR ({two[1]})"),
    ),
    max_leaves=6,
)


@given(queries, queries)
def test_the_operators_mean_what_logic_says(first: str, second: str) -> None:
    """AND, OR and NOT combine the matches of queries as Python's own operators do."""
    one, two = (parse_query(text).matches(PAPER) for text in (first, second))
    assert (one and two) is parse_query(f"({first}) ({second})").matches(PAPER)
    assert (one or two) is parse_query(f"({first}) OR ({second})").matches(PAPER)
    assert (not one) is parse_query(f"NOT ({first})").matches(PAPER)


@given(queries)
def test_words_met_are_found_on_their_own(text: str) -> None:
    """Every word reported as matched is in the paper."""
    assert all(
        any(parse_query(f'{where}"{word}"').matches(PAPER) for where in ("", "ti:", "au:"))
        for word in parse_query(text).words_met(PAPER)
    )


def test_an_empty_query_is_the_query_of_every_paper() -> None:
    """An empty query matches every paper, even one without any text."""
    assert Query() == parse_query("\n")
    assert Query().matches(Paper(id=PAPER.id, title="", abstract=""))


@given(random_queries())
def test_any_query_is_printed_and_parsed_back(text: str) -> None:
    """Parsing what is printed returns the query, for queries of all operators and fields."""
    query = parse_query(text)
    assert query == parse_query(str(query))


@given(papers(), random_queries(), random_queries())
def test_exclusions_win(paper: Paper, first: str, excluded: str) -> None:
    """A paper that matches what is excluded beside some words never matches the whole, whatever else it matches."""
    # What excludes only is an alternative of its own, and an excluded exclusion is wanted.
    assume(not any(isinstance(parse_query(text).root, Without) for text in (first, excluded)))
    out = parse_query(excluded).matches(paper)
    for text in (f"({first}) -({excluded})", f"agents OR ({first}) -({excluded})", f"({first}) NOT ({excluded}) or kv"):
        assert not (out and parse_query(text).matches(paper))


@given(papers(), random_queries())
def test_a_comparison_and_its_exclusion_part_all_papers(paper: Paper, text: str) -> None:
    """Every paper matches either a query or its exclusion, also if a figure is not known."""
    assert parse_query(text).matches(paper) is not parse_query(f"-({text})").matches(paper)
