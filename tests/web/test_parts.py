"""The pure parts: periods, pages of lists, evidence, sessions, what is kept for a while."""

import asyncio
import gc
from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch
from weakref import ref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.domain.papers import PaperId
from bots.pages.signed_links import signed
from bots.web.addresses import paper_address
from bots.web.evidence import marked_abstract
from bots.web.kept import Kept
from bots.web.paging import pages, read_page
from bots.web.periods import Span, period_at, read_period
from bots.web.sessions import cookie_value, form_token, is_form_of, session_of
from bots.web.visits import Session
from summarizer import Blurb
from summarizer import Span as Range
from tests.support import hostile
from tests.support.factories import a_paper

_NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
_SECRET = "a secret of some length"
_days = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(span=st.sampled_from(Span), day=_days)
def test_the_name_of_a_period_leads_back_to_it(span: Span, day: date) -> None:
    """Each day is in one period of each length, whose name is read back, and whose neighbours leave no day out."""
    period = period_at(span, day)
    assert period.first <= day <= period.last
    if period.first >= date(1900, 1, 1):
        assert period == read_period(span, period.name)
    assert period.last + timedelta(days=1) == period.after.first
    assert period == period_at(span, period.last)


@given(total=st.integers(min_value=0, max_value=10_000), asked=st.text(max_size=9), per_page=st.integers(1, 50))
def test_a_page_of_a_list_exists(total: int, asked: str, per_page: int) -> None:
    """Whatever page is asked for, one of the list's is shown, with its neighbours and no others."""
    page = pages(read_page(asked), total, per_page, "/x", {})
    assert 1 <= page.number <= page.of
    assert (page.of - 1) * per_page <= max(total, per_page)
    assert bool(page.before) == (page.number > 1)
    assert bool(page.after) == (page.number < page.of)


@hostile.patient
@given(abstract=hostile.texts, ends=st.lists(st.integers(0, 10_000), min_size=4, max_size=4).map(sorted))
def test_a_marked_abstract_is_the_abstract(abstract: str, ends: list[int]) -> None:
    """Whatever is marked, the pieces together are the abstract as it is shown elsewhere."""
    low, middle, high, top = (min(end, len(abstract)) for end in ends)
    spans = (Range(start=low, end=middle), Range(start=high, end=top))
    blurb = Blurb(text="x", evidence=spans, engine="told", model="1")
    paper = a_paper(abstract=abstract)
    assert "".join(piece.text for piece in marked_abstract(paper, None)) == "".join(
        piece.text for piece in marked_abstract(paper, blurb)
    )


def test_the_sentences_of_a_blurb_are_marked() -> None:
    """Exactly the sentences that support a blurb are marked, with their mathematics as it is shown."""
    abstract = "First we look. We prove that $x^2 > 0$ holds. Then we rest."
    start = abstract.index("We prove")
    span = Range(start=start, end=abstract.index(" Then"))
    blurb = Blurb(text="x", evidence=(span,), engine="told", model="1")
    found = marked_abstract(a_paper(abstract=abstract), blurb)
    assert ["We prove that x² > 0 holds."] == [piece.text for piece in found if piece.is_evidence]


@pytest.mark.parametrize("value", ["10.1/a/../b", "10.1/./x", "10.1//x", "10.1/..", "a?b#c", "<x>"])
def test_an_address_of_a_paper_stays_one_path(value: str) -> None:
    """No id makes another path of an address: dots that browsers would resolve are not beside a slash."""
    address = paper_address(PaperId(scheme="doi", value=value))
    assert not {"", ".", ".."} & set(address.split("/")[2:])
    assert not set("?#<>") & set(address)


# ── sessions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_session_is_known_by_its_cookie() -> None:
    """A cookie leads back to its session; a forged, an old and an empty one lead to a new session."""
    session = Session(id="abc")
    cookie = cookie_value(session, secret=_SECRET, now=_NOW)
    assert "abc" == session_of(cookie, secret=_SECRET, now=_NOW + timedelta(days=29)).id
    for wrong, now in (("", _NOW), (f"{cookie}x", _NOW), (cookie, _NOW + timedelta(days=31))):
        found = session_of(wrong, secret=_SECRET, now=now)
        assert found.fresh
        assert "abc" != found.id
    assert session_of(cookie, secret="another secret", now=_NOW).fresh


def test_a_token_is_of_one_session() -> None:
    """A form's token is valid for its session only, for half a day, and a cookie is no token."""
    mine, other = Session(id="abc", fresh=False), Session(id="xyz", fresh=False)
    token = form_token(mine, secret=_SECRET, now=_NOW)
    assert is_form_of(mine, token, secret=_SECRET, now=_NOW + timedelta(hours=11))
    assert not is_form_of(other, token, secret=_SECRET, now=_NOW)
    assert not is_form_of(mine, token, secret=_SECRET, now=_NOW + timedelta(hours=13))
    assert not is_form_of(mine, cookie_value(mine, secret=_SECRET, now=_NOW), secret=_SECRET, now=_NOW)
    assert not is_form_of(mine, signed("abc", secret="other", purpose="web.form", now=_NOW), secret=_SECRET, now=_NOW)


# ── what is kept ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_thing_is_made_once_for_all_who_wait() -> None:
    """Requests for one thing at once make it once; a failure is raised to all of them, and is not kept."""
    kept: Kept[str, int] = Kept(seconds=60, most=2)
    made: list[str] = []

    async def make() -> int:
        made.append("x")
        await asyncio.sleep(0)
        if len(made) == 1:
            raise ValueError
        return len(made)

    answers = await asyncio.gather(kept.get("a", make), kept.get("a", make), return_exceptions=True)
    assert [ValueError, ValueError] == [type(answer) for answer in answers]
    assert [2, 2] == [await kept.get("a", make), await kept.get("a", make)]


async def test_the_oldest_things_are_dropped() -> None:
    """No more things are kept than allowed; the one that was used longest ago goes first."""
    kept: Kept[str, str] = Kept(seconds=60, most=2)
    made: list[str] = []

    async def get(key: str) -> None:
        async def make() -> str:
            made.append(key)
            return key

        await kept.get(key, make)

    for key in "abacab":
        await get(key)
    assert ["a", "b", "c", "b"] == made


async def test_things_whose_time_is_over_are_dropped() -> None:
    """A page that nobody opens again is not held for longer than it is shown: the next request for any drops it."""

    class Page:
        """Can be referred to weakly."""

    async def make() -> Page:
        return Page()

    kept: Kept[str, Page] = Kept(seconds=60, most=100)
    loop = asyncio.get_running_loop()
    with patch.object(loop, "time", lambda: 1000.0):
        old = ref(await kept.get("old", make))
        await kept.get("new", make)
        gc.collect()
        assert old() is not None
    with patch.object(loop, "time", lambda: 1061.0):
        await kept.get("newer", make)
        await asyncio.sleep(0)
    gc.collect()
    assert old() is None
