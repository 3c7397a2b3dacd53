"""Commands, buttons, menus and modals over the gateway, with the real discord.py."""

import pytest

from tests.fakes.discord.problems import NotDeclared, NotPossible
from tests.fakes.discord.tests.bot import running
from tests.fakes.discord.tests.conftest import Lab


async def test_a_command_is_answered_with_a_card_whose_button_works(lab: Lab) -> None:
    """A deferred response is filled in later, and a button in it can be clicked by its label."""
    async with running(lab.discord):
        it = await lab.ada.uses("/paper lookup", lab.papers, paper="1706.03762")
        assert it.acked
        shown = await lab.ada.reads("Attention", lab.papers)
        await lab.ada.presses(shown, "Abstract")
        await lab.ada.reads("We propose the Transformer.", lab.papers, only_me=True)
        await lab.ada.chooses(shown, "Weekly", of="Rhythm")
        await lab.bo.reads("Chose ['Weekly']", lab.papers)


async def test_an_ephemeral_answer_is_seen_by_one_person(lab: Lab) -> None:
    """An ephemeral response and its follow-ups are seen only by the person who used the command."""
    async with running(lab.discord):
        it = await lab.ada.uses("/paper help", lab.papers, topic=2)
        await lab.ada.reads("More help", lab.papers, only_me=True)
    assert 3 > (it.acked_after or 9)
    assert it.response is not None
    assert "Help 2" == it.response.text
    assert [] == lab.bo.sees(lab.papers)


async def test_a_modal_is_opened_filled_and_submitted(lab: Lab) -> None:
    """A modal opens, shows an error for a missing value, and sends text, channel, choice and file to the app."""
    async with running(lab.discord):
        await lab.ada.uses("/paper subscribe", lab.papers)
        modal = await lab.ada.gets_modal("Subscribe")
        assert ["Times", "Channel", "Rhythm", "Text file"] == modal.labels
        assert await lab.ada.submits() is None
        assert {"Times": "This field is required"} == modal.errors
        await lab.ada.fills(
            {"Times": "09:00", "Channel": lab.papers, "Rhythm": "Weekly", "Text file": ("a.txt", b"abc")}
        )
        await lab.ada.submits()
        await lab.ada.reads("Subscribed at 09:00 in #papers w abc", lab.papers, only_me=True)
        assert lab.ada.modal is None


async def test_an_option_suggests_while_one_types(lab: Lab) -> None:
    """Autocomplete returns names and values."""
    async with running(lab.discord):
        found = await lab.ada.suggests("/paper lookup", lab.papers, "paper", typed="attention")
    assert [("Attention Is All You Need", "1706.03762")] == found


async def test_a_message_menu_brings_the_message_with_its_content(lab: Lab) -> None:
    """The target of a message command has its content although the bot may not read messages."""
    async with running(lab.discord):
        said = await lab.bo.says("We show that", lab.papers)
        await lab.ada.uses_on_message("Summarize this", said)
        await lab.ada.reads("In short: We show that", lab.papers, only_me=True)


async def test_a_file_and_a_channel_are_options(lab: Lab) -> None:
    """The app can read an attachment option, mention a channel option, and send a file back."""
    async with running(lab.discord):
        await lab.ada.uses("/paper read", lab.papers, file=("a.txt", b"abc"), place=lab.papers)
        shown = await lab.bo.reads("abc for", lab.papers)
    assert ["copy.txt"] == [each["filename"] for each in shown.message["attachments"]]


async def test_windows_offer_only_what_fits(lab: Lab) -> None:
    """Discord's client refuses unknown commands and options, wrong types, missing values and missing permissions."""
    async with running(lab.discord):
        with pytest.raises(NotDeclared):
            await lab.ada.uses("/digest", lab.papers)
        with pytest.raises(NotDeclared):
            await lab.ada.uses("/paper lookup", lab.papers, paper="1", other="2")
        with pytest.raises(NotPossible, match="must be filled in"):
            await lab.ada.uses("/paper lookup", lab.papers)
        with pytest.raises(NotPossible, match="takes text"):
            await lab.ada.uses("/paper lookup", lab.papers, paper=1)
        with pytest.raises(NotPossible, match="takes 1 to 5"):
            await lab.ada.uses("/paper help", lab.papers, topic=6)
    assert "/paper lookup" in lab.ada.commands(lab.papers)


async def test_who_brought_the_app_along_can_use_it_where_it_is_not(lab: Lab) -> None:
    """A user-installed app works in any server and in group direct messages, with five follow-ups."""
    other = lab.discord.guild("Other")
    lobby = lab.discord.channel("lobby", other)
    cy = lab.discord.person("cy", other)
    async with running(lab.discord):
        with pytest.raises(NotDeclared):
            await cy.uses("/summarize", lobby)
        lab.discord.user_installs(cy)
        it = await cy.uses("/summarize", lobby, times=6)
        assert ({"1": cy.user.id}, 0) == (it.payload["authorizing_integration_owners"], it.payload["context"])
        await cy.reads("In short: 6", lobby)
        friends = cy.group_dm(lab.bo)
        await cy.uses("/summarize", friends)
        await lab.bo.reads("In short: 1", friends)
        assert ["/summarize"] == cy.commands(friends)
