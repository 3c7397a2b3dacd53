"""Signing up on the page: a mail to confirm, a button that confirms, and nothing that tells who is subscribed."""

import logging
from datetime import timedelta

import pytest

from bots.domain.channels import Channel
from bots.domain.slots import Slot
from bots.email.sign_up import SignUps
from tests.email.conftest import ADA, CHOICES, Lab, a_lab
from tests.fakes.mail_server import At, MailFault


async def test_the_whole_way(lab: Lab) -> None:
    """Ada signs up, opens the link, chooses, presses the button, and gets a digest at the time she chose."""
    assert "Look into your mail" in (await lab.sign_up()).text
    (asked,) = lab.inbox()
    assert "Confirm your daily papers" == asked.mail["Subject"]
    asking = await lab.get(lab.link("confirm"))
    assert "Confirm your daily papers" in asking.text
    assert () == await lab.store.subscriptions()
    done = await lab.post(lab.link("confirm"), {**CHOICES, "limit": "3", "at": "07:30"})
    assert "You are subscribed" in done.text
    assert "Wednesday 25 November 2026 at 7:30" in done.text
    (subscription,) = await lab.store.subscriptions()
    assert (3, "Europe/Berlin") == (subscription.limit, str(subscription.timezone))
    digest = await lab.bench.service.digest_builder.of_slot(
        subscription, Slot.at(lab.bench.clock(), subscription.timezone)
    )
    (part,) = lab.adapter.compose(digest)
    await lab.adapter.post(part, "key")
    assert "3 papers for Tuesday 24 November 2026" == lab.inbox()[-1].mail["Subject"]


async def test_opening_a_link_changes_nothing(lab: Lab) -> None:
    """A program that opens every link of a mail neither confirms nor unsubscribes."""
    await lab.sign_up()
    for _ in range(3):
        assert 200 == (await lab.get(lab.link("confirm"))).status
    mailbox = await lab.mailboxes.of_address(ADA)
    assert mailbox is not None
    assert mailbox.confirmed is None
    await lab.post(lab.link("confirm"), CHOICES)
    await lab.sign_up()
    preferences = await lab.get(lab.link("preferences"))
    (leave,) = [link for link in preferences.links if "/unsubscribe" in link]
    assert 200 == (await lab.get(leave.removeprefix(lab.settings.public_url))).status
    assert 1 == len(await lab.store.subscriptions())


async def test_the_same_answer_for_known_and_unknown_addresses(lab: Lab) -> None:
    """A page cannot be used to find out who is subscribed: it is the same, byte for byte, and no mail tells it."""
    await lab.confirmed()
    known, unknown = await lab.sign_up(), await lab.sign_up("grace@example.org")
    assert (known.status, known.html) == (unknown.status, unknown.html)
    assert "You are subscribed already" == lab.inbox()[-1].mail["Subject"]
    assert "Confirm your daily papers" == lab.inbox("grace@example.org")[-1].mail["Subject"]


async def test_signing_up_twice_is_recognised(lab: Lab) -> None:
    """A second sign-up, in another spelling, makes no second mailbox and no second subscription."""
    await lab.confirmed()
    await lab.sign_up("ADA@Example.ORG")
    assert 1 == len(await lab.store.mailboxes())
    assert 1 == len(await lab.store.subscriptions())


async def test_confirming_twice_subscribes_once(lab: Lab) -> None:
    """A link that was used is refused, and what the reader changed in between stays."""
    await lab.sign_up()
    link = lab.link("confirm")
    await lab.post(link, CHOICES)
    again = await lab.post(link, {**CHOICES, "limit": "9"})
    assert (410, True) == (again.status, "used already" in again.text)
    assert [5] == [each.limit for each in await lab.store.subscriptions()]


async def test_a_link_expires(lab: Lab) -> None:
    """After two days a link to confirm is refused, and the address is deleted."""
    await lab.sign_up()
    link = lab.link("confirm")
    lab.bench.clock.turn(hours=47)
    assert 200 == (await lab.get(link)).status
    lab.bench.clock.turn(hours=3)
    assert 410 == (await lab.get(link)).status
    assert 410 == (await lab.post(link, CHOICES)).status
    assert await lab.mailboxes.sweep() == 1
    assert () == await lab.store.mailboxes()


async def test_only_unused_mailboxes_are_swept_away(lab: Lab) -> None:
    """A mailbox with a subscription stays; one without is deleted after a month."""
    await lab.confirmed()
    await lab.adapter.channel_named(Channel(platform="email", channel="once@example.org"))
    lab.bench.clock.turn(days=29)
    assert 0 == await lab.mailboxes.sweep()
    lab.bench.clock.turn(days=400)
    assert 1 == await lab.mailboxes.sweep()
    assert [ADA] == [each.address for each in await lab.store.mailboxes()]


@pytest.mark.parametrize(
    "form", [{"limit": "99"}, {"at": "25:99"}, {"on": ()}, {"zone": "Mars/Base"}, {"source": "no"}]
)
async def test_a_wrong_choice_is_named_and_nothing_is_kept(lab: Lab, form: dict[str, str]) -> None:
    """What cannot be read is shown with the field, the other values stay, and nobody is subscribed."""
    await lab.sign_up()
    page = await lab.post(lab.link("confirm"), {**CHOICES, "interests": "retrieval", **form})
    assert 422 == page.status
    assert "Nothing was saved" in page.text
    assert 'value="retrieval"' in page.html
    assert () == await lab.store.subscriptions()
    mailbox = await lab.mailboxes.of_address(ADA)
    assert mailbox is not None
    assert mailbox.confirmed is None


async def test_a_file_of_the_machine_cannot_be_chosen(lab: Lab) -> None:
    """What only the operator may read is refused."""
    await lab.sign_up()
    page = await lab.post(lab.link("confirm"), {**CHOICES, "source": "file:/etc/passwd"})
    assert (422, True) == (page.status, "cannot be chosen here" in page.text)


@pytest.mark.parametrize("address", ["", "ada", "ada@", "a b@example.org", "ada@example.org\r\nBcc: x@example.org"])
async def test_what_is_no_address(lab: Lab, address: str) -> None:
    """What is no address is refused on the page, and nothing is stored or sent."""
    page = await lab.sign_up(address)
    assert (422, True) == (page.status, "not a mail address" in page.text)
    assert [] == lab.server.accepted
    assert () == await lab.store.mailboxes()


async def test_an_address_gets_three_answers_a_day() -> None:
    """Somebody who signs a stranger up again and again fills no mailbox; the page says nothing of it."""
    async with a_lab() as lab:
        pages = [await lab.sign_up() for _ in range(6)]
        assert {200} == {page.status for page in pages}
        assert 3 == len(lab.inbox())
        lab.bench.clock.turn(days=1)
        await lab.sign_up()
        assert 4 == len(lab.inbox())


async def test_a_client_signs_up_twenty_addresses_an_hour(lab: Lab) -> None:
    """More sign-ups from one place are refused."""
    pages = [await lab.post("/email/sign-up", {"address": f"a{number}@example.org"}) for number in range(21)]
    await lab.answered()
    assert [200] * 20 + [429] == [page.status for page in pages]


async def test_a_program_that_fills_in_everything_gets_nothing(lab: Lab) -> None:
    """The field that people do not see betrays a program, which is not told."""
    page = await lab.sign_up(website="https://spam.example")
    assert (200, []) == (page.status, lab.server.accepted)


async def test_only_some_domains() -> None:
    """Where only some domains are welcome, others are told on the page."""
    async with a_lab(sign_up=("example.org",)) as lab:
        assert 403 == (await lab.sign_up("eve@example.com")).status
        assert 200 == (await lab.sign_up("ada@example.org")).status
        assert "For addresses at example.org." in (await lab.get("/email/sign-up")).text
        assert 1 == len(lab.server.accepted)


async def test_nobody() -> None:
    """Where nobody may sign up, the page says so."""
    async with a_lab(sign_up=()) as lab:
        assert 403 == (await lab.get("/email/sign-up")).status
        assert 403 == (await lab.sign_up()).status
        assert [] == lab.server.accepted


async def test_a_greylisted_mail_is_sent_again(lab: Lab) -> None:
    """A server that asks to come back gets the mail again; one that refuses for good does not."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    sign_ups = SignUps(mailboxes=lab.mailboxes, poster=lab.adapter._poster, clock=lab.bench.clock, sleep=sleep)
    lab.server.fail(MailFault(at=At.RECIPIENT, answer="450 4.2.0 Greylisted"))
    lab.adapter.sign_ups = sign_ups
    from bots.domain.mail_addresses import read_mail_address

    assert sign_ups.begin(read_mail_address(ADA))
    await sign_ups.settled()
    assert ([0.0, 30.0], 1) == (slept, len(lab.inbox()))
    lab.server.fail(MailFault(at=At.RECIPIENT, answer="550 5.1.1 No such user"))
    sign_ups.begin(read_mail_address("nobody@example.org"))
    await sign_ups.settled()
    assert [0.0, 30.0, 0.0] == slept


async def test_no_log_has_an_address(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is done, and whatever the mail server answers, no line of the log names an address."""
    caplog.set_level(logging.DEBUG, logger="bots")
    lab.server.fail(MailFault(at=At.CONTENT, answer=f"550 5.1.1 <{ADA}>: no such user"))
    await lab.sign_up()
    await lab.confirmed("grace@example.org")
    await lab.get("/email/confirm?t=forged")
    ours = [record for record in caplog.records if record.name.startswith("bots")]
    said = "\n".join(f"{record.getMessage()} {vars(record)}" for record in ours)
    assert "a sign-up has no mailbox" in said
    assert "ada@" not in said
    assert "grace@" not in said


async def test_the_headers_of_every_page(lab: Lab) -> None:
    """No page loads anything, is framed, is stored, or tells another site where it is."""
    page = await lab.get("/email/sign-up")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert ("no-store", "no-referrer") == (page.headers["cache-control"], page.headers["referrer-policy"])
    assert 0 == page.html.count("<script")
    assert 50_000 > len(page.html)


async def test_a_form_that_is_too_large(lab: Lab) -> None:
    """A form larger than every field together is refused."""
    with_much = {"address": ADA, "more": "x" * 40_000}
    assert 413 == (await lab.post("/email/sign-up", with_much)).status


async def test_an_age_is_counted_by_the_clock_of_the_program(lab: Lab) -> None:
    """A link from the future is refused: it was made with another clock, or is forged."""
    await lab.sign_up()
    link = lab.link("confirm")
    lab.bench.clock.now -= timedelta(days=1)
    assert 410 == (await lab.get(link)).status


async def test_requests_of_one_client_are_limited(lab: Lab) -> None:
    """A client that tries links is refused; unsubscribing with one click is not limited."""
    pages = [await lab.get("/email/confirm?t=0123456789abcdef.aaaa.bbbb") for _ in range(61)]
    assert ([410] * 60, 429) == ([page.status for page in pages[:60]], pages[60].status)
    assert 410 == (await lab.post("/email/unsubscribe?t=0123456789abcdef.aaaa.bbbb")).status
