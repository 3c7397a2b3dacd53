"""People whose Slack is in another language: what only they see is in it; what a channel sees stays English."""

import pytest

from bots.slack.people import People
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.screens import Screen
from tests.slack.conftest import Office

_PAPER = "Attention Is All You Need"


async def modal(office: Office, words: str) -> Screen:
    """Wait until Ada's window shows some words."""
    ada = office.ada
    return await ada.waits(
        lambda: ada.modal if ada.modal and words in ada.modal.text else None, what=f"a window with {words!r}"
    )


@pytest.fixture
def german(office: Office) -> Office:
    """The office, with Ada's Slack in German."""
    office.ada.user.locale = "de-DE"
    return office


async def test_a_german_subscribes(german: Office) -> None:
    """The form, an error of it and the confirmation are in German, and so is what the channel reads of it."""
    ada, closed = german.ada, german.slack.channel("closed", german.ada, bot=False, is_private=True)
    await ada.types("/paper subscribe", german.papers)
    form = await ada.gets_modal("Neues Abo")
    assert {"Kanal", "Quellen", "Nur passende Papers", "Uhrzeit", "Zeitzone"} <= set(form.labels)
    assert ["Vorschau", "Weitere Optionen"] == form.buttons
    await ada.fills({"Quellen": "sample", "Kanal": closed.id, "Uhrzeit": "09:30", "Interessen": "!!!"})
    await ada.submits()
    await ada.waits(lambda: (ada.modal and ada.modal.errors) or None, what="an error")
    assert "Tippe im Kanal /invite @Paperwire" in form.errors["Kanal"]
    assert "Die Interessen enthalten keine Wörter. Nenn die Themen" in form.errors["Interessen"]

    await ada.fills({"Kanal": german.papers.id, "Interessen": ""})
    await ada.submits()
    done = await modal(german, "Abonniert")
    assert "werktags um 09:30, Ortszeit Wien" in done.text
    said = await ada.reads("abonniert", german.papers)
    assert "hat für diesen Kanal" in said.text
    assert "werktags um 09:30, Ortszeit Wien" in said.text


async def test_a_german_saves_and_turns_down_and_shares(german: Office) -> None:
    """Confirmations, buttons and questions are German, the shared card is English."""
    ada = german.ada
    await ada.types("/paper 1706.03762", german.papers)
    card = await ada.reads(_PAPER, german.papers, only_me=True)
    assert ["Abstract", "Merken", "Ähnliche", "Nichts für uns"] == card.buttons[:4]
    await ada.presses(card, "Merken")
    await ada.reads(f"Gemerkt: „{_PAPER}“.", german.papers, only_me=True)
    await ada.presses(card, "Merken")
    await ada.reads("hattest du dir schon gemerkt", german.papers, only_me=True)

    await ada.presses(card, "Nichts für uns")
    question = await ada.reads("aus den Überblicken hier ausblenden?", german.papers, only_me=True)
    await ada.presses(question, "Ausblenden")
    hidden = await ada.reads("Ausgeblendet:", german.papers, only_me=True)
    await ada.presses(hidden, "Rückgängig")
    await ada.reads("Rückgängig gemacht.", german.papers, only_me=True)

    await ada.chooses(card, "Im Kanal teilen")
    shared = await ada.reads("shared this", german.papers)
    assert ["Abstract", "Save", "More like this", "Not for us"] == shared.buttons[:4]


async def test_a_mention_is_answered_in_the_language_of_the_channel(german: Office) -> None:
    """An answer that everyone reads is English; the same question in direct messages is answered in German."""
    asked = await german.ada.mentions("1706.03762", german.papers)
    answer = await german.ada.reads(_PAPER, german.papers, thread=asked.ts)
    assert "More like this" in answer.buttons
    await german.ada.dms("1706.03762")
    assert "Ähnliche" in (await german.ada.reads(_PAPER, german.ada.direct)).buttons


async def test_the_home_of_a_japanese_person(office: Office) -> None:
    """The home tab is in Japanese, whole: headings, buttons, days, and what is new."""
    ada = office.ada
    ada.user.locale = "ja-JP"
    await ada.types("/paper subscribe source=sample at=09:00", office.papers)
    await ada.reads("購読を開始しました", office.papers, only_me=True)
    await ada.types("/paper 1706.03762", office.papers)
    await ada.presses(await ada.reads(_PAPER, office.papers, only_me=True), "保存")
    await ada.reads("保存しました", office.papers, only_me=True)
    await ada.opens_home()
    home = await ada.waits(lambda: ada.home if ada.home and _PAPER in ada.home.text else None, what="the home tab")
    for words in ("論文を手短に", "次回のダイジェスト", "平日", "（ウィーン時間）", "保存した論文：1 件", "新着情報"):
        assert words in home.text
    assert {"新しい購読", "文章を要約する", "ヘルプ", "編集", "一時停止", "購読を解除"} <= set(home.buttons)
    await ada.presses(home, "一時停止")
    await ada.waits(lambda: ada.home if ada.home and "再開" in ada.home.buttons else None, what="a paused subscription")


@pytest.mark.parametrize("trouble", [Trouble.HANGS, Trouble.REFUSED])
async def test_a_locale_that_does_not_come_costs_nothing(german: Office, trouble: Trouble) -> None:
    """While Slack does not tell the locale, the form opens in time, in English; the next one is in German."""
    german.slack.hub.faults.switch(trouble, "users.info", left=1)
    await german.ada.types("/paper subscribe", german.papers)
    await german.ada.gets_modal("New subscription")
    await german.ada.cancels()
    await german.ada.types("/paper subscribe", german.papers)
    await german.ada.gets_modal("Neues Abo")


async def test_a_form_keeps_its_language_over_a_restart(german: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A form that was opened in German is answered in German by a process that has not read the person's settings."""
    ada = german.ada
    await ada.types("/paper subscribe", german.papers)
    await ada.gets_modal("Neues Abo")
    await ada.fills({"Quellen": "sample"})
    monkeypatch.setattr(People, "known_language", lambda *_: None)
    await ada.submits()
    await modal(german, "Abonniert")


async def test_the_locale_is_read_once(german: Office) -> None:
    """Several clicks of a person within an hour ask Slack once."""
    for words in ("/paper 1706.03762", "/paper saved", "/paper hidden"):
        await german.ada.types(words, german.papers)
    await german.ada.reads("Hier ist kein Paper ausgeblendet.", german.papers, only_me=True)
    calls = [each for each in german.slack.hub.happenings.of("call") if each.text == "users.info"]
    assert 1 == len(calls)


async def test_a_channel_keeps_the_language_of_its_subscription(german: Office) -> None:
    """Who subscribes in a mention gives the digest a language; from then on the channel is answered in it."""
    ada = german.ada
    asked = await ada.mentions("subscribe to sample at 9:30", german.papers)
    await ada.reads("Abonniert", german.papers, thread=asked.ts)
    (kept,) = await german.application.store.subscriptions()
    assert "de" == kept.language
    ada.user.locale = "en-US"
    asked = await ada.mentions("subscriptions", german.papers)
    await ada.reads("Höchstens 5 Papers", german.papers, thread=asked.ts)
