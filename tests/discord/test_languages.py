"""People whose Discord is in another language: windows and answers in it; what a channel reads is in the server's."""

import pytest

from tests.discord.conftest import Lab
from tests.fakes.discord.permissions import MEMBER, Permissions
from tests.fakes.discord.person import Person
from tests.fakes.discord.world import Overwrite

_PAPER = "Generative Agents"


@pytest.fixture
def emma(lab: Lab) -> Person:
    """A German who may manage channels."""
    return lab.discord.person("emma", lab.guild, locale="de", permissions=MEMBER | Permissions.MANAGE_CHANNELS)


async def test_a_german_subscribes(lab: Lab, emma: Person) -> None:
    """The window, its error, the draft and the confirmation are in German; an English server reads English."""
    closed = lab.discord.channel("closed", lab.guild)
    closed.overwrites.append(Overwrite(id=lab.discord.hub.bot.id, is_member=True, denied=Permissions.SEND_MESSAGES))
    await emma.uses("/paper subscribe", lab.papers)
    window = await emma.gets_modal("Neues Abo")
    assert ["Quellen", "Interessen, in eigenen Worten", "Uhrzeit", "Zeitzone", "Kanal"] == window.labels
    await emma.fills({"Kanal": closed, "Interessen, in eigenen Worten": "!!!"})
    await emma.submits()
    draft = await emma.reads("Hier muss etwas berichtigt werden", lab.papers, only_me=True)
    assert "Kanal: Paperwire fehlt dort die Berechtigung Nachrichten senden." in draft.text
    assert "Interessen, in eigenen Worten: Die Interessen enthalten keine Wörter." in draft.text
    assert ["Ändern", "Verwerfen"] == [label for label in draft.buttons if label]

    await emma.presses(draft, "Ändern")
    await emma.gets_modal("Neues Abo")
    await emma.fills({"Kanal": lab.papers, "Interessen, in eigenen Worten": ""})
    await emma.submits()
    draft = await emma.reads("Der erste Überblick kommt", lab.papers, only_me=True)
    assert "werktags um 09:00, Ortszeit Berlin" in draft.text
    await emma.presses(draft, "Abonnieren")
    await emma.reads("Abonniert", lab.papers, only_me=True)
    said = await emma.reads("abonniert", lab.papers)
    assert "hat für diesen Kanal" in said.text
    assert "werktags um 09:00, Ortszeit Berlin" in said.text


async def test_a_server_reads_its_own_language(lab: Lab, emma: Person) -> None:
    """What everyone in a channel reads is in the language of the server, whoever caused it."""
    lab.guild.locale = "fr"
    await emma.uses("/paper lookup", lab.papers, paper="2304.03442")
    card = await emma.reads(_PAPER, lab.papers, only_me=True)
    await emma.presses(card, "Teilen")
    shared = await emma.reads("Partagé par", lab.papers)
    assert {"Résumé", "Enregistrer", "Pas pour nous"} <= set(shared.buttons)


async def test_a_german_saves_and_turns_down(lab: Lab, emma: Person) -> None:
    """Confirmations, buttons and questions are German."""
    await emma.uses("/paper lookup", lab.papers, paper="2304.03442")
    card = await emma.reads(_PAPER, lab.papers, only_me=True)
    assert {"Abstract", "Merken", "Ähnliche", "Nichts für uns", "BibTeX"} <= set(card.buttons)
    await emma.presses(card, "Merken")
    await emma.reads("Gemerkt: „Generative Agents", lab.papers, only_me=True)
    await emma.presses(card, "Nichts für uns")
    question = await emma.reads("aus den Überblicken hier ausblenden?", lab.papers, only_me=True)
    await emma.presses(question, "Ausblenden")
    hidden = await emma.reads("Ausgeblendet:", lab.papers, only_me=True)
    await emma.presses(hidden, "Rückgängig")
    await emma.reads("Rückgängig gemacht.", lab.papers, only_me=True)


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("ja", "保存した論文はまだありません。"),
        ("zh-CN", "你还没有收藏论文。"),
        ("es-419", "Todavía no has guardado artículos."),
        ("es-ES", "Todavía no has guardado artículos."),
        ("fr", "Vous n’avez encore enregistré aucun article."),
        ("zh-TW", "You have saved no papers yet."),
        ("pl", "You have saved no papers yet."),
    ],
)
async def test_each_locale_of_discord(lab: Lab, locale: str, words: str) -> None:
    """Each language has its locales; a locale without a table reads English."""
    kim = lab.discord.person("kim", lab.guild, locale=locale)
    await kim.uses("/paper saved", lab.papers)
    await kim.reads(words, lab.papers, only_me=True)


async def test_commands_are_named_as_the_person_types_them(lab: Lab, emma: Person) -> None:
    """Discord shows a German "/paper abos", so that is what a text tells them to type."""
    await emma.uses("/paper lookup", lab.papers, paper="2304.03442")
    await emma.presses(await emma.reads(_PAPER, lab.papers, only_me=True), "Nichts für uns")
    question = await emma.reads("ausblenden?", lab.papers, only_me=True)
    assert "/paper ausgeblendet zeigt" in question.text
