"""The actions and views of people, and the interactions that the app receives."""

from typing import Any

import pytest

from tests.fakes.discord.faults import Trouble
from tests.fakes.discord.interactions import Interaction
from tests.fakes.discord.office import NO_ANSWER, Patience
from tests.fakes.discord.permissions import LEAST, MEMBER, Permissions
from tests.fakes.discord.problems import NotDeclared, NotPossible
from tests.fakes.discord.tests.conftest import Lab
from tests.fakes.discord.tests.rest import Rest

ABOUT: dict[str, Any] = {"name": "about", "description": "Says what this is"}


async def registered(lab: Lab, rest: Rest, *commands: dict[str, Any], guild: str = "") -> None:
    """Register commands, globally or for a server."""
    where = f"/guilds/{guild}" if guild else ""
    told = await rest("PUT", f"/applications/{lab.discord.hub.application_id}{where}/commands", list(commands))
    assert 200 == told.status


async def answered(rest: Rest, it: Interaction, body: dict[str, Any]) -> int:
    """Answer an interaction; return the status, or Discord's error code."""
    told = await rest("POST", f"/interactions/{it.id}/{it.token}/callback", body)
    return told.status if told.status < 400 else told.code


def message(words: str, **more: Any) -> dict[str, Any]:
    """Return an initial response with a message."""
    return {"type": 4, "data": {"content": words, **more}}


async def test_an_answer_has_three_seconds_and_what_follows_fifteen_minutes(lab: Lab, rest: Rest) -> None:
    """After 3 s a response fails with 10062, a second one with 40060, and after 15 minutes the token has expired."""
    await registered(lab, rest, ABOUT)
    late = await lab.ada.uses("/about", lab.papers, wait=False)
    lab.clock.now += 3.1
    assert 10062 == await answered(rest, late, message("Late"))
    it = await lab.ada.uses("/about", lab.papers, wait=False)
    hook = f"/webhooks/{lab.discord.hub.application_id}/{it.token}"
    assert 10015 == (await rest("POST", hook, {"content": "Too early"})).code
    assert 204 == await answered(rest, it, message("One"))
    assert 40060 == await answered(rest, it, message("Two"))
    assert 200 == (await rest("POST", hook, {"content": "More"})).status
    lab.clock.now += 901
    assert 50027 == (await rest("POST", hook, {"content": "Too late"})).code


async def test_nobody_answers_and_the_person_is_told(lab: Lab, rest: Rest) -> None:
    """If the app does not respond in time, the person gets Discord's notice, and a later response is refused."""
    lab.discord.hub.office.patience = Patience(ack_seconds=0.05)
    await registered(lab, rest, ABOUT)
    it = await lab.ada.uses("/about", lab.papers)
    assert ("timeout", [NO_ANSWER]) == (it.outcome, lab.ada.notices)
    assert 10062 == await answered(rest, it, message("Late"))


@pytest.mark.parametrize("kind", [1, 6, 7, 8, 99])
async def test_a_command_is_not_answered_like_a_button(lab: Lab, rest: Rest, kind: int) -> None:
    """A command can be answered only with a message, a deferred message or a modal."""
    await registered(lab, rest, ABOUT)
    it = await lab.ada.uses("/about", lab.papers, wait=False)
    assert 50035 == await answered(rest, it, {"type": kind, "data": {"choices": []}} if kind == 8 else {"type": kind})
    lab.discord.hub.wrongs.clear()


async def test_a_promise_is_kept_by_an_edit_or_by_what_follows(lab: Lab, rest: Rest) -> None:
    """The first follow-up fills in a deferred response and stays ephemeral if that was."""
    await registered(lab, rest, ABOUT)
    it = await lab.ada.uses("/about", lab.papers, wait=False)
    await answered(rest, it, {"type": 5, "data": {"flags": 64}})
    hook = f"/webhooks/{lab.discord.hub.application_id}/{it.token}"
    told = await rest("POST", hook, {"content": "Kept"})
    assert it.original is not None
    assert (it.original.id, True) == (told.body["id"], bool(told.body["flags"] & 64))
    assert [] == lab.bo.sees(lab.papers)
    assert 204 == (await rest("DELETE", f"{hook}/messages/@original")).status
    assert 10008 == (await rest("GET", f"{hook}/messages/@original")).code


async def test_five_follow_ups_where_the_app_is_not(lab: Lab, rest: Rest) -> None:
    """A user-installed app can send five follow-ups in a server that it is not in; the sixth is refused."""
    await registered(lab, rest, ABOUT | {"integration_types": [1], "contexts": [0]})
    lobby = lab.discord.channel("lobby", lab.discord.guild("Other"))
    cy = lab.discord.person("cy", lab.discord.guild("Other"))
    lab.discord.user_installs(cy)
    it = await cy.uses("/about", lobby, wait=False)
    await answered(rest, it, message("0"))
    hook = f"/webhooks/{lab.discord.hub.application_id}/{it.token}"
    assert [200] * 5 == [(await rest("POST", hook, {"content": str(n)})).status for n in range(5)]
    assert 40094 == (await rest("POST", hook, {"content": "6"})).code


async def test_without_external_apps_an_answer_is_hushed(lab: Lab, rest: Rest) -> None:
    """Without USE_EXTERNAL_APPS a user-installed app's response is ephemeral, whatever flags it sets."""
    await registered(lab, rest, ABOUT | {"integration_types": [1], "contexts": [0]})
    other = lab.discord.guild("Other")
    lobby = lab.discord.channel("lobby", other)
    cy = lab.discord.person("cy", other, permissions=MEMBER & ~Permissions.USE_EXTERNAL_APPS)
    lab.discord.user_installs(cy)
    await answered(rest, await cy.uses("/about", lobby, wait=False), message("Hush"))
    assert (["Hush"], []) == ([each.text for each in cy.sees(lobby)], lab.discord.messages(lobby))


async def test_commands_are_offered_by_permission_place_and_language(lab: Lab, rest: Rest) -> None:
    """Commands are offered by permission and by server, with names in the person's language."""
    names = {"name_localizations": {"de": "über"}}
    await registered(lab, rest, ABOUT | names, {**ABOUT, "name": "admin", "default_member_permissions": "16"})
    await registered(lab, rest, {**ABOUT, "name": "here"}, guild=lab.guild.id)
    assert ["/here", "/about", "/admin"] == lab.ada.commands(lab.papers)
    assert ["/here", "/about"] == lab.bo.commands(lab.papers)
    assert ["/about", "/admin"] == lab.ada.commands(lab.ada.dm)
    dora = lab.discord.person("dora", lab.guild, locale="de")
    assert ["/here", "/über"] == dora.commands(lab.papers)
    with pytest.raises(NotDeclared):
        await lab.bo.uses("/admin", lab.papers)


async def test_an_interaction_says_who_where_and_what_may_be_done(lab: Lab, rest: Rest) -> None:
    """An interaction carries the member with permissions, the channel, both locales, and the app's permissions."""
    place = {"name": "place", "description": "A channel", "type": 7, "required": True}
    await registered(lab, rest, ABOUT | {"options": [place]})
    closed = lab.discord.channel("closed", lab.guild, denied=Permissions.SEND_MESSAGES)
    said = (await lab.ada.uses("/about", lab.papers, place=closed, wait=False)).payload
    assert (str(int(LEAST)), "en-US", "en-US", 0) == (
        said["app_permissions"],
        said["locale"],
        said["guild_locale"],
        said["context"],
    )
    assert int(said["member"]["permissions"]) & Permissions.MANAGE_CHANNELS
    assert {"0": lab.guild.id} == said["authorizing_integration_owners"]
    resolved = said["data"]["resolved"]["channels"][closed.id]
    assert (0, False) == (resolved["type"], bool(int(resolved["app_permissions"]) & Permissions.SEND_MESSAGES))
    direct = (await lab.ada.uses("/about", lab.ada.dm, place=lab.ada.dm, wait=False)).payload
    assert (1, {"0": "0"}, lab.ada.user.id) == (
        direct["context"],
        direct["authorizing_integration_owners"],
        direct["user"]["id"],
    )


async def test_a_modal_from_a_button_changes_the_buttons_message(lab: Lab, rest: Rest) -> None:
    """A modal opened by a button carries the button's message, and can be answered by updating that message."""
    await registered(lab, rest, ABOUT)
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Edit", "custom_id": "edit"}]}
    await rest.post(lab.papers.id, "Old", components=[row])
    pressed = await lab.ada.presses(lab.discord.messages(lab.papers)[0], "Edit", wait=False)
    box = {"type": 18, "label": "Words", "component": {"type": 4, "style": 1, "custom_id": "words"}}
    modal = {"type": 9, "data": {"custom_id": "m", "title": "Edit", "components": [box]}}
    assert 204 == await answered(rest, pressed, modal)
    await lab.ada.fills({"Words": "New"})
    sent = await lab.ada.submits(wait=False)
    assert sent is not None
    assert "Old" == sent.payload["message"]["content"]
    assert "New" == sent.payload["data"]["components"][0]["component"]["value"]
    assert 50035 == await answered(rest, sent, modal)
    assert 204 == await answered(rest, sent, {"type": 7, "data": {"content": "New", "components": []}})
    assert ["New"] == [each.text for each in lab.discord.messages(lab.papers)]
    lab.discord.hub.wrongs.clear()


async def test_what_is_gone_or_disabled_cannot_be_pressed(lab: Lab, rest: Rest) -> None:
    """A disabled button, a link button and a deleted message cannot be clicked."""
    buttons = [
        {"type": 2, "style": 1, "label": "Off", "custom_id": "off", "disabled": True},
        {"type": 2, "style": 5, "label": "Link", "url": "https://arxiv.org"},
    ]
    told = await rest.post(lab.papers.id, "One", components=[{"type": 1, "components": buttons}])
    seen = lab.discord.messages(lab.papers)[0]
    for label in ("Off", "Link", "Other"):
        with pytest.raises(NotPossible):
            await lab.ada.presses(seen, label)
    await rest("DELETE", f"/channels/{lab.papers.id}/messages/{told.body['id']}")
    with pytest.raises(NotPossible, match="not there any more"):
        await lab.ada.presses(seen, "Off")


async def test_people_delete_what_they_may(lab: Lab, rest: Rest) -> None:
    """People can delete their own messages; deleting those of others needs a permission."""
    said = await lab.bo.says("Mine", lab.papers)
    with pytest.raises(NotPossible):
        await lab.ada.deletes(said)
    await lab.bo.deletes(said)
    assert [] == lab.discord.messages(lab.papers)


async def test_an_owner_may_everything(lab: Lab, rest: Rest) -> None:
    """The owner of a server is offered commands that are disabled for everyone else."""
    await registered(lab, rest, ABOUT | {"default_member_permissions": "0"})
    assert [] == lab.ada.commands(lab.papers)
    eve = lab.discord.person("eve", lab.guild, owner=True)
    assert ["/about"] == eve.commands(lab.papers)


async def test_a_fault_may_keep_to_one_channels_answers(lab: Lab, rest: Rest) -> None:
    """A fault on callbacks can be restricted to the channel of the interaction."""
    await registered(lab, rest, ABOUT)
    lab.discord.hub.faults.switch(Trouble.DOWN_BEFORE, "POST /interactions/*", channel=lab.papers.id)
    it = await lab.ada.uses("/about", lab.papers, wait=False)
    told = await rest("POST", f"/interactions/{it.id}/{it.token}/callback", message("One"))
    assert 503 == told.status
    other = await lab.ada.uses("/about", lab.discord.channel("other", lab.guild), wait=False)
    assert 204 == await answered(rest, other, message("One"))
