"""Tests of Hugging Face Papers as a source: its lists, its special cases, its failures."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bots.domain.errors import PaperNotFound, SettingsError, SourceDown, SourceRefused
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import PaperId, Signals
from bots.ports import SourceQuery
from bots.sources.context import SourceContext
from bots.sources.huggingface import HuggingFace
from tests.fakes.paper_server import Answer, PaperServer

DAILY = "/api/daily_papers"
WEDNESDAY = date(2026, 8, 19)


async def listed(context: SourceContext, day: date = WEDNESDAY, argument: str = "", limit: int = 2000) -> Harvest:
    """Return the harvest of a Hugging Face list."""
    return await HuggingFace.open(argument, context).recent(SourceQuery(day=day, limit=limit))


def an_item(number: int = 1, **changes: object) -> dict[str, object]:
    """Return a list item with the server's wrapper; `changes` are fields of the paper inside."""
    paper = {"id": f"2608.{number:05d}", "title": f"Paper {number}", "summary": "We show it.", "upvotes": 1, **changes}
    return {"paper": paper, "publishedAt": "2026-08-19T20:00:00.000Z", "numComments": 2}


def answer(value: object, **headers: str) -> Answer:
    """Return a JSON response."""
    return Answer(body=json.dumps(value).encode(), headers=headers)


async def test_the_days_list_comes_whole(context: SourceContext, server: PaperServer) -> None:
    """A day's list has the server's order and all of Hugging Face's facts about each paper."""
    harvest = await listed(context)
    first = harvest.papers[0]
    assert (Freshness.FRESH, "", 5) == (harvest.state, harvest.note, len(harvest.papers))
    assert "huggingface" == harvest.source == first.source
    assert PaperId.arxiv("2608.17271") == first.id
    assert "ASI-Bench: At the Dawn of Artificial Superintelligence" == first.title
    assert datetime(2026, 8, 18, tzinfo=UTC) == first.published
    assert WEDNESDAY == first.announced
    assert "https://arxiv.org/abs/2608.17271" == first.url
    assert "https://github.com/apexin-ai/ASI-Bench" == first.code
    assert 38 == first.signals.upvotes
    assert {"date": "2026-08-19", "limit": "100", "p": "0"} == server.calls[0].params


@pytest.mark.parametrize(
    ("argument", "asked"),
    [
        ("", {"date": "2026-08-19"}),
        ("daily", {"date": "2026-08-19"}),
        ("week", {"week": "2026-W34"}),
        ("month", {"month": "2026-08"}),
        ("trending", {"sort": "trending"}),
    ],
)
async def test_each_list_is_asked_for_in_its_way(
    context: SourceContext, server: PaperServer, argument: str, asked: Mapping[str, str]
) -> None:
    """Each list has its own request parameter: the day, its ISO week, its month, or trending."""
    await listed(context, argument=argument)
    assert {**asked, "limit": "100", "p": "0"} == server.calls[0].params


async def test_the_week_holds_its_days_once(context: SourceContext) -> None:
    """A paper listed twice in a week is one paper, and each paper has the day on which it was listed."""
    harvest = await listed(context, argument="week")
    assert 8 == len(harvest.papers) == len({paper.id for paper in harvest.papers})
    assert {date(2026, 8, 19), date(2026, 8, 21)} == {paper.announced for paper in harvest.papers}


async def test_the_first_week_of_a_year_may_belong_to_the_last(context: SourceContext) -> None:
    """1 January 2027 is in the 53rd ISO week of 2026."""
    assert {"week": "2026-W53"} == HuggingFace("week", context.web)._list(date(2027, 1, 1))


async def test_an_unknown_list_is_refused(context: SourceContext) -> None:
    """The error for an unknown list names the known ones."""
    with pytest.raises(SettingsError) as refused:
        HuggingFace.open("weekly", context)
    assert "huggingface:week" in refused.value.hint


async def test_long_lists_come_page_by_page(context: SourceContext, server: PaperServer) -> None:
    """Pages are fetched while the server reports a next one, up to the limit."""
    pages = [[an_item(page * 100 + number) for number in range(100)] for page in range(3)]
    more = {"Link": '<https://evil.example/?p=1>; rel="next"'}
    server.script(DAILY, answer(pages[0], **more), answer(pages[1], **more), answer(pages[2]))
    assert 300 == len((await listed(context)).papers)
    assert ["0", "1", "2"] == [call.params["p"] for call in server.calls]
    server.script(DAILY, answer(pages[0], **more), answer(pages[1], **more))
    assert 150 == len((await listed(context, limit=150)).papers)


async def test_trending_ends_with_its_first_page(context: SourceContext, server: PaperServer) -> None:
    """Of the endless trending list only the first page is fetched."""
    server.script(DAILY, answer([an_item(number) for number in range(100)], Link='<x>; rel="next"'))
    assert 100 == len((await listed(context, argument="trending")).papers)
    assert 1 == len(server.calls)


async def test_a_lost_page_leaves_a_partial_list(context: SourceContext, server: PaperServer) -> None:
    """If a later page fails, the earlier papers are returned, and the note says that the list is incomplete."""
    server.script(DAILY, answer([an_item()], Link='<x>; rel="next"'), *[Answer(status=500)] * 4)
    harvest = await listed(context)
    assert (1, Freshness.PARTIAL) == (len(harvest.papers), harvest.state)
    assert "Only the first 1 papers could be read: Hugging Face does not answer: HTTP 500." == harvest.note


# ── unusual records ──────────────────────────────────────────────────────────────────────────────────────────────────


async def one(context: SourceContext, server: PaperServer, **changes: object) -> Harvest:
    """Return the harvest of a list with one item."""
    server.script(DAILY, answer([an_item(**changes)]))  # type: ignore[arg-type] # fields of the paper
    return await listed(context)


async def test_only_the_inner_dates_count(context: SourceContext, server: PaperServer) -> None:
    """The paper's own `publishedAt` is used, because the wrapper's is New York time labelled UTC."""
    harvest = await one(context, server, publishedAt="2026-08-18T00:30:00.000Z")
    assert datetime(2026, 8, 18, 0, 30, tzinfo=UTC) == harvest.papers[0].published


async def test_white_space_and_hidden_authors_go(context: SourceContext, server: PaperServer) -> None:
    """Line breaks in titles, as in older lists, are removed, and authors marked as hidden are left out."""
    authors = [{"name": "Ada  Lovelace", "hidden": False}, {"name": "X", "hidden": True}, {"user": {}}, "Alan Turing"]
    paper = (await one(context, server, title="A\n  Title", summary="One\ntwo.", authors=authors)).papers[0]
    assert ("A Title", "One two.", ("Ada Lovelace", "Alan Turing")) == (paper.title, paper.abstract, paper.authors)


async def test_dollars_are_money(context: SourceContext, server: PaperServer) -> None:
    """A dollar sign is not mathematics, because Hugging Face strips the dollar signs of mathematics."""
    assert not (await one(context, server, summary="From $2 to $5.")).papers[0].dollar_math


@pytest.mark.parametrize(
    "code", ["http://github.com/a/b", "javascript:alert(1)", "https://a@b.example/", "https://x y.example", 5, None, ""]
)
async def test_code_is_an_https_address_or_nothing(context: SourceContext, server: PaperServer, code: object) -> None:
    """A code address with another scheme or a user name, or that is not a URL, is dropped."""
    assert "" == (await one(context, server, githubRepo=code)).papers[0].code


async def test_signals_come_from_both_levels(context: SourceContext, server: PaperServer) -> None:
    """Votes and stars are read from the paper, comments from the wrapper; invalid values are ignored."""
    paper = (await one(context, server, upvotes=7, githubStars="12")).papers[0]
    assert Signals(upvotes=7, comments=2, stars=12) == paper.signals
    paper = (await one(context, server, upvotes=-1, githubStars=[1])).papers[0]
    assert Signals(comments=2) == paper.signals


async def test_533_authors_do_not_fill_the_record(context: SourceContext, server: PaperServer) -> None:
    """A record keeps at most a hundred authors; a paper of 2025 has 533."""
    authors = [{"name": f"Author {number}"} for number in range(533)]
    assert 100 == len((await one(context, server, authors=authors)).papers[0].authors)


async def test_a_broken_item_costs_only_itself(context: SourceContext, server: PaperServer) -> None:
    """Items that are not papers are left out and reported; unknown keys are ignored."""
    items = [an_item(1, novelty={"deep": []}), {"paper": None}, 7, an_item(2, id="math/x"), an_item(3, title=[7])]
    server.script(DAILY, answer(items))
    harvest = await listed(context)
    assert (["Paper 1"], Freshness.PARTIAL) == ([paper.title for paper in harvest.papers], harvest.state)
    assert "4 left out as unreadable" in harvest.note


# ── an honest nothing, and failures ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("day", "argument", "note"),
    [
        (date(2026, 8, 22), "", "Saturdays and Sundays"),
        (date(2026, 8, 20), "", "has no list of 2026-08-20 (yet)"),
        (date(2026, 9, 1), "week", "no papers of the week of 2026-09-01 yet"),
    ],
)
async def test_a_day_without_a_list_is_empty(context: SourceContext, day: date, argument: str, note: str) -> None:
    """A day without a list is an empty harvest with a note, not a failure."""
    harvest = await listed(context, day, argument)
    assert ((), Freshness.EMPTY) == (harvest.papers, harvest.state)
    assert note in harvest.note
    assert ("Saturdays" in note) == harvest.final


async def test_a_day_to_come_is_empty(context: SourceContext, server: PaperServer) -> None:
    """A future day, which the server refuses with 400, is an empty list."""
    server.script(DAILY, Answer(status=400, body=b'{"error":"Invalid date"}'))
    assert Freshness.EMPTY == (await listed(context)).state


@pytest.mark.parametrize(
    ("given", "error"),
    [
        (Answer(body=b"<!DOCTYPE html><html>maintenance"), SourceDown),
        (Answer(body=b""), SourceDown),
        (Answer(body=b"[{"), SourceRefused),
        (Answer(body=b"[" * 100_000), SourceRefused),
        (Answer(body=b"\xff\xfe\x00"), SourceRefused),
        (Answer(body=b'{"error":"x"}'), SourceRefused),
        (Answer(body=b"null"), SourceRefused),
        (Answer(body=b"[1,2]"), SourceRefused),
        (Answer(status=401, body=b"[]"), SourceRefused),
        (Answer(status=403, body=b"<html>"), SourceRefused),
        (Answer(status=404, body=b"[]"), SourceRefused),
        (Answer(status=400, body=b'{"error":"limit"}'), SourceRefused),
        (Answer(status=302, headers={"Location": "https://login.example/"}), SourceRefused),
    ],
)
async def test_a_failure_is_never_an_empty_list(
    context: SourceContext, server: PaperServer, given: Answer, error: type[Exception]
) -> None:
    """A response that is not a list of papers raises an error that shows whether it is temporary."""
    server.script(DAILY, given)
    with pytest.raises(error):
        await listed(context)


# ── look-up and search ───────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_paper_is_found_by_its_id(context: SourceContext) -> None:
    """The look-up's response without a wrapper yields the same paper as the list."""
    paper = await HuggingFace.open("", context).lookup(PaperId.arxiv("2608.19880"))
    assert (163, date(2026, 8, 21)) == (paper.signals.upvotes, paper.announced)


@pytest.mark.parametrize("name", ["arxiv:9999.99999", "arxiv:math/0309136", "doi:10.1145/1", "text:00"])
async def test_an_unknown_paper_is_not_found(context: SourceContext, name: str) -> None:
    """An id that Hugging Face does not or cannot have raises PaperNotFound."""
    with pytest.raises(PaperNotFound):
        await HuggingFace.open("", context).lookup(PaperId.parse(name))


async def test_another_paper_is_not_taken_for_the_one_asked(context: SourceContext, server: PaperServer) -> None:
    """A response with a paper other than the requested one is refused."""
    server.script("/api/papers/2608.19880", answer(an_item()["paper"]))
    with pytest.raises(SourceRefused, match="another paper"):
        await HuggingFace.open("", context).lookup(PaperId.arxiv("2608.19880"))


async def test_search_finds_papers(context: SourceContext, server: PaperServer) -> None:
    """The search words are sent URL-encoded, and the results have the server's order."""
    papers = await HuggingFace.open("", context).search(" kazakh   question&q=x ", 5)
    assert () == papers
    assert "kazakh question&q=x" == server.calls[0].params["q"]
    found = await HuggingFace.open("", context).search("kazakh", 2)
    assert 2 == len(found)
    assert "KazQAD: Kazakh Open-Domain Question Answering Dataset" == found[0].title
    assert () == await HuggingFace.open("", context).search("   ", 5)


# ── whole recordings ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "count"),
    [("2026-06-12_raw", 30), ("2025-09-30", 50), ("2024-05-27", 13), ("2026-07-15", 2), ("2026-08-17", 23)],
)
async def test_every_recorded_list_is_read_whole(
    context: SourceContext, server: PaperServer, shared: Path, name: str, count: int
) -> None:
    """Recorded lists of three years, in three formats, yield every paper with title, abstract, authors and dates."""
    body = (shared / f"fixtures/huggingface/daily_papers_{name}.json").read_bytes()
    server.script(DAILY, Answer(body=body))
    harvest = await listed(context, date.fromisoformat(name[:10]))
    assert (count, Freshness.FRESH) == (len(harvest.papers), harvest.state)
    assert all(paper.title and paper.abstract and paper.authors and paper.published for paper in harvest.papers)
    assert {date.fromisoformat(name[:10])} == {paper.announced for paper in harvest.papers}
    assert all("\n" not in paper.title + paper.abstract for paper in harvest.papers)


async def test_the_paper_with_533_authors_is_read(context: SourceContext, server: PaperServer, shared: Path) -> None:
    """The recorded search for the Llama 3 report is parsed, with its authors cut to a hundred."""
    body = (shared / "fixtures/huggingface/papers_search_llama3herd_2025-05.json").read_bytes()
    server.script("/api/papers/search", Answer(body=body))
    papers = await HuggingFace.open("", context).search("llama 3 herd", 20)
    assert 100 == max(len(paper.authors) for paper in papers)
