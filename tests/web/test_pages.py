"""What the pages show: lists, papers, search, archives, pasted abstracts."""

import re
from datetime import timedelta

import pytest

from bots.domain.papers import Paper, PaperId
from bots.ports import SHOWN_ON_REQUEST
from bots.web.lists import PER_PAGE
from tests.support.doubles import ToldSource
from tests.web.conftest import Browser
from tests.web.scenes import ABSTRACT, numbered, on_day

_NEXT = re.compile(r'rel="next" href="([^"]+)"')


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_first_page_is_the_list_of_today(stocked: Browser) -> None:
    """The first page has today's papers, the most upvoted first, with authors, blurb, abstract, upvotes and code."""
    page = await stocked.get("/")
    assert 200 == page.status
    assert page.text.index("On x² in graphs") < page.text.index("Paper number 1")
    assert "Paper number 3" not in page.text
    assert "40 upvotes" in page.text
    assert "We present α-Digest" in page.text
    assert "takes a team hours each day" in page.text
    assert "https://github.com/a/b" in page.links
    assert "$" not in page.text


async def test_a_day_without_a_list_falls_back(stocked: Browser) -> None:
    """On a day without a list yet, the first page has the newest list and says so."""
    stocked.bench.clock.turn(days=2)
    page = await stocked.get("/")
    assert "Paper number 1" in page.text
    assert "No list is out for today yet" in page.text


async def test_a_week_and_a_month_hold_their_days(stocked: Browser) -> None:
    """A week and a month list what was listed on any of their days, each paper once."""
    day = stocked.bench.clock().date()
    year, week, _ = day.isocalendar()
    for address in (f"/week/{year}-W{week:02}", f"/month/{day:%Y-%m}"):
        page = await stocked.get(address)
        assert 200 == page.status
        assert "3 papers" in page.text
    alone = await stocked.get(f"/day/{day - timedelta(days=1)}")
    assert "1 paper" in alone.text
    assert "Paper number 3" in alone.text


@pytest.mark.parametrize(
    "address",
    ["/day/2026-13-01", "/day/20261124", "/week/2026-W54", "/month/2026-1", "/day/0001-01-01", "/week/9999-W52"],
)
async def test_a_period_that_does_not_exist(stocked: Browser, address: str) -> None:
    """An address of no day, week or month is answered with 404."""
    assert 404 == (await stocked.get(address)).status


async def test_a_day_is_picked(stocked: Browser) -> None:
    """The form that picks a day leads to the address of that day; nonsense leads to today."""
    picked = await stocked.get("/day?day=2026-11-20")
    assert (303, "/day/2026-11-20") == (picked.status, picked.headers["Location"])
    wrong = await stocked.get("/day?day=//evil.example")
    assert f"/day/{stocked.bench.clock().date()}" == wrong.headers["Location"]


async def test_a_long_list_has_pages(stocked: Browser) -> None:
    """A list longer than a page is read to its end by its links, each paper once."""
    day = stocked.bench.clock().date() - timedelta(days=9)
    papers = [numbered(100 + each, 90 - each) for each in range(2 * PER_PAGE + 1)]
    await stocked.store.remember(papers, source="told", day=day, place=None)
    address, seen = f"/day/{day}", list[str]()
    while address:
        page = await stocked.get(address)
        seen += dict.fromkeys(link for link in page.links if link.startswith("/paper/") and "#" not in link)
        address = next((found for found in _NEXT.findall(page.html) if "page=" in found), "")
    assert [f"/paper/{paper.id}" for paper in papers] == seen


async def test_the_first_page_is_small(stocked: Browser) -> None:
    """A full first page, with its style and script, has at most 50 kB."""
    day = stocked.bench.clock().date()
    long = [numbered(100 + each, 90, abstract=ABSTRACT * 6, authors=("A. Name",) * 9) for each in range(PER_PAGE)]
    await stocked.store.remember(long, source="told", day=day, place=None)
    page = await stocked.get("/")
    others = [await stocked.get(each) for each in _assets(page.html)]
    assert PER_PAGE == page.html.count("<article")
    assert 50_000 >= sum(len(each.html.encode()) for each in (page, *others))


def _assets(html: str) -> list[str]:
    return [part.partition('"')[0] for part in html.split('"') if part.startswith("/static/")]


async def test_papers_that_were_looked_up_are_not_listed(stocked: Browser) -> None:
    """What somebody looked up is in no list, and a day with nothing else has none."""
    day = stocked.bench.clock().date() - timedelta(days=5)
    await stocked.store.remember([numbered(50)], source=SHOWN_ON_REQUEST, day=day, place=None)
    assert "No papers" in (await stocked.get(f"/day/{day}")).text


# ── a paper ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_paper_has_its_blurb_and_the_evidence(stocked: Browser) -> None:
    """The page of a paper shows the blurb, and marks in the abstract the sentences that support it."""
    page = await stocked.get("/paper/arxiv:2611.00001?style=one-line")
    assert "Paper number 1" in page.text
    marked = [part.partition("</mark>")[0] for part in page.html.split("<mark>")[1:]]
    assert "Marked" == marked[0]
    assert any("We present α-Digest" in each for each in marked[1:])
    assert "1 upvote" not in page.text
    assert "7 upvotes" in page.text


@pytest.mark.parametrize("style", ["one-line", "short", "structured"])
async def test_three_styles(stocked: Browser, style: str) -> None:
    """Each of the three styles has an address, and the page says which one it shows."""
    page = await stocked.get(f"/paper/arxiv:2611.00001?style={style}")
    assert 200 == page.status
    shown = {"one-line": "One line", "short": "Short", "structured": "Structured"}[style]
    assert f'aria-current="true">{shown}<' in page.html


@pytest.mark.parametrize(("form", "start"), [("bibtex", "@"), ("ris", "TY  - "), ("csl-json", "[")])
async def test_a_paper_is_cited(stocked: Browser, form: str, start: str) -> None:
    """A paper is downloaded as BibTeX, RIS and CSL-JSON."""
    answer = await stocked.get(f"/paper/arxiv:2611.00001?as={form}")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="2611.00001.')
    assert answer.html.startswith(start)
    assert "Paper number 1" in answer.html


async def test_any_name_of_a_paper_leads_to_it(stocked: Browser) -> None:
    """A paper is found by its DOI with its slash, by a bare id, and by its address elsewhere."""
    doi = PaperId(scheme="doi", value="10.1000/a.b(1)//c")
    await stocked.store.remember([numbered(1, aliases=frozenset({doi}))], source="told", day=on_day(), place=None)
    for name in (
        "arxiv:2611.00001",
        "2611.00001",
        "doi:10.1000%2Fa.b(1)%2F%2Fc",
        "https:%2F%2Farxiv.org%2Fabs%2F2611.00001v2",
    ):
        page = await stocked.get(f"/paper/{name}")
        assert "Paper number 1" in page.text, name


async def test_an_unknown_paper(stocked: Browser) -> None:
    """A paper that is in no list here is answered with 404, and no library is asked for it."""
    page = await stocked.get("/paper/arxiv:2611.77777")
    assert 404 == page.status
    assert "not known here" in page.text


# ── search ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_search_finds_and_filters(stocked: Browser) -> None:
    """Words find papers; a filter leaves out those without code; nothing found is said."""
    await stocked.bench.service.search_index.fill()
    assert "Paper number 1" in (await stocked.get("/search?q=paper+number")).text
    with_code = await stocked.get("/search?q=graphs&code=1")
    assert "On x² in graphs" in with_code.text
    assert "Paper number 1" not in with_code.text
    assert "Nothing found" in (await stocked.get("/search?q=graphs&since=2035")).text


async def test_search_says_what_is_wrong(stocked: Browser) -> None:
    """A query that cannot be read is answered with what is wrong and what to write, in the form as it was filled in."""
    page = await stocked.get("/search?q=%28a+OR&author=Lee")
    assert 422 == page.status
    assert 'role="alert"' in page.html
    assert 'value="(a OR"' in page.html
    assert 'value="Lee"' in page.html


async def test_search_for_an_id_asks_no_library(stocked: Browser) -> None:
    """An id finds the stored paper; an unknown one finds nothing, and no source is asked."""
    assert "Paper number 1" in (await stocked.get("/search?q=arXiv:2611.00001")).text
    assert "Nothing found" in (await stocked.get("/search?q=arXiv:2611.77777")).text
    assert not stocked.bench.sources["told"].asks


async def test_reading_writes_nothing(stocked: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search and a paper's page ask no library, and leave no trace of what was asked on the shelf."""
    asked: list[object] = []

    async def search(_source: ToldSource, words: str, _limit: int) -> tuple[Paper, ...]:
        asked.append(words)
        return ()

    monkeypatch.setattr(ToldSource, "search", search)
    await stocked.get("/search?q=paper+number")
    await stocked.get("/paper/arxiv:2611.00003")
    today = stocked.bench.clock().date()
    assert [] == asked
    assert not await stocked.store.known(SHOWN_ON_REQUEST, today + timedelta(days=1), place=None)


async def test_more_like_this(stocked: Browser) -> None:
    """A paper leads to those near to it in content, and not to itself."""
    while await stocked.bench.service.search_index.fill():
        pass
    page = await stocked.get("/search?like=arxiv:2611.00001")
    assert "/paper/arxiv:2611.00003" in page.links
    assert 1 == page.links.count("/paper/arxiv:2611.00001")
    assert 404 == (await stocked.get("/search?like=arxiv:2611.77777")).status


# ── pasting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_pasted_abstract_is_condensed(browser: Browser) -> None:
    """A pasted abstract gives its blurb, above the form as it was filled in; the text is stored nowhere."""
    page = await browser.submit("/paste", {"text": ABSTRACT, "style": "one-line", "title": "Digest"})
    assert "In short" in page.text
    assert "We present α-Digest" in page.text
    assert 'value="Digest"' in page.html
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("text", ["", "Too short.", "https://arxiv.org/abs/1706.03762"])
async def test_what_is_no_abstract_says_why(browser: Browser, text: str) -> None:
    """A text that cannot be condensed is answered with why, and the form keeps it."""
    page = await browser.submit("/paste", {"text": text})
    assert 422 == page.status
    assert 'role="alert"' in page.html
