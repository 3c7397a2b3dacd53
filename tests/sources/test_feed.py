"""The feed source: which entries a day has, which addresses it may read, and what it says of a feed in trouble."""

from datetime import date
from typing import Any

import pytest

from bots.domain.errors import SettingsError, SourceDown, SourceRefused
from bots.domain.harvests import Freshness
from bots.domain.papers import PaperId
from bots.outbound.public_hosts import public_address
from bots.ports import SourceQuery
from bots.sources._http import Client
from bots.sources.context import SourceContext
from bots.sources.feed import FeedSource
from bots.sources.feed_presets import PRESETS
from tests.fakes.paper_server import Answer, PaperServer
from tests.sources.conftest import StillClock, a_client, a_context
from tests.sources.test_addresses import INSIDE

SOURCE = "feed"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run without the proxy that the machine may have: with one, no host is looked up here."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


DAY = date(2026, 6, 3)


def opened(context: SourceContext, server: PaperServer, name: str = "several.xml") -> FeedSource:
    """Return the source of one of the server's feeds."""
    return FeedSource.open(f"{server.url}/feeds/{name}", context)


async def test_a_day_has_the_entries_of_the_last_days_that_were_not_listed(
    context: SourceContext, server: PaperServer
) -> None:
    """An entry that its publisher dates back is not lost, and one that was listed does not come again."""
    source = opened(context, server)
    first = await source.recent(SourceQuery(day=DAY))
    assert 3 == len(first.papers)
    assert {DAY} == {paper.announced for paper in first.papers}
    known = frozenset(paper.id for paper in first.papers[:2])
    assert first.papers[2:] == (await source.recent(SourceQuery(day=DAY, known=known))).papers


@pytest.mark.parametrize(
    ("day", "count", "note"),
    [
        (date(2026, 6, 1), 2, ""),  # the third entry is of a later day
        (date(2026, 6, 14), 3, ""),
        (date(2026, 6, 15), 2, ""),
        (date(2026, 8, 1), 0, "its latest entry is of 2026-06-02."),
        (date(2026, 1, 1), 0, "has nothing new for 2026-01-01."),
        (date(1999, 1, 1), 0, "has nothing new"),
    ],
)
async def test_a_feed_of_another_time_lists_nothing_and_says_so(
    context: SourceContext, server: PaperServer, day: date, count: int, note: str
) -> None:
    """Entries of last year, or of a year to come, are no papers of the day."""
    harvest = await opened(context, server).recent(SourceQuery(day=day))
    assert count == len(harvest.papers)
    assert (Freshness.FRESH if count else Freshness.EMPTY) == harvest.state
    assert note in harvest.note
    assert (count == 0) == harvest.final


async def test_an_unchanged_feed_is_not_sent_again(context: SourceContext, server: PaperServer) -> None:
    """The second request names the version that is known, as RFC 9110 has it, and the answer is the same."""
    source = opened(context, server)
    first, second = [await source.recent(SourceQuery(day=DAY)) for _ in range(2)]
    assert first == second
    assert "if-none-match" in server.asked("/feeds/several.xml")[1].headers


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Answer(body=b"<!doctype html><title>Sign in</title>"), "does not answer"),
        (Answer(body=b""), "does not answer"),
        (Answer(status=503), "does not answer"),
        (Answer(status=404, body=b"<html>no</html>"), r"HTTP 404"),
        (Answer(status=410), r"has ended"),
        (Answer(status=403, body=b"<html>Just a moment...</html>"), r"HTTP 403"),
        (Answer(body=b"Moved to our new site"), "something else than a feed"),
        (Answer(status=301, headers={"Location": "http://127.0.0.1:9/feed"}), "is not one of its hosts"),
        (Answer(body=b"<rss><channel><item><title/></item></channel></rss>"), "no readable entries"),
    ],
)
async def test_a_feed_that_is_none_is_an_error(
    context: SourceContext, server: PaperServer, answer: Answer, said: str
) -> None:
    """A page with status 200, a sign-in, an end: each is named, and none is an empty day."""
    server.script("/feeds/several.xml", *[answer] * 4)
    with pytest.raises((SourceDown, SourceRefused), match=said):
        await opened(context, server).recent(SourceQuery(day=DAY))


async def test_a_feed_cut_short_is_partial(context: SourceContext, server: PaperServer) -> None:
    """What stands before the break is listed, and the digest says that entries may be missing."""
    body = b"<rss version='2.0'><channel><item><title>One whole entry</title></item><item><title>Another"
    server.script("/feeds/several.xml", Answer(body=body))
    harvest = await opened(context, server).recent(SourceQuery(day=DAY))
    assert Freshness.PARTIAL == harvest.state
    assert harvest.papers[0].title == "One whole entry"
    assert "damaged" in harvest.note


# ── which addresses ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("typed", "spec"),
    [
        ("nature", "feed:nature"),
        (" NATURE ", "feed:nature"),
        ("https://blog.example.org/feed.xml", "feed:https://blog.example.org/feed.xml"),
        ("<https://blog.example.org/feed.xml>", "feed:https://blog.example.org/feed.xml"),
        ("<https://blog.example.org/feed.xml|blog.example.org>", "feed:https://blog.example.org/feed.xml"),
        ("https://blog.example.org/feed?a=1&b=2#top", "feed:https://blog.example.org/feed?a=1&b=2"),
    ],
)
async def test_a_feed_is_named_as_people_write_it(context: SourceContext, typed: str, spec: str) -> None:
    """By its name in any case, or by its address as a chat shows it."""
    assert spec == FeedSource.open(typed, context).spec


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("natur", "no feed named “natur”"),
        ("", "needs a name or an address"),
        ("blog.example.org/feed", "is no address"),
        ("ftp://blog.example.org/feed", "is no address"),
        ("http://blog.example.org/feed", "no address of a public site"),
        ("https://blog.example.org:8443/feed", "no address of a public site"),
        ("https://me:secret@blog.example.org/feed", "a name and a password"),
        ("https://[::1", "is no address"),
        ("https://a b.org/", "is no address"),
        ("https://blog.example.org/" + "x" * 600, "longer than"),
    ],
)
async def test_what_is_no_feed_is_refused_before_it_is_stored(context: SourceContext, typed: str, said: str) -> None:
    """A wrong address is an error when it is typed, not when the first digest is due."""
    with pytest.raises(SettingsError, match=said) as raised:
        FeedSource.open(typed, context)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("host", [host for host in INSIDE if "example" not in host])
async def test_no_address_inside_can_be_named(clock: StillClock, host: str) -> None:
    """This machine, its network and a cloud's metadata are refused in every spelling, over http and https."""
    async with a_client(clock) as client:
        context = a_context(client, SOURCE, {})
        for scheme in ("http", "https"):
            for port in ("", ":80", ":443"):
                with pytest.raises(SettingsError):
                    FeedSource.open(f"{scheme}://{host}{port}/feed.xml", context)


def a_resolver(*addresses: str) -> Any:
    """Return a resolver that gives these addresses for every name."""

    async def resolve(_host: str) -> tuple[str, ...]:
        return addresses

    return resolve


@pytest.mark.parametrize("inside", ["127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1",
                                    "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "0.0.0.0"])  # fmt: skip  # noqa: S104
async def test_a_public_name_that_leads_inside_is_refused(clock: StillClock, inside: str) -> None:
    """A name is looked up first, and if one of its addresses is not public, nothing is sent to any."""
    async with a_client(clock, resolve=a_resolver("93.184.215.14", inside)) as client:
        source = FeedSource.open("https://rebind.example.org/feed.xml", a_context(client, SOURCE, {}))
        with pytest.raises(SourceRefused, match="is not on the public internet"):
            await source.recent(SourceQuery(day=DAY))


async def test_an_address_that_most_machines_reach_is_chosen() -> None:
    """Of several public addresses one is tried: that of the older protocol if there is one."""
    assert "93.184.215.14" == await public_address("a.example.org", a_resolver("2606:4700::1", "93.184.215.14"))
    assert "2606:4700::1" == await public_address("a.example.org", a_resolver("2606:4700::1"))


async def test_a_name_without_an_address_cannot_be_reached(clock: StillClock) -> None:
    """A mistyped host is a source that does not answer, named by its host."""

    async def resolve(_host: str) -> tuple[str, ...]:
        raise OSError("unknown")

    async with a_client(clock, resolve=resolve) as client:
        source = FeedSource.open("https://mistyped.example.org/feed.xml", a_context(client, SOURCE, {}))
        with pytest.raises(SourceDown, match=r"mistyped\.example\.org"):
            await source.recent(SourceQuery(day=DAY))


async def test_the_checked_address_is_the_one_that_is_asked(clock: StillClock, monkeypatch: Any) -> None:
    """The name is resolved once, and the connection goes to that address, with the name for the certificate."""
    sent: list[Any] = []

    def recorded(*given: Any, **more: Any) -> Any:
        sent.append((given, more))
        raise ZeroDivisionError

    class Recorder(Client):
        def _open(self) -> Any:
            opened = super()._open()
            monkeypatch.setattr(opened, "stream", recorded)
            return opened

    async with a_client(clock, resolve=a_resolver("93.184.215.14")) as plain:
        recorder = Recorder(contact="", version="1", clock=clock, sleep=clock.sleep, random=lambda: 1.0,
                            paces=plain._paces, resolve=plain._resolve)  # fmt: skip
        source = FeedSource.open("https://blog.example.org/feed.xml", a_context(recorder, SOURCE, {}))
        with pytest.raises(ZeroDivisionError):
            await source.recent(SourceQuery(day=DAY))
        await recorder.__aexit__(None, None, None)
    ((given, more),) = sent
    assert (("GET",), "https://93.184.215.14/feed.xml") == (given, str(more["url"]))
    assert ("blog.example.org", "blog.example.org") == (more["headers"]["Host"], more["extensions"]["sni_hostname"])
    # A kept connection would be used for another host with the same address.
    assert "close" == more["headers"]["Connection"]


async def test_behind_a_proxy_the_proxy_finds_the_host(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where connections go through a proxy, this machine may not be able to look names up."""
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.org:3128")
    assert "" == await public_address("blog.example.org", a_resolver("10.0.0.1"))


async def test_a_redirect_may_lead_to_another_public_site_only(context: SourceContext, server: PaperServer) -> None:
    """Feeds move; one that moves into a private network is refused before anything is sent there."""
    for target in ("https://10.0.0.1/feed", "https://localhost/feed", "http://blog.example.org/feed"):
        server.script("/feeds/several.xml", Answer(status=301, headers={"Location": target}))
        with pytest.raises(SourceRefused, match="redirects to"):
            await opened(context, server).recent(SourceQuery(day=DAY))


async def test_every_name_has_a_feed_over_https(context: SourceContext) -> None:
    """The table names public hosts, and each name opens."""
    for name, preset in PRESETS.items():
        assert preset.url.startswith("https://")
        assert f"feed:{name}" == FeedSource.open(name, context).spec


async def test_a_known_alias_is_known(context: SourceContext, server: PaperServer) -> None:
    """An entry that was listed under another of its ids is not listed again."""
    source = opened(context, server, "pnas.rss")
    ask = SourceQuery(day=date(2026, 8, 12), known=frozenset({PaperId(scheme="doi", value="10.1073/pnas.2600000123")}))
    assert ["In This Issue"] == [paper.title for paper in (await source.recent(ask)).papers]
