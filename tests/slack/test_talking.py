"""Commands, mentions, buttons and modals in Slack are answered where they were used."""

import asyncio
from pathlib import Path

from bots.slack.settings import AccessPolicy
from bots.usecases.quotas import Quota
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.server import FakeSlack
from tests.slack.conftest import Office, at_work

ABSTRACT = (
    "The dominant sequence transduction models are based on complex recurrent neural networks. "
    "We propose a new simple network architecture, the Transformer, based solely on attention mechanisms. "
    "Our model achieves 28.4 BLEU on the WMT 2014 English-to-German translation task."
)


async def test_a_paper_is_one_command_away(office: Office) -> None:
    """`/paper <id>` shows the paper with its blurb only to the person, acknowledged within three seconds."""
    sent = await office.ada.types("/paper 1706.03762", office.papers)

    card = await office.ada.reads("Attention Is All You Need", office.papers, only_me=True)
    assert sent.acked
    assert "Transformer" in card.text
    assert any("arxiv.org/abs/1706.03762" in link.url for link in card.links)


async def test_a_mention_is_answered_in_its_thread(office: Office) -> None:
    """A link in a mention of @paperwire is answered in its thread, visible to everyone."""
    asked = await office.ada.mentions("https://arxiv.org/abs/1810.04805", office.papers)

    card = await office.ada.reads("BERT", office.papers, thread=asked.ts)
    assert asked.ts == card.message.thread_ts


async def test_an_answer_in_direct_messages_stands_below_its_question(office: Office) -> None:
    """In direct messages an answer is no thread; a question that is asked in a thread is answered there."""
    asked = await office.ada.dms("1706.03762")
    card = await office.ada.reads("Attention Is All You Need", office.ada.direct)
    assert not card.message.thread_ts

    inside = await office.ada.dms("1810.04805", thread=asked.ts)
    card = await office.ada.reads("BERT", office.ada.direct, thread=asked.ts)
    assert asked.ts == inside.message.thread_ts == card.message.thread_ts


async def test_what_cannot_be_done_is_said_in_plain_words(office: Office) -> None:
    """A misspelt command is answered with the correct form, visible only to the person."""
    await office.ada.types("/paper subscribe at=25:00", office.papers)

    said = await office.ada.reads("25:00", office.papers, only_me=True)
    assert "9:30" in said.text


async def test_an_abstract_that_begins_like_a_command_is_condensed(office: Office) -> None:
    """ "Research" is near to "search": a text of an abstract's length is no misspelt command."""
    abstract = (
        "Research teams face more papers every day than they can read. Existing alerts either send everything or hide "
        "why a paper was chosen. In this paper, we present a digest that filters the day's papers by the interests of "
        "a team and condenses each abstract to one sentence that the abstract itself supports."
    )
    await office.ada.dms(abstract)
    assert "no command" not in (await office.ada.reads("We present a digest", office.ada.direct)).text


async def test_an_abstract_is_pasted_into_a_modal(office: Office) -> None:
    """The shortcut opens a modal; a text pasted into it is summarised there."""
    await office.ada.uses_shortcut("summarize")
    await office.ada.gets_modal("Summarize")
    await office.ada.fills({"Abstract": ABSTRACT})
    await office.ada.submits()

    def condensed() -> str | None:
        screen = office.ada.modal
        return screen.text if screen and "Transformer" in screen.text else None

    assert "Transformer" in await office.ada.waits(condensed, what="the blurb")


async def test_buttons_of_a_card(office: Office) -> None:
    """Abstract opens a modal, Save stores the paper, and `/paper saved` lists it."""
    await office.ada.types("/paper 1706.03762", office.papers)
    card = await office.ada.reads("Attention Is All You Need", office.papers, only_me=True)

    await office.ada.presses(card, "Abstract")
    assert "recurrence" in (await office.ada.gets_modal("Abstract")).text
    await office.ada.cancels()
    await office.ada.presses(card, "Save")
    await office.ada.reads("Saved: “Attention Is All You Need”.", office.papers, only_me=True)
    await office.ada.types("/paper saved", office.papers)

    assert "Attention Is All You Need" in (await office.ada.reads("1 saved", office.papers, only_me=True)).text


async def test_a_redelivered_command_or_mention_is_answered_once(office: Office) -> None:
    """A redelivered payload is answered once."""
    for what in ("/paper", "app_mention"):
        office.slack.hub.faults.switch(Trouble.REDELIVERED, what, left=1)
    asked = await office.ada.mentions("1706.03762", office.papers)
    await office.ada.types("/paper 1810.04805", office.papers)
    await office.ada.reads("BERT", office.papers, only_me=True)
    await office.ada.reads("Attention", office.papers, thread=asked.ts)
    await office.ada.types("/paper help", office.papers)
    await office.ada.reads("Commands", office.papers, only_me=True)

    assert 1 == len([seen for seen in office.ada.sees(office.papers, thread=asked.ts) if seen.message.bot_id])
    assert 1 == len([seen for seen in office.ada.sees(office.papers, only_me=True) if "BERT" in seen.text])


async def test_the_home_tab_shows_what_a_person_has(office: Office) -> None:
    """The next digests of a person's channels and their saved papers are on one page, with a search."""
    await office.ada.types("/paper subscribe source=sample at=09:00 on=daily", office.papers)
    await office.ada.reads("Subscribed", office.papers, only_me=True)
    await office.ada.types("/paper save 1706.03762", office.papers)
    await office.ada.reads("Saved:", office.papers, only_me=True)

    await office.ada.opens_home()
    home = await office.ada.waits(lambda: office.ada.home, what="a home tab")

    assert "Every day at 9:00" in home.text
    assert "Attention Is All You Need" in home.text


async def test_a_link_to_a_paper_is_unfurled(office: Office) -> None:
    """A link to a paper is unfurled with the paper's card; a link to another page of the same site is not."""
    await office.ada.shares_link("https://arxiv.org/help", office.papers)
    link = await office.ada.shares_link("https://arxiv.org/abs/1706.03762", office.papers)
    await office.ada.waits(lambda: link.message.unfurls, what="an unfurl")

    assert ["https://arxiv.org/abs/1706.03762"] == list(link.message.unfurls)


async def test_of_many_links_the_first_are_unfurled_and_the_rest_is_reported(office: Office) -> None:
    """Of seven links in one message five are unfurled, and the last card says so; of two, both are, without a word."""
    named = ["1706.03762", "1810.04805", "1512.03385", "1412.6980", "2304.02643", "2106.09685", "2005.14165"]
    urls = [f"https://arxiv.org/abs/{each}" for each in named]
    many = await office.ada.shares_link(" ".join(urls), office.papers)
    await office.ada.waits(lambda: many.message.unfurls, what="unfurls")
    shown = [str(each) for each in many.message.unfurls.values()]
    assert set(many.message.unfurls) <= set(urls[:5])
    said = "Only the first 5 of the 7 links in this message are shown like this."
    assert [False] * (len(shown) - 1) + [True] == [said in each for each in shown]

    two = await office.ada.shares_link(" ".join(urls[:2]), office.papers)
    await office.ada.waits(lambda: two.message.unfurls, what="unfurls")
    assert urls[:2] == list(two.message.unfurls)
    assert not any("Only the first" in str(each) for each in two.message.unfurls.values())


async def test_more_papers_than_cards_are_one_list(office: Office) -> None:
    """A mention with seven links is answered with one list, which says how many ids were looked up."""
    urls = " ".join(f"https://arxiv.org/abs/2004.{number:05}" for number in range(6))
    asked = await office.ada.mentions(f"https://arxiv.org/abs/1706.03762 {urls}", office.papers)
    answer = await office.ada.reads("Attention Is All You Need", office.papers, thread=asked.ts)
    assert "Only the first 5 of 7 ids were looked up." in answer.text


async def test_a_subscription_is_placed_in_a_modal_with_a_preview(office: Office) -> None:
    """`/paper subscribe` opens a modal in the person's time zone; it has a preview and stores the subscription."""
    await office.ada.types("/paper subscribe", office.papers)
    screen = await office.ada.gets_modal("New subscription")
    assert "Europe/Vienna" in str(screen.value("Time zone"))
    await office.ada.fills({"Sources": "sample", "Time": "09:00"})
    await office.ada.presses(screen, "Preview")
    await office.ada.waits(
        lambda: "papers for" in (office.ada.modal.text if office.ada.modal else "") or None, what="a preview"
    )
    await office.ada.cancels()
    await office.ada.submits()
    await office.ada.waits(
        lambda: "Subscribed" in (office.ada.modal.text if office.ada.modal else "") or None, what="a confirmation"
    )

    (subscription,) = await office.application.store.subscriptions()
    assert ("sample",) == subscription.sources
    assert "Europe/Vienna" == str(subscription.timezone)


async def test_who_throws_us_out_leaves_nothing_behind(office: Office) -> None:
    """After the app is uninstalled, no row of the workspace remains."""
    await office.ada.types("/paper subscribe source=sample at=09:00", office.papers)
    await office.ada.reads("Subscribed", office.papers, only_me=True)

    office.ada.uninstalls()
    async with asyncio.timeout(30):
        while await office.application.store.subscriptions():  # noqa: ASYNC110 - the database has no event to wait for
            await asyncio.sleep(0.02)

    assert () == await office.application.store.subscriptions()


async def test_a_day_allows_so_much_and_no_more(slack: FakeSlack, tmp_path: Path) -> None:
    """A person who has used up the daily quota is told so, by commands and in a modal, and other people are served."""
    ada, bob = slack.person("ada"), slack.person("bob")
    installation = slack.hub.install(slack.workspace())
    papers = slack.channel("papers", ada, bob)
    policy = AccessPolicy(quota=Quota(kind="request", person=2, workspace=10))
    async with at_work(slack, tmp_path, installation.token, access_policy=policy):
        for _ in range(3):
            await ada.types("/paper help", papers)
        assert "midnight" in (await ada.reads("today's limit of 2 requests", papers, only_me=True)).text
        await ada.uses_shortcut("summarize")
        await ada.gets_modal("Summarize")
        await ada.fills({"Abstract": ABSTRACT})
        await ada.submits()
        await ada.waits(lambda: "today's limit" in str(ada.modal) or None, what="the limit in the modal")
        await bob.types("/paper help", papers)
        await bob.reads("Commands", papers, only_me=True)
    assert 2 == len([seen for seen in ada.sees(papers, only_me=True) if "Commands" in seen.text])
