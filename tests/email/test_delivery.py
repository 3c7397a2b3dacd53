"""Delivery by mail through the ledger: what is paused, what waits, what is sent again, and how fast."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bots.delivery.admin_notices import AdminNotices
from bots.delivery.rate_limiter import RateLimiter
from bots.domain.channels import Channel
from bots.domain.runs import DeliveryState, Run, RunState, run_key
from bots.domain.slots import Slot
from bots.domain.subscriptions import Subscription
from bots.email.app import connect
from bots.email.settings import WhenUnknown
from tests.email.conftest import ADA, Lab, a_lab
from tests.fakes.mail_server import At, MailFault

ADMIN = Channel(platform="email", channel="ops@example.org")


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    """A lab whose delivery knows e-mail, and whose admin reads mail."""
    async with a_lab() as lab:
        joined(lab)
        yield lab


def joined(lab: Lab, adapter: Any = None) -> None:
    """Let the lab's delivery use its adapter."""
    clock, part_delivery = lab.bench.clock, lab.bench.executor.part_delivery
    adapters: Any = part_delivery.adapters
    adapters["email"] = adapter or lab.adapter
    notices = AdminNotices(store=lab.store, adapters=adapters, clock=clock, admin=ADMIN)
    limiters: Any = part_delivery.rate_limiters
    limiters["email"] = RateLimiter(lab.adapter.limits, ticks=clock.ticks, sleep=clock.pace)
    lab.bench.executor = replace(
        lab.bench.executor, part_delivery=replace(part_delivery, on_undelivered=notices.undelivered)
    )


async def run_of(lab: Lab, address: str = ADA) -> Run:
    """Subscribe an address, carry out its run that is due now, and return it."""
    channel = await lab.adapter.channel_named(Channel(platform="email", channel=address))
    name = channel.workspace
    subscription = Subscription(id=name, channel=channel, sources=("told",), created=lab.bench.clock())
    await lab.store.keep_subscription(subscription)
    slot = Slot.at(lab.bench.clock(), subscription.timezone)
    run = Run(key=run_key(name, slot), subscription_id=name, slot=slot, created=lab.bench.clock())
    await lab.store.open_run(run)
    await lab.bench.executor.execute(run.key)
    return await lab.store.run(run.key) or run


async def noticed(lab: Lab) -> None:
    """Carry out the runs that wait, such as those of notices."""
    for key in await lab.store.ready(lab.bench.clock() + timedelta(minutes=6)):
        lab.bench.clock.turn(minutes=6)
        await lab.bench.executor.execute(key)


async def test_a_refused_reader_is_paused_and_the_admin_gets_a_mail(lab: Lab) -> None:
    """An address that does not exist pauses its subscription; the reason and the admin's mail do not name it."""
    lab.server.fail(MailFault(at=At.RECIPIENT, answer=f"550 5.1.1 <{ADA}>: no such user"))
    assert RunState.FAILED == (await run_of(lab)).state
    (subscription,) = await lab.store.subscriptions()
    assert not subscription.enabled
    assert "no such user" in subscription.off_because
    await noticed(lab)
    (notice,) = lab.inbox("ops@example.org")
    assert "is paused" in " ".join(notice.text().split())
    assert ADA not in f"{notice.text()}{subscription.off_because}"


async def test_a_greylisted_mail_comes_later(lab: Lab) -> None:
    """A server that says when gets the mail then; nobody is paused."""
    lab.server.fail(MailFault(at=At.RECIPIENT, answer="450 4.7.1 try again in 90 seconds"))
    began = lab.bench.clock()
    assert RunState.DONE == (await run_of(lab)).state
    assert timedelta(seconds=90) <= lab.bench.clock() - began
    assert 1 == len(lab.inbox())


async def test_a_wrong_password_pauses_nobody(lab: Lab) -> None:
    """A matter of the operator's account puts the mail off."""
    lab.server.fail(MailFault(at=At.SENDER, answer="530 5.7.0 Authentication required"))
    run = await run_of(lab)
    assert (RunState.RUNNING, True) == (run.state, run.not_before is not None)
    assert (await lab.store.subscriptions())[0].enabled


async def test_a_lost_answer_is_sent_again_once(lab: Lab) -> None:
    """A mail whose answer was lost is sent again under the same Message-ID, and a mailbox shows it once."""
    lab.server.fail(MailFault(at=At.ACCEPTED))
    assert RunState.DONE == (await run_of(lab)).state
    assert (2, 1) == (len(lab.server.accepted), len(lab.inbox()))
    (part,) = await lab.store.deliveries()
    assert (DeliveryState.SENT, lab.inbox()[0].message_id) == (part.state, part.message_id)


async def test_who_would_rather_miss_it(lab: Lab) -> None:
    """With `hold` a mail whose answer was lost is held, and the admin is told."""
    settings = replace(lab.settings, when_unknown=WhenUnknown.HOLD, listening=False)
    async with connect(settings, lab.bench.service) as adapter:
        joined(lab, adapter)
        lab.server.fail(MailFault(at=At.ACCEPTED))
        run = await run_of(lab)
        assert [DeliveryState.AMBIGUOUS] == [part.state for part in await lab.store.deliveries(run.key)]
        await noticed(lab)
    told = " ".join(lab.inbox("ops@example.org")[0].text().split())
    assert "may or may not have been posted" in told


async def test_the_mails_to_one_domain_are_spread() -> None:
    """Mails to one domain keep its pace; those to another are not held up by it."""
    async with a_lab(per_minute=6) as lab:
        joined(lab)
        began = lab.bench.clock()
        for name in ("ada", "grace", "emmy"):
            await run_of(lab, f"{name}@example.org")
        spread = lab.bench.clock() - began
        await run_of(lab, "eve@example.com")
        assert timedelta(seconds=19) <= spread <= timedelta(seconds=25)
        assert timedelta(seconds=1) >= lab.bench.clock() - began - spread


async def test_a_large_digest_that_the_server_refuses_is_split(lab: Lab) -> None:
    """A mail that is too large comes as two, with each paper once."""
    lab.server.fail(MailFault(at=At.CONTENT, answer="552 5.3.4 too big"))
    assert RunState.DONE == (await run_of(lab)).state
    text = "".join(mail.text() for mail in lab.inbox())
    assert 2 == len(lab.inbox())
    assert [1] * 5 == [text.count(f"\n{number}. ") for number in range(1, 6)]
