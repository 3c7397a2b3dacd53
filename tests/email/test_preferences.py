"""The pages behind the links of a mail: preferences, the reader's data, and leaving."""

import json

import pytest

from bots.domain.channels import Channel
from bots.domain.requests import Subscribe
from bots.domain.subscriptions import Subscription
from bots.store.memory import MemoryStore
from tests.email.conftest import ADA, CHOICES, Lab, a_lab


async def mailed(lab: Lab, address: str = ADA) -> None:
    """Send somebody the day's digest, with its links."""
    mailbox = await lab.mailboxes.of_address(address)
    assert mailbox is not None
    (subscription, *_) = await lab.mailboxes.subscriptions(mailbox)
    digest = await lab.bench.service.digest_builder.digest(subscription, [lab.bench.clock().date()])
    for part in lab.adapter.compose(digest):
        await lab.adapter.post(part, f"{address}-{part.number}")


async def test_changing_what_comes_and_when(lab: Lab) -> None:
    """A reader changes source, limit, time, days and zone; what the page does not show stays."""
    await lab.confirmed()
    await mailed(lab)
    assert 'value="told"' in (await lab.get(lab.link("preferences"))).html
    changed = {
        "source": "other", "limit": "7", "at": "18:15", "on": ("sat", "sun"), "zone": "Asia/Tokyo",
        "interests": "retrieval", "query": "agents", "do": "save",
    }  # fmt: skip
    page = await lab.post(lab.link("preferences"), changed)
    assert (200, True) == (page.status, "Saved. Next on Saturday 28 November 2026 at 18:15" in page.text)
    (kept,) = await lab.store.subscriptions()
    assert (("other",), 7, "retrieval", "agents") == (kept.sources, kept.limit, kept.interests, kept.query)
    assert ("Asia/Tokyo", "18:15", 2) == (str(kept.timezone), f"{kept.times[0]:%H:%M}", len(kept.weekdays))


async def test_a_wrong_change_is_named(lab: Lab) -> None:
    """What cannot be read is shown with its field, and nothing is changed."""
    await lab.confirmed()
    await mailed(lab)
    page = await lab.post(lab.link("preferences"), {**CHOICES, "at": "noon-ish"})
    assert (422, True) == (page.status, "Nothing was saved" in page.text)
    assert 'aria-invalid="true"' in page.html
    assert "Write a time from 0:00 to 23:59" in page.text
    (kept,) = await lab.store.subscriptions()
    assert "09:00" == f"{kept.times[0]:%H:%M}"


async def test_pausing_and_resuming(lab: Lab) -> None:
    """A reader pauses the digest and resumes it on the same page."""
    await lab.confirmed()
    await mailed(lab)
    link, name = lab.link("preferences"), (await lab.store.subscriptions())[0].id
    assert "no mail until you resume" in (await lab.post(link, {"do": "pause", "subscription": name})).text
    assert not (await lab.store.subscriptions())[0].enabled
    assert "Resumed." in (await lab.post(link, {"do": "resume", "subscription": name})).text
    assert (await lab.store.subscriptions())[0].enabled


async def test_what_the_operator_chose_stays(lab: Lab) -> None:
    """A reader of a file that the operator chose may change the time, and cannot choose another file."""
    channel = await lab.adapter.channel_named(Channel(platform="email", channel=ADA))
    lab.bench.sources["file:papers.bib"] = lab.bench.sources["told"]
    subscription = Subscription(id="", channel=channel, sources=("file:papers.bib",))
    await lab.bench.service.answer(Subscribe(channel=channel, subscription=subscription, trusted=True))
    lab.bench.sources["told"].spec = "file:papers.bib"
    await lab.store.remember((), source="told", day=lab.bench.clock().date(), place=channel)
    await lab.sign_up()
    form = {**CHOICES, "source": "file:papers.bib", "at": "10:00"}
    assert 200 == (await lab.post(lab.link("preferences"), form)).status
    assert 422 == (await lab.post(lab.link("preferences"), {**form, "source": "file:/etc/passwd"})).status
    (kept,) = await lab.store.subscriptions()
    assert (("file:papers.bib",), "10:00") == (kept.sources, f"{kept.times[0]:%H:%M}")


async def test_all_subscriptions_of_a_mailbox_have_their_form(lab: Lab) -> None:
    """A reader with two subscriptions reaches both, and changes only the one that is shown."""
    mailbox = await lab.confirmed()
    second = Subscription(id="second", channel=mailbox.channel, sources=("other",), limit=2)
    await lab.bench.service.answer(Subscribe(channel=mailbox.channel, subscription=second, trusted=True))
    await mailed(lab)
    page = await lab.get(lab.link("preferences"))
    (other,) = [link for link in page.links if "&s=second" in link or "&amp;s=second" in link]
    assert 'value="other"' in (await lab.get(other)).html
    await lab.post(other, {**CHOICES, "subscription": "second", "source": "other", "limit": "3"})
    assert {"told": 5, "other": 3} == {each.sources[0]: each.limit for each in await lab.store.subscriptions()}


async def test_the_readers_data(lab: Lab) -> None:
    """A reader downloads everything that is stored, without the key that signs the links."""
    mailbox = await lab.confirmed()
    page = await lab.post(await _preferences_of(lab), {"do": "download"})
    held = json.loads(page.html)
    assert ADA == held["address"]
    assert "subscribe" in held["subscriptions"][0]["command"]
    assert mailbox.secret not in page.html
    assert "attachment" in page.headers["content-disposition"]


async def _preferences_of(lab: Lab) -> str:
    await mailed(lab)
    return lab.link("preferences")


async def test_one_click_unsubscribes_and_deletes_everything(lab: Lab) -> None:
    """The request of a mail reader (RFC 8058) deletes the mailbox with all it has; a copy does nothing."""
    mailbox = await lab.confirmed()
    await mailed(lab)
    mail = lab.inbox()[-1].mail
    assert "List-Unsubscribe=One-Click" == mail["List-Unsubscribe-Post"]
    link = str(mail["List-Unsubscribe"]).strip("<>").removeprefix(lab.settings.public_url)
    page = await lab.post(link, {"List-Unsubscribe": "One-Click"})
    assert (200, True) == (page.status, "You are unsubscribed" in page.text)
    assert ((), ()) == (await lab.store.mailboxes(), await lab.store.subscriptions())
    assert mailbox.id not in await lab.store.workspaces("email")
    assert 410 == (await lab.post(link, {"List-Unsubscribe": "One-Click"})).status


async def test_the_button_unsubscribes(lab: Lab) -> None:
    """The link in the mail shows a button, and the button unsubscribes; nobody else is touched."""
    await lab.confirmed()
    await lab.confirmed("grace@example.org")
    await mailed(lab)
    link = lab.link("unsubscribe")
    assert "Unsubscribe" in (await lab.get(link)).text
    await lab.post(link)
    assert ["grace@example.org"] == [each.address for each in await lab.store.mailboxes()]
    assert 1 == len(await lab.store.subscriptions())


async def test_old_links_end_with_the_mailbox(lab: Lab) -> None:
    """Whoever comes back has new links: the old ones, wherever they are by now, open nothing."""
    await lab.confirmed()
    await mailed(lab)
    old = {purpose: lab.link(purpose) for purpose in ("preferences", "unsubscribe")}
    await lab.post(old["unsubscribe"])
    await lab.confirmed()
    assert [410, 410] == [(await lab.get(link)).status for link in old.values()]
    assert 410 == (await lab.post(old["unsubscribe"])).status
    assert 1 == len(await lab.store.mailboxes())


@pytest.mark.parametrize(
    "spoil", [lambda link: link[:-1], lambda link: link + "A", lambda link: link.replace("t=", "t=x")]
)
async def test_forged_links(lab: Lab, spoil: object) -> None:
    """A link with one character more, less or changed opens nothing."""
    await lab.confirmed()
    await mailed(lab)
    for purpose in ("preferences", "unsubscribe"):
        link = spoil(lab.link(purpose))  # type: ignore[operator]  # each parameter is a function
        assert 410 == (await lab.get(link)).status
        assert 410 == (await lab.post(link, CHOICES)).status
    assert 1 == len(await lab.store.subscriptions())


async def test_a_link_is_for_one_purpose_and_one_mailbox(lab: Lab) -> None:
    """The token of one page does not open another, and with another mailbox's id it opens nothing."""
    await lab.confirmed()
    other = await lab.confirmed("grace@example.org")
    await mailed(lab)
    token = lab.link("preferences").partition("?t=")[2]
    assert 410 == (await lab.post(f"/email/unsubscribe?t={token}")).status
    _, _, signature = token.partition(".")
    assert 410 == (await lab.get(f"/email/preferences?t={other.id}.{signature}")).status
    assert 2 == len(await lab.store.subscriptions())


async def test_preferences_expire_and_leaving_does_not(lab: Lab) -> None:
    """After a season a mail's link to the preferences is refused; the one to leave works for ever."""
    await lab.confirmed()
    await mailed(lab)
    lab.bench.clock.turn(days=93)
    assert 410 == (await lab.get(lab.link("preferences"))).status
    lab.bench.clock.turn(days=3000)
    assert 200 == (await lab.post(lab.link("unsubscribe"))).status


async def test_a_mailbox_that_left_gets_nothing_more() -> None:
    """A part that was planned before its reader left is not sent, and its subscription is not paused but gone."""
    async with a_lab(MemoryStore()) as lab:
        mailbox = await lab.confirmed()
        (subscription,) = await lab.store.subscriptions()
        digest = await lab.bench.service.digest_builder.digest(subscription, [lab.bench.clock().date()])
        (part,) = lab.adapter.compose(digest)
        await lab.mailboxes.forget(mailbox)
        before = len(lab.server.accepted)
        with pytest.raises(Exception, match="unsubscribed"):
            await lab.adapter.post(part, "key")
        assert before == len(lab.server.accepted)
