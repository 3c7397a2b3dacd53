"""The page: the digest in every chat, what is wrong at its field, and no one else at this machine's door."""

import re
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from bots.commands import FIELDS
from bots.domain.channels import Channel
from bots.domain.errors import SettingsError, SourceDown
from bots.domain.papers import PaperId
from bots.preview.http import open_preview
from bots.store.memory import MemoryStore
from tests.preview.conftest import SENDER, START, Lab, a_lab, given_
from tests.support.doubles import ToldSource, a_bench
from tests.support.factories import a_paper

MARKUP = '<script>alert(1)</script><img src=x onerror=alert(2)>"><svg onload=alert(3)>'


class Page(HTMLParser):
    """The elements of a page with an id, and its texts."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """Return the attributes of all elements of a kind."""
        return [attrs for name, attrs in self.tags if name == tag]


async def test_the_first_page_shows_the_digest_in_every_chat(lab: Lab) -> None:
    """Without anything sent, the page shows the five papers in Slack and in Discord, and the frame of the mail."""
    answer = await lab.get()
    page = Page(answer.text)
    assert 200 == answer.status_code
    # In the list of reasons, in Slack and in Discord, beside the text of the mail.
    assert 4 == page.text.count("Attention Is All You Need")
    assert "5 papers seen, 5 fit, 5 shown" in page.text
    (frame,) = page.of("iframe")
    mail = await lab.web.get(f"{lab.address}{frame['src']}")
    assert "Attention Is All You Need" in Page(mail.text).text


async def test_a_filter_counts_what_fits(lab: Lab) -> None:
    """A query is applied, its reason stands with each paper, and the counts say how many fit."""
    page = Page((await lab.get(**given_(query="ti:bert OR ti:learners", limit=1))).text)
    assert "5 papers seen, 2 fit, 1 shown" in page.text
    assert "matches" in page.text
    assert 'query="ti:bert OR ti:learners" limit=1' in page.text
    assert "--query 'ti:bert OR ti:learners' --limit 1" in page.text


async def test_what_is_wrong_stands_at_its_field(lab: Lab) -> None:
    """A wrong filter, number and source are each named at their field, which is marked; there is no digest."""
    page = Page((await lab.get(**given_(query="ti:(", limit=99))).text)
    fields = {str(each.get("id")): each for each in page.of("input")}
    assert {"query", "limit"} == {name for name, each in fields.items() if each.get("aria-invalid")}
    assert "never closed" in page.text
    assert "Correct 2 fields" in page.text
    assert [] == page.of("iframe")
    page = Page((await lab.get(**given_(source="samle"))).text)
    assert "“samle” is not a source." in page.text


async def test_every_option_that_changes_the_digest_has_a_field(lab: Lab) -> None:
    """The form has every option of a subscription but those that say when and whether it is posted."""
    page = Page((await lab.get()).text)
    shown = {str(each.get("name")) for kind in ("input", "select") for each in page.of(kind)}
    assert {"settle", "wait", "quiet", "empty"} == set(FIELDS) - shown
    assert shown <= set(FIELDS)


async def test_the_messages_speak_the_language_of_the_subscription(lab: Lab) -> None:
    """The digest is shown in the language that its channel will read, and in English without one."""
    assert "3 papers for" in Page((await lab.get(**given_(limit=3))).text).text
    german = Page((await lab.get(**given_(limit=3, language="de"))).text)
    assert "3 Artikel" in german.text or "3 Paper" in german.text
    assert "3 papers for" not in german.text


async def test_without_a_network_it_says_what_to_do() -> None:
    """If every source fails, the field of sources says why, and how to try it with the shipped papers."""
    async with a_lab(told=ToldSource(error=SourceDown("it does not answer"))) as lab:
        text = (await lab.get()).text
        assert "Trouble with" in text
        assert "paperwire preview --sample" in text


async def test_a_source_that_fails_is_named_at_its_field() -> None:
    """A source that is down is named at the field of sources, and the papers of the others are shown."""
    async with a_lab(told=ToldSource(), other=ToldSource(spec="other", error=SourceDown("it does not answer"))) as lab:
        answer = await lab.get(**given_(source="told, other"))
        wrong = re.search(r'id="wrong-source">([^<]+)<', answer.text)
        assert wrong is not None
        assert wrong[1].startswith("Trouble with")
        assert 1 <= len(Page(answer.text).of("iframe"))
        lab.bench.sources["other"].error = None
        lab.bench.clock.turn(minutes=6)
        assert "Trouble with" not in (await lab.get(**given_(source="told, other"))).text


async def test_hostile_papers_are_text() -> None:
    """Markup in a paper and in what is typed is shown; the page has no more elements that run or load than before."""
    paper = a_paper(id=PaperId.arxiv("2611.00001"), title=MARKUP, authors=(MARKUP,), venue=MARKUP, keywords=(MARKUP,))
    async with a_lab(told=ToldSource(papers=(paper,))) as lab:
        answer = await lab.get(**given_(interests=MARKUP))
        page = Page(answer.text)
        assert 1 == len(page.of("script"))
        assert [] == page.of("img")
        assert 1 == len(page.of("iframe"))
        assert not [attrs for _, attrs in page.tags for name in attrs if name.startswith("on") or name == "style"]
        mail = await lab.get("mail", **given_(interests=MARKUP), part="1")
        assert [] == Page(mail.text).of("script")


async def test_the_policies_allow_no_more_than_the_page_needs(lab: Lab) -> None:
    """The page runs its own file alone; the mail, with its styles, runs and loads nothing, and is boxed in."""
    page, mail = await lab.get(), await lab.get("mail")
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "default-src 'none'" in mail.headers["Content-Security-Policy"]
    assert "script-src" not in mail.headers["Content-Security-Policy"]
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in mail.headers["Content-Security-Policy"]
    (frame,) = Page(page.text).of("iframe")
    assert "allow-popups allow-popups-to-escape-sandbox" == frame["sandbox"]
    for answer in (page, mail, await lab.get("preview.js"), await lab.get("preview.css")):
        assert "no-referrer" == answer.headers["Referrer-Policy"]
        assert "nosniff" == answer.headers["X-Content-Type-Options"]
        assert "no-store" == answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "papers.evil.example"},
        {"Host": "papers.evil.example:80"},
        {"Host": "127.0.0.1.evil.example:1"},
        {"Host": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_other_sites_are_refused(lab: Lab, headers: dict[str, str]) -> None:
    """A site whose name was pointed at this machine, and a page of another site, get nothing, even with the token."""
    for path in ("", "mail", "preview.js"):
        answer = await lab.get(path, headers=headers)
        assert answer.status_code in (400, 403)
        assert "Attention" not in answer.text


async def test_only_the_token_opens_it(lab: Lab) -> None:
    """Without the token, or with another, there is nothing; with it, by either name of this machine, there is."""
    base, token = re.fullmatch(r"(http://127\.0\.0\.1:\d+/)([\w-]{20,})/", lab.address).groups()  # type: ignore[union-attr]
    assert 404 == (await lab.web.get(base)).status_code
    assert 403 == (await lab.web.get(f"{base}{token[:-1]}/")).status_code
    assert 403 == (await lab.web.get(f"{base}{token}x/mail")).status_code
    assert 403 == (await lab.web.get(f"{base}%ff%d0%b0/")).status_code
    assert 200 == (await lab.web.get(lab.address.replace("127.0.0.1", "localhost"))).status_code
    assert 405 == (await lab.web.post(lab.address)).status_code


async def test_two_previews_have_different_tokens() -> None:
    """The token of one preview does not open another."""
    async with a_lab() as one, a_lab() as other:
        assert one.address.split("/")[3] != other.address.split("/")[3]


async def test_too_many_requests_are_refused(lab: Lab) -> None:
    """After six hundred requests in a minute no more are answered until the minute is over."""
    codes = [(await lab.get("preview.css")).status_code for _ in range(601)]
    assert [200] * 600 + [429] == codes
    lab.bench.clock.turn(seconds=61)
    assert 200 == (await lab.get("preview.css")).status_code


@pytest.mark.parametrize("part", ["0", "2", "99999999999", "x", "", "²", "-1"])
async def test_there_is_no_such_mail(lab: Lab, part: str) -> None:
    """A mail that the digest does not have is not found."""
    assert 404 == (await lab.get("mail", **given_(), part=part)).status_code


async def test_a_page_and_its_mails_are_of_one_digest(lab: Lab) -> None:
    """The sources are asked once for a page and its mails, and again when the digest is five minutes old."""
    await lab.get()
    asked = len(lab.bench.sources["told"].asks)
    await lab.get("mail")
    await lab.get(**given_(limit=5))
    assert asked == len(lab.bench.sources["told"].asks)
    lab.bench.clock.turn(minutes=6)
    await lab.get()
    assert asked < len(lab.bench.sources["told"].asks)


async def test_nothing_is_stored_of_what_is_previewed(lab: Lab) -> None:
    """A preview makes no subscription, and its papers count as posted nowhere."""
    await lab.get()
    await lab.get(**given_(query="attention"))
    assert () == tuple(await lab.bench.store.subscriptions())
    names = frozenset({PaperId.arxiv("1706.03762")})
    assert frozenset() == await lab.bench.store.posted(START.channel, names)


async def test_threads_and_looks(lab: Lab) -> None:
    """A digest in a thread is two messages; the compact look has one menu instead of a row for each paper."""
    page = Page((await lab.get(**given_(entries="thread"))).text)
    assert 2 == page.text.count("in the thread")
    cards = Page((await lab.get(**given_(look="cards"))).text).text.count("Not for us")
    assert 10 == cards
    assert "Pick a paper" in (await lab.get(**given_(look="compact"))).text


async def test_a_subscription_is_where_the_form_begins() -> None:
    """A preview of a subscription has its values, and belongs to its channel."""
    begun = replace(START, id="a1", query="attention", channel=Channel(platform="slack", workspace="T1", channel="C1"))
    async with a_lab(begun) as lab:
        fields: dict[Any, Any] = {each.get("id"): each for each in Page((await lab.get()).text).of("input")}
        assert "attention" == fields["query"]["value"]


async def test_a_port_that_is_taken(lab: Lab) -> None:
    """A port that is in use is named, with what to do."""
    port = int(lab.address.split(":")[2].split("/")[0])
    async with a_bench(MemoryStore()) as bench:
        with pytest.raises(SettingsError, match=rf"127\.0\.0\.1:{port}") as refused:
            async with open_preview(bench.service, START, sender=SENDER, port=port):
                pass
    assert "--port" in refused.value.hint
