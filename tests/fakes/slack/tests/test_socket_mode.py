"""Socket Mode with the real slack_bolt and slack_sdk."""

import asyncio
from dataclasses import replace

import aiohttp
import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.deliveries import Patience
from tests.fakes.slack.faults import Trouble
from tests.fakes.slack.problems import Json, NotDeclared
from tests.fakes.slack.tests.bot import client, section, socket_bot, text
from tests.fakes.slack.tests.conftest import Lab


async def test_a_command_is_answered_for_the_asker_only(lab: Lab) -> None:
    """A response in the acknowledgement of a command is shown only to the person who typed it."""
    bo = lab.slack.person("bo")
    lab.slack.channel("papers", bo)
    async with socket_bot(lab.slack, lab.installation.token):
        delivery = await lab.ada.types("/paper help", lab.papers)
    assert delivery.acked
    assert ["Help"] == [seen.text for seen in lab.ada.sees(lab.papers)]
    assert [] == bo.sees(lab.papers)
    assert 2000 > (delivery.ms or 0) > 0


async def test_a_modal_is_opened_filled_refused_and_saved(lab: Lab) -> None:
    """A modal shows the app's errors below its fields, and closes when the app accepts the submission."""
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.ada.types("/paper subscribe", lab.papers)
        screen = await lab.ada.gets_modal("Subscribe")
        assert ["Words to look for", "Sources"] == screen.labels
        assert await lab.ada.submits() is None
        assert {"Words to look for": "Please complete this required field."} == screen.errors
        await lab.ada.fills({"Words to look for": "bad", "Sources": ["arXiv"]})
        await lab.ada.submits()
        assert {"Words to look for": "Not a query"} == screen.errors
        await lab.ada.fills({"query": "diffusion"})
        await lab.ada.submits()
        assert lab.ada.modal is None
        await lab.ada.reads("Subscribed to diffusion", lab.ada.direct)


async def test_later_answers_to_a_command_are_new_messages(lab: Lab) -> None:
    """A response to a command's response URL replaces no message, whatever flags it sets (reported by users)."""
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.ada.types("/paper later", lab.papers)
        await lab.ada.reads("Found it.", lab.papers)
    assert ["Looking…", "Found it."] == [seen.text for seen in lab.ada.sees(lab.papers)]


async def test_a_button_is_pressed_by_its_label(lab: Lab) -> None:
    """A click reaches the bot, and its response replaces the message, which stays ephemeral."""
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.ada.types("/paper help", lab.papers)
        seen = lab.ada.sees(lab.papers)[0]
        assert ["More"] == seen.buttons
        await lab.ada.presses(seen, "More")
        await lab.ada.reads("More of it.", lab.papers)
    assert ["More of it."] == [seen.text for seen in lab.ada.sees(lab.papers, only_me=True)]


async def test_an_option_is_chosen_by_its_label(lab: Lab) -> None:
    """A choice from an overflow menu reaches the bot with its value."""
    options = [{"text": text(label, "plain_text"), "value": label.lower()} for label in ("PDF", "BibTeX")]
    menu = {"type": "overflow", "action_id": "menu", "options": options}
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.client.chat_postMessage(channel="#papers", text="P", blocks=[{**section("P"), "accessory": menu}])
        await lab.ada.chooses(lab.slack.messages(lab.papers)[0], "BibTeX")
        await lab.ada.reads("Chose bibtex", lab.papers, only_me=True)


async def test_shortcuts_open_windows_and_read_messages(lab: Lab) -> None:
    """A global shortcut can open a modal; a message shortcut carries the message."""
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.ada.uses_shortcut("summarize")
        assert "Subscribe" == (await lab.ada.gets_modal()).title
        said = await lab.ada.says("We show that", lab.papers)
        await lab.ada.uses_message_shortcut("summarize_message", said)
        await lab.ada.reads("In short: We show that", lab.papers, only_me=True)


async def test_events_reach_the_bot(lab: Lab) -> None:
    """A mention, a direct message, an opened home tab and a shared link each reach the bot."""
    async with socket_bot(lab.slack, lab.installation.token):
        said = await lab.ada.mentions("hello", lab.papers)
        await lab.ada.reads("You called?", lab.papers, thread=said.ts)
        await lab.ada.dms("a < b")
        await lab.ada.reads("Heard: a < b", lab.ada.direct)
        await lab.ada.opens_home()
        assert "Your papers" == (await lab.ada.waits(lambda: lab.ada.home)).text
        link = await lab.ada.shares_link("https://arxiv.org/abs/2004.15011", lab.papers)
        await lab.ada.waits(lambda: link.message.unfurls)
        assert "A paper" in lab.ada.sees(lab.papers)[-1].text


async def test_a_link_is_shown_before_it_is_sent(lab: Lab) -> None:
    """A link in an unsent message has an event of its own kind, and the bot's unfurl is stored."""
    async with socket_bot(lab.slack, lab.installation.token):
        draft = await lab.ada.drafts_link("https://arxiv.org/abs/2004.15011")
        shown = await lab.ada.waits(lambda: lab.slack.hub.drafts[draft]["https://arxiv.org/abs/2004.15011"])
    assert [section("A paper")] == shown["blocks"]


async def test_what_the_manifest_does_not_declare_is_not_delivered(lab: Lab) -> None:
    """Undeclared commands and shortcuts cannot be used; an event without subscription is withheld and logged."""
    lab.slack.declare(replace(lab.slack.hub.manifest, events=frozenset({"app_mention"})))
    with pytest.raises(NotDeclared):
        await lab.ada.types("/digest", lab.papers)
    with pytest.raises(NotDeclared):
        await lab.ada.uses_shortcut("other")
    await lab.ada.says("Hi", lab.papers)
    withheld = [each.text for each in lab.slack.hub.happenings.of("withheld")]
    assert ["message.channels: the manifest does not subscribe to it"] == withheld
    assert [] == lab.slack.hub.office.deliveries


async def test_a_bot_that_is_not_in_the_channel_hears_no_mention(lab: Lab) -> None:
    """A mention in a channel without the bot sends no event."""
    outside = lab.slack.channel("outside", lab.ada, bot=False)
    await lab.ada.mentions("hello", outside)
    assert [] == lab.slack.hub.office.deliveries


async def test_an_unacknowledged_command_is_told_to_the_person(lab: Lab) -> None:
    """A command fails with a notice to the person if no connection acknowledges it."""
    lab.slack.hub.office.patience = Patience(ack_seconds=0.05)
    await lab.ada.types("/paper help", lab.papers)
    assert ['/paper failed with the error "operation_timeout"'] == lab.ada.notices


async def test_a_redelivered_event_carries_its_number(lab: Lab) -> None:
    """A redelivered event has the same event_id, retry_attempt 1 and a reason.

    A bot without deduplication replies to it twice.
    """
    lab.slack.hub.faults.switch(Trouble.REDELIVERED, "app_mention", left=1)
    async with socket_bot(lab.slack, lab.installation.token):
        said = await lab.ada.mentions("hello", lab.papers)
        await lab.ada.waits(lambda: len(lab.slack.thread(lab.papers, said.ts)) == 2)
    mention = next(each for each in lab.slack.hub.office.deliveries if "app_mention" in each.names)
    assert [(0, ""), (1, "timeout")] == [(each.number, each.reason) for each in mention.attempts]


async def test_a_redelivered_command_is_answered_twice_by_a_careless_bot(lab: Lab) -> None:
    """A redelivered command is answered twice by a bot without deduplication."""
    lab.slack.hub.faults.switch(Trouble.REDELIVERED, "/paper", left=1)
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.ada.types("/paper help", lab.papers)
        await lab.ada.waits(lambda: len(lab.ada.sees(lab.papers)) == 2)


async def test_an_envelope_whose_socket_dies_goes_over_another(lab: Lab) -> None:
    """A command whose connection is cut during the delivery is sent again on the next connection."""
    lab.slack.hub.faults.switch(Trouble.DROPPED, "/paper", left=1)
    async with socket_bot(lab.slack, lab.installation.token):
        delivery = await lab.ada.types("/paper help", lab.papers)
    assert ["connection lost", "acked"] == [each.outcome for each in delivery.attempts]


async def test_an_ack_that_is_lost_makes_an_event_come_again(lab: Lab) -> None:
    """An event whose acknowledgement is lost is delivered again."""
    lab.slack.hub.faults.switch(Trouble.ACK_LOST, "app_mention", left=1)
    async with socket_bot(lab.slack, lab.installation.token):
        said = await lab.ada.mentions("hello", lab.papers)
        await lab.ada.waits(lambda: len(lab.slack.thread(lab.papers, said.ts)) == 2)


async def test_a_late_command_comes_with_a_trigger_that_is_too_old(lab: Lab) -> None:
    """A delayed command arrives when it is released; its trigger has expired by then."""
    fault = lab.slack.hub.faults.switch(Trouble.LATE, "/paper", left=1, seconds=0)
    async with socket_bot(lab.slack, lab.installation.token):
        delivery = await lab.ada.types("/paper subscribe", lab.papers, wait=False)
        await lab.ada.waits(lambda: fault.struck)
        lab.clock.now += 10
        lab.slack.hub.faults.release()
        await lab.slack.hub.office.finished(delivery)
        refused = await lab.ada.waits(lambda: [e for e in calls(lab, "views.open") if not e["ok"]])
    assert "expired_trigger_id" == refused[0]["error"]


async def test_a_trigger_can_be_of_no_use_from_the_start(lab: Lab) -> None:
    """With the fault, views.open fails for a trigger that has just arrived."""
    lab.slack.hub.faults.switch(Trouble.TRIGGER_EXPIRED, "/paper", left=1)
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.ada.types("/paper subscribe", lab.papers)
        refused = await lab.ada.waits(lambda: [e for e in calls(lab, "views.open") if not e["ok"]])
    assert "expired_trigger_id" == refused[0]["error"]


def calls(lab: Lab, method: str) -> list[Json]:
    """Return the logged data of the calls of a method."""
    return [each.more for each in lab.slack.hub.happenings.of("call") if each.text == method]


async def test_a_connection_that_is_told_to_go_is_replaced_and_nothing_is_lost(lab: Lab) -> None:
    """After refresh_requested the client opens a new connection; a command typed meanwhile is answered once."""
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.slack.hub.sockets.disconnect("refresh_requested")
        delivery = await lab.ada.types("/paper help", lab.papers)
        assert delivery.acked
    assert 1 == len(lab.ada.sees(lab.papers))
    assert 2 <= lab.slack.hub.sockets.opened


async def test_a_storm_of_dropped_connections_is_lived_through(lab: Lab) -> None:
    """After three aborted connections the fourth is used."""
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.slack.hub.sockets.storm(3)
        assert (await lab.ada.types("/paper help", lab.papers)).acked
    assert 4 <= lab.slack.hub.sockets.opened


async def test_a_dead_ticket_refuses_every_handshake(lab: Lab) -> None:
    """slack_sdk retries the dead URL and does not request a new one; a client that requests one gets a working URL."""
    lab.slack.hub.faults.switch(Trouble.DEAD_TICKET, "ticket", left=1)
    app = client(lab.slack, lab.slack.hub.app_token)
    stuck = SocketModeClient(app_token=lab.slack.hub.app_token, web_client=app, ping_interval=0.01)
    connecting = asyncio.create_task(stuck.connect())  # type: ignore[no-untyped-call] # slack_sdk
    await lab.ada.waits(lambda: lab.slack.hub.sockets.refused >= 3)
    assert 1 == len(calls(lab, "apps.connections.open"))
    connecting.cancel()
    await asyncio.gather(connecting, return_exceptions=True)
    await stuck.close()  # type: ignore[no-untyped-call] # slack_sdk
    async with socket_bot(lab.slack, lab.installation.token):
        assert (await lab.ada.types("/paper help", lab.papers)).acked


async def test_a_ticket_takes_one_connection_for_a_while(lab: Lab) -> None:
    """The handshake is refused for a used and for an expired ticket."""
    app = client(lab.slack, lab.slack.hub.app_token)
    open_ = app.apps_connections_open
    used, late = [(await open_(app_token=lab.slack.hub.app_token))["url"] for _ in range(2)]
    async with aiohttp.ClientSession() as session:
        async with session.ws_connect(used) as socket:
            hello = await socket.receive_json()
            assert ("hello", 1) == (hello["type"], hello["num_connections"])
        lab.clock.now += 31
        for url in (used, late):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await session.ws_connect(url)


async def test_an_eleventh_connection_is_turned_away(lab: Lab) -> None:
    """Ten connections are accepted; the eleventh is disconnected with too_many_websockets."""
    app = client(lab.slack, lab.slack.hub.app_token)
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(10):
            url = (await app.apps_connections_open(app_token=lab.slack.hub.app_token))["url"]
            sockets.append(await session.ws_connect(url))
        await lab.slack.hub.sockets.connected(10)
        url = (await app.apps_connections_open(app_token=lab.slack.hub.app_token))["url"]
        async with session.ws_connect(url) as socket:
            assert "too_many_websockets" == (await socket.receive_json())["reason"]


async def test_each_envelope_goes_to_one_of_several_connections(lab: Lab) -> None:
    """Two bots on one app share its commands: each command is answered once, and both bots receive some."""
    async with socket_bot(lab.slack, lab.installation.token), socket_bot(lab.slack, lab.installation.token):
        await lab.slack.hub.sockets.connected(2)
        for _ in range(12):
            await lab.ada.types("/paper help", lab.papers)
        carried = [each.carried for each in lab.slack.hub.sockets.connections]
    assert 12 == len(lab.ada.sees(lab.papers))
    assert 12 == sum(carried)
    assert 0 < min(carried)


async def test_pings_are_answered_both_ways(lab: Lab) -> None:
    """The client's pings are answered, and its pongs are counted."""
    async with socket_bot(lab.slack, lab.installation.token):
        await lab.slack.hub.sockets.ping()
        connection = lab.slack.hub.sockets.connections[0]
        await lab.ada.waits(lambda: connection.pongs)
        assert 1 <= connection.pings


async def test_a_ping_is_answered_with_what_is_in_it(lab: Lab) -> None:
    """Slack's library knows by it that its connection lives; without it, it gives up each one after 40 seconds."""
    hub = lab.slack.hub
    opened = await AsyncWebClient(hub.app_token, base_url=lab.slack.api).apps_connections_open(app_token=hub.app_token)
    async with aiohttp.ClientSession() as session, session.ws_connect(str(opened["url"]), autoping=False) as socket:
        assert "hello" == (await socket.receive_json())["type"]
        await socket.ping(b"sdk-ping-pong:1")
        assert (aiohttp.WSMsgType.PONG, b"sdk-ping-pong:1") == (await socket.receive())[:2]


async def test_fifty_commands_at_once_are_timed(lab: Lab) -> None:
    """The latency of every acknowledgement is recorded, so that a test can compute percentiles."""
    async with socket_bot(lab.slack, lab.installation.token):
        await asyncio.gather(*(lab.ada.types("/paper help", lab.papers) for _ in range(50)))
        # The bot stays until its last acknowledgement has arrived.
        async with asyncio.timeout(10):
            while len(lab.slack.hub.office.latencies("slash_commands")) < 50:  # noqa: ASYNC110 - no event tells of it
                await asyncio.sleep(0.01)
    assert 50 == len(lab.slack.hub.office.latencies("slash_commands"))
