"""Tests of arXiv as a source: its daily lists, including old, empty and missing ones, and past days."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from bots.domain.errors import SettingsError, SourceDown, SourceRefused
from bots.domain.harvests import Freshness, Harvest
from bots.domain.papers import PaperId
from bots.ports import SourceQuery
from bots.sources._arxiv_calendar import submitted_for
from bots.sources.arxiv import Arxiv
from bots.sources.context import SourceContext
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import SAMPLES, StillClock

FEED, PAGE, QUERY = "/rss/cs.AI", "/list/cs.AI/new", "/api/query"
#: The day of the recorded feed, and of the recorded list page.
FED, SHOWN = date(2025, 9, 18), date(2026, 8, 12)
NEW = PaperId.arxiv("2509.13332")
FULL = (SAMPLES / "arxiv_feed/cs.AI_2025-09-18.xml").read_bytes()
QUIET = (SAMPLES / "arxiv_feed/cs.AI_2025-09-20_empty.xml").read_bytes()
NEWS = (SAMPLES / "arxiv_list/cs.AI_2026-08-12.html").read_bytes()

#: The source of the fixture `context`.
SOURCE = "arxiv"


def of_day(feed: bytes, day: date) -> bytes:
    """Return the feed with its date changed to another day."""
    return feed.replace(b"Thu, 18 Sep 2025", f"{day:%a, %d %b %Y}".encode())


async def listed(context: SourceContext, day: date, argument: str = "cs.AI", **more: frozenset[PaperId]) -> Harvest:
    """Return the harvest of the categories' lists."""
    return await Arxiv.open(argument, context).recent(SourceQuery(day=day, **more))  # type: ignore[arg-type] # `known`


# ── the argument ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("argument", "spec"),
    [
        ("cs.CL", "arxiv:cs.CL"),
        ("CS.cl + stat.ml+cs.CL", "arxiv:cs.CL+stat.ML"),
        ("cond-mat.MTRL-sci,astro-ph.ga", "arxiv:cond-mat.mtrl-sci+astro-ph.GA"),
        ("quant-ph hep-th", "arxiv:quant-ph+hep-th"),
        ("physics.bio-ph", "arxiv:physics.bio-ph"),
        ("cs.AI!new", "arxiv:cs.AI!new"),
        ("", "arxiv"),
    ],
)
async def test_categories_are_spelled_as_arxiv_spells_them(context: SourceContext, argument: str, spec: str) -> None:
    """Different spellings of the same categories have the same spec."""
    assert spec == Arxiv.open(argument, context).spec


TOO_MANY = "+".join(f"a{chr(97 + number)}" for number in range(21))


@pytest.mark.parametrize(
    "argument", ["cs", "physics+cs.CL", "cs.*", "cs.CL/../x", "cs.CL?x=1", "cs.CLX", "ß.CL", TOO_MANY]
)
async def test_what_is_no_category_is_refused(context: SourceContext, argument: str) -> None:
    """Whole archives are refused because they overflow arXiv's feed, and other text because it would be in a URL."""
    with pytest.raises(SettingsError):
        Arxiv.open(argument, context)


async def test_a_bare_arxiv_has_no_list(context: SourceContext) -> None:
    """arXiv without a category can be searched but has no daily list."""
    with pytest.raises(SourceRefused, match="needs a category"):
        await listed(context, FED, "")


# ── the day's list ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_days_list_holds_new_and_cross_listed_papers(context: SourceContext, server: PaperServer) -> None:
    """The day's list excludes replacements, and abstracts do not contain the announcement's prefix."""
    server.script(FEED, Answer(body=FULL))
    harvest = await listed(context, FED)
    first, crossed = harvest.papers
    assert (Freshness.FRESH, "", "arxiv:cs.AI") == (harvest.state, harvest.note, harvest.source)
    assert (NEW, 1, FED) == (first.id, first.version, first.announced)
    assert first.abstract.startswith("As Large Language Models (LLMs)")
    assert ("cs.CL", "cs.AI") == crossed.categories
    assert ("Zhuoxuan Zhang", "Jinhao Duan", "Edward Kim", "Kaidi Xu") == crossed.authors
    assert "https://arxiv.org/abs/2509.13664" == crossed.url
    assert [FEED] == [call.path for call in server.calls]


async def test_cross_listed_papers_can_be_left_out(context: SourceContext, server: PaperServer) -> None:
    """`!new` lists only papers whose primary category is the requested one."""
    server.script(FEED, Answer(body=FULL))
    assert [NEW] == [paper.id for paper in (await listed(context, FED, "cs.AI!new")).papers]


async def test_categories_are_asked_one_by_one_and_merged(
    context: SourceContext, server: PaperServer, clock: StillClock
) -> None:
    """Each category's feed is fetched separately, three seconds apart; a paper in two feeds is one paper."""
    server.script(FEED, Answer(body=FULL))
    server.script("/rss/cs.CL", Answer(body=FULL))
    harvest = await listed(context, FED, "cs.AI+cs.CL")
    assert 2 == len(harvest.papers)
    assert [FEED, "/rss/cs.CL"] == [call.path for call in server.calls]
    assert [3.0] == clock.slept


async def test_a_lost_category_is_named(context: SourceContext, server: PaperServer) -> None:
    """If one category fails, the list is partial and the note says so; if all fail, an error is raised."""
    server.script(FEED, Answer(body=FULL))
    harvest = await listed(context, FED, "cs.AI+cs.OH")
    assert (2, Freshness.PARTIAL) == (len(harvest.papers), harvest.state)
    assert "No papers of cs.OH: arXiv does not know the category cs.OH." == harvest.note
    with pytest.raises(SourceRefused, match=r"category cs\.OH"):
        await listed(context, FED, "cs.OH+cs.GL")


async def test_a_quiet_category_beside_a_busy_one_is_no_loss(context: SourceContext, server: PaperServer) -> None:
    """A category with an empty list does not make the list of the others partial."""
    server.script(FEED, Answer(body=of_day(FULL, date(2025, 9, 20))))
    server.script("/rss/cs.CL", Answer(body=QUIET))
    assert Freshness.FRESH == (await listed(context, date(2025, 9, 20), "cs.AI+cs.CL")).state


# ── empty and stale lists ────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_weekend_is_empty(context: SourceContext, server: PaperServer) -> None:
    """A valid feed without items on a Saturday is an empty list, and the list page is not fetched."""
    server.script(FEED, Answer(body=QUIET))
    harvest = await listed(context, date(2025, 9, 20))
    assert (Freshness.EMPTY, (), [FEED]) == (harvest.state, harvest.papers, [call.path for call in server.calls])
    assert "arXiv lists nothing on Saturdays and Sundays." == harvest.note
    assert harvest.final


async def test_an_announced_holiday_is_empty(context: SourceContext, server: PaperServer) -> None:
    """On the day after Thanksgiving, when arXiv announces nothing, an empty feed is accepted as final."""
    server.script(FEED, Answer(body=QUIET.replace(b"Sat, 20 Sep 2025", b"Fri, 27 Nov 2026")))
    harvest = await listed(context, date(2026, 11, 27))
    assert (Freshness.EMPTY, True) == (harvest.state, harvest.final)
    assert "arXiv announced nothing on the evening before, because of a holiday." == harvest.note
    assert [FEED] == [call.path for call in server.calls]


async def test_a_list_that_comes_on_a_holiday_is_taken(context: SourceContext, server: PaperServer) -> None:
    """A list with papers is accepted even on a holiday."""
    in_winter = of_day(FULL, date(2026, 11, 27)).replace(b" 04:", b" 05:").replace(b"-0400", b"-0500")
    server.script(FEED, Answer(body=in_winter))
    assert Freshness.FRESH == (await listed(context, date(2026, 11, 27))).state


async def test_an_empty_list_of_a_working_day_is_asked_about(context: SourceContext, server: PaperServer) -> None:
    """On a working day an empty feed is accepted, but not as final, if the list page has no newer papers either."""
    server.script(FEED, Answer(body=QUIET.replace(b"Sat, 20 Sep 2025", b"Wed, 25 Nov 2026")))
    harvest = await listed(context, date(2026, 11, 25))
    assert (Freshness.EMPTY, "arXiv lists nothing in cs.AI for 2026-11-25.") == (harvest.state, harvest.note)
    assert [FEED, PAGE] == [call.path for call in server.calls]
    assert not harvest.final


async def test_yesterdays_batch_under_todays_date_is_stale(context: SourceContext, server: PaperServer) -> None:
    """A list whose papers are all known from earlier days is stale, whatever its date."""
    server.script(FEED, Answer(body=of_day(FULL, SHOWN)))
    server.script(PAGE, Answer(status=500), Answer(status=500), Answer(status=500), Answer(status=500))
    known = frozenset({NEW, PaperId.arxiv("2509.13664")})
    harvest = await listed(context, SHOWN, known=known)
    assert (Freshness.STALE, 2) == (harvest.state, len(harvest.papers))
    assert "still shows cs.AI's list of an earlier day under today's date. arXiv does not answer" in harvest.note


async def test_the_list_page_helps_where_the_feed_is_stale(context: SourceContext, server: PaperServer) -> None:
    """If the feed is stale and the list page has the requested day and new papers, the list page is used."""
    server.script(FEED, Answer(body=of_day(FULL, SHOWN)))
    harvest = await listed(context, SHOWN, known=frozenset({NEW, PaperId.arxiv("2509.13664")}))
    assert (Freshness.FRESH, 4) == (harvest.state, len(harvest.papers))
    assert PaperId.arxiv("2608.09949") == harvest.papers[0].id


async def test_one_known_paper_makes_no_list_stale(context: SourceContext, server: PaperServer) -> None:
    """One paper that was listed before, for example through cross-listing, does not make the list stale."""
    server.script(FEED, Answer(body=FULL))
    assert Freshness.FRESH == (await listed(context, FED, known=frozenset({NEW}))).state


async def test_an_older_list_is_stale(context: SourceContext, server: PaperServer) -> None:
    """Before the day's list is published, arXiv returns the previous one, which is reported as stale."""
    server.script(FEED, Answer(body=FULL))
    harvest = await listed(context, date(2025, 9, 19))
    assert (Freshness.STALE, 2) == (harvest.state, len(harvest.papers))
    assert "arXiv still shows cs.AI's list of 2025-09-18." == harvest.note
    assert {FED} == {paper.announced for paper in harvest.papers}


# ── failures ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ([Answer(body=b"")] * 4, SourceDown),
        ([Answer(body=b"<!DOCTYPE html><html>Rate exceeded")] * 4, SourceDown),
        ([Answer(status=429, body=b"Rate exceeded.")] * 4, SourceDown),
        ([Answer(status=403)] * 4, SourceDown),
        ([Answer(body=b"<rss><channel>")], SourceRefused),
        ([Answer(body=b"<feed/>")], SourceRefused),
        ([Answer(status=418, body=b"<rss/>")], SourceRefused),
        ([Answer(body=b'<!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>')] * 4, SourceDown),
        ([Answer(body=b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><rss>&a;</rss>')], SourceRefused),
        ([Answer(body=b'<?xml version="1.0" encoding="utf-99"?><rss/>')], SourceRefused),
    ],
)
async def test_a_failure_is_never_an_empty_list(
    context: SourceContext, server: PaperServer, given: list[Answer], error: type[Exception]
) -> None:
    """A response that is not a feed raises an error that shows whether it is temporary."""
    server.script(FEED, *given)
    with pytest.raises(error):
        await listed(context, FED)


async def test_a_blank_feed_is_asked_for_again(context: SourceContext, server: PaperServer) -> None:
    """An empty body with a success status, which arXiv sometimes sends, is retried."""
    server.script(FEED, Answer(body=b""), Answer(body=FULL))
    assert 2 == len((await listed(context, FED)).papers)


# ── past days ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_past_day_is_put_together_from_submissions(context: SourceContext, server: PaperServer) -> None:
    """arXiv stores no old lists: for a past day the papers submitted for it are listed, and the note says so."""
    server.script("/rss/cs.SE", Answer(body=FULL))
    harvest = await listed(context, date(2022, 2, 25), "cs.SE")
    (call,) = server.asked(QUERY)
    assert "cat:cs.SE AND submittedDate:[202202231900 TO 202202241900]" == call.params["search_query"]
    assert ["2202.12139"] == [paper.id.value for paper in harvest.papers]
    assert (Freshness.PARTIAL, date(2022, 2, 25)) == (harvest.state, harvest.papers[0].announced)
    assert (
        "arXiv keeps no list of 2022-02-25: these are the cs.SE papers submitted from 23 Feb 2022 at 19:00"
        in harvest.note
    )


async def test_a_past_weekend_is_empty(context: SourceContext, server: PaperServer) -> None:
    """A past Saturday had no list, so submissions are not queried."""
    server.script(FEED, Answer(body=FULL))
    assert Freshness.EMPTY == (await listed(context, date(2025, 9, 13))).state
    assert [] == server.asked(QUERY)


def test_mondays_list_holds_thursdays_papers() -> None:
    """Papers from Thursday 14:00 to Friday 14:00, New York time, are announced on Sunday evening, in Monday's list."""
    monday = date(2026, 11, 23)
    assert (datetime(2026, 11, 19, 19, tzinfo=UTC), datetime(2026, 11, 20, 19, tzinfo=UTC)) == submitted_for(monday)


def test_every_submission_belongs_to_one_day() -> None:
    """The days' submission windows have no gap or overlap, even across a clock change."""
    windows = [window for number in range(1, 31) if (window := submitted_for(date(2026, 3, number)))]
    assert all(first[1] == second[0] for first, second in pairwise(windows))
    assert 21 == len(windows)
