"""People talk to Paperwire in Slack: commands, mentions, buttons and modals are answered where they were used."""

import pytest

from tests.slack.conftest import Office

ABSTRACT = (
    "The dominant sequence transduction models are based on complex recurrent neural networks. "
    "We propose a new simple network architecture, the Transformer, based solely on attention mechanisms. "
    "Our model achieves 28.4 BLEU on the WMT 2014 English-to-German translation task."
)


async def test_a_paper_is_one_command_away(office: Office) -> None:
    """`/paper <id>` shows the paper with its blurb to the one who asked, acknowledged within three seconds."""
    sent = await office.ada.types("/paper 1706.03762", office.papers)

    card = await office.ada.reads("Attention Is All You Need", office.papers, only_me=True)
    assert sent.acked
    assert "Transformer" in card.text
    assert any("arxiv.org/abs/1706.03762" in link.url for link in card.links)


async def test_a_mention_is_answered_in_its_thread(office: Office) -> None:
    """A link given to @paperwire is answered under it, for everybody."""
    asked = await office.ada.mentions("https://arxiv.org/abs/1810.04805", office.papers)

    card = await office.ada.reads("BERT", office.papers, thread=asked.ts)
    assert asked.ts == card.message.thread_ts


async def test_what_cannot_be_done_is_said_in_plain_words(office: Office) -> None:
    """A misspelled command is answered with the right form, to the one who typed it."""
    await office.ada.types("/paper subscribe at=25:00", office.papers)

    said = await office.ada.reads("25:00", office.papers, only_me=True)
    assert "09:00" in said.text


async def test_an_abstract_is_pasted_into_a_modal(office: Office) -> None:
    """The shortcut opens a modal; what is pasted into it is condensed there."""
    await office.ada.uses_shortcut("summarize")
    await office.ada.gets_modal("Summarize")
    await office.ada.fills({"Abstract": ABSTRACT})
    await office.ada.submits()

    def condensed() -> str | None:
        screen = office.ada.modal
        return screen.text if screen and "Transformer" in screen.text else None

    assert "Transformer" in await office.ada.waits(condensed, what="the blurb")


async def test_buttons_of_a_card(office: Office) -> None:
    """Abstract opens a modal, Save notes the paper, and `/paper saved` lists it."""
    await office.ada.types("/paper 1706.03762", office.papers)
    card = await office.ada.reads("Attention Is All You Need", office.papers, only_me=True)

    await office.ada.presses(card, "Abstract")
    assert "recurrence" in (await office.ada.gets_modal("Abstract")).text
    await office.ada.cancels()
    await office.ada.presses(card, "Save")
    await office.ada.reads("Saved: “Attention Is All You Need”.", office.papers, only_me=True)
    await office.ada.types("/paper saved", office.papers)

    assert "Attention Is All You Need" in (await office.ada.reads("1 saved", office.papers, only_me=True)).text


@pytest.mark.parametrize("times", [1, 3])
async def test_a_redelivered_mention_is_answered_once(office: Office, times: int) -> None:
    """Slack sends an event again when it doubts that it arrived; the answer comes once."""
    asked = await office.ada.mentions("1706.03762", office.papers)
    await office.ada.reads("Attention", office.papers, thread=asked.ts)
    event = office.slack.hub.office.sent[-1]
    for _ in range(times):
        await office.slack.hub.office.finished(office.slack.hub.office.send(event.again()))

    answers = [seen for seen in office.ada.sees(office.papers, thread=asked.ts) if seen.message.bot_id]
    assert 1 == len(answers)
