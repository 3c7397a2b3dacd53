"""The Web API with the real AsyncWebClient: successful calls, and every documented error."""

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack.tests.bot import client, section
from tests.fakes.slack.tests.conftest import Lab


async def error_of(call: Any) -> Any:
    """Return the response to a refused call."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return refused.value.response


@pytest.fixture
async def other(lab: Lab) -> AsyncWebClient:
    """A client in another workspace, whose installation lacks most scopes."""
    workspace = lab.slack.workspace("Other")
    installation = lab.slack.hub.install(workspace, scopes=frozenset({"commands"}))
    return client(lab.slack, installation.token)


async def test_auth_test_says_who_one_is(lab: Lab) -> None:
    """auth.test returns the team and the bot; a header lists the scopes, which slack_bolt reads."""
    said = await lab.client.auth_test()
    bot = lab.installation.bot_in(lab.slack.workspace().id)
    assert (lab.slack.workspace().id, bot.id, bot.bot_id) == (said["team_id"], said["user_id"], said["bot_id"])
    assert "chat:write" in said.headers["x-oauth-scopes"].split(",")


async def test_tokens_are_told_apart(lab: Lab) -> None:
    """Missing, unknown and revoked tokens, and those of the wrong kind, have different errors."""
    assert "not_authed" == (await error_of(client(lab.slack).auth_test()))["error"]
    assert "invalid_auth" == (await error_of(client(lab.slack, "xoxb-x").auth_test()))["error"]
    wrong = client(lab.slack, lab.slack.hub.app_token)
    assert "not_allowed_token_type" == (await error_of(wrong.auth_test()))["error"]
    swapped = lab.client.apps_connections_open(app_token=lab.installation.token)
    assert "not_allowed_token_type" == (await error_of(swapped))["error"]
    await lab.client.auth_revoke()
    assert "token_revoked" == (await error_of(lab.client.auth_test()))["error"]


async def test_a_deactivated_bot_is_told_so(lab: Lab) -> None:
    """The token of a deactivated account fails with account_inactive."""
    lab.installation.bot_in(lab.papers.team).deleted = True
    assert "account_inactive" == (await error_of(lab.client.auth_test()))["error"]


async def test_a_missing_scope_is_named(other: AsyncWebClient) -> None:
    """missing_scope names the needed and the granted scopes."""
    said = await error_of(other.chat_postMessage(channel="#general", text="Hi"))
    assert ("missing_scope", "chat:write", "commands") == (said["error"], said["needed"], said["provided"])


async def test_unknown_methods_are_unknown(lab: Lab) -> None:
    """An unknown method is refused with its own error."""
    assert "unknown_method" == (await error_of(lab.client.api_call("chat.shout")))["error"]


async def test_a_token_may_come_in_the_body_and_the_query(lab: Lab) -> None:
    """Forms and queries may contain the token; JSON bodies may not."""
    url, token = f"{lab.slack.api}auth.test", lab.installation.token
    async with aiohttp.ClientSession() as session:
        async with session.post(url, data={"token": token}) as form, session.get(f"{url}?token={token}") as query:
            assert (True, True) == ((await form.json())["ok"], (await query.json())["ok"])
        async with session.post(url, json={"token": token}) as body:
            assert "not_authed" == (await body.json())["error"]
        async with session.post(url, data=b"{", headers={"Content-Type": "application/json"}) as broken:
            assert "invalid_json" == (await broken.json())["error"]


async def test_a_message_is_posted_changed_and_deleted(lab: Lab) -> None:
    """A posted message is shown, an updated one is shown as edited, and a deleted one is gone."""
    posted = await lab.client.chat_postMessage(channel="#papers", text="One", blocks=[section("One *paper*")])
    assert ["One paper"] == [seen.text for seen in lab.slack.messages(lab.papers)]
    await lab.client.chat_update(channel=lab.papers.id, ts=posted["ts"], text="Two", blocks=[section("Two")])
    assert ["Two"] == [seen.text for seen in lab.slack.messages(lab.papers)]
    link = await lab.client.chat_getPermalink(channel=lab.papers.id, message_ts=posted["ts"])
    assert link["permalink"].endswith(f"/archives/{lab.papers.id}/p{posted['ts'].replace('.', '')}")
    await lab.client.chat_delete(channel=lab.papers.id, ts=posted["ts"])
    assert [] == lab.slack.messages(lab.papers)


async def test_an_update_keeps_what_it_does_not_name(lab: Lab) -> None:
    """chat.update without blocks keeps the blocks; with an empty list it removes them."""
    posted = await lab.client.chat_postMessage(channel="#papers", text="One", blocks=[section("Block")])
    await lab.client.chat_update(channel=lab.papers.id, ts=posted["ts"], text="Two")
    assert "Block" == lab.slack.messages(lab.papers)[0].text
    await lab.client.chat_update(channel=lab.papers.id, ts=posted["ts"], text="Two", blocks=[])
    assert "Two" == lab.slack.messages(lab.papers)[0].text


async def test_posting_is_refused_where_it_cannot_be(lab: Lab) -> None:
    """Every reason to refuse a post has its own error."""
    outside = lab.slack.channel("outside", lab.ada, bot=False)
    hidden = lab.slack.channel("hidden", lab.ada, bot=False, is_private=True)
    old = lab.slack.channel("old", lab.ada)
    old.is_archived = True
    post = lab.client.chat_postMessage
    assert "channel_not_found" == (await error_of(post(channel="C0NONE", text="Hi")))["error"]
    assert "channel_not_found" == (await error_of(post(channel=hidden.id, text="Hi")))["error"]
    assert "not_in_channel" == (await error_of(post(channel=outside.id, text="Hi")))["error"]
    assert "is_archived" == (await error_of(post(channel=old.id, text="Hi")))["error"]
    # A generic call, because the method's own function warns about a missing text.
    nothing = lab.client.api_call("chat.postMessage", json={"channel": lab.papers.id, "text": ""})
    assert "no_text" == (await error_of(nothing))["error"]
    blocked = await error_of(post(channel=lab.papers.id, text="Hi", blocks=[{"type": "bogus"}]))
    assert "invalid_blocks" == blocked["error"]
    shown = ["[ERROR] unsupported type: bogus [json-pointer:/blocks/0/type]"]
    assert shown == blocked["response_metadata"]["messages"]
    lost = await error_of(post(channel=lab.papers.id, text="Hi", thread_ts="1.1"))
    assert "thread_not_found" == lost["error"]


async def test_texts_have_their_limits(lab: Lab) -> None:
    """A posted text is truncated at 40,000 characters with a warning; an update above 4,000 is refused."""
    posted = await lab.client.chat_postMessage(channel="#papers", text="x" * 40_001)
    assert (40_000, "message_truncated") == (len(posted["message"]["text"]), posted["warning"])
    long = lab.client.chat_update(channel=lab.papers.id, ts=posted["ts"], text="x" * 4_001)
    assert "msg_too_long" == (await error_of(long))["error"]
    both = lab.client.chat_postMessage(channel="#papers", text="Hi", markdown_text="Hi")
    assert "markdown_text_conflict" == (await error_of(both))["error"]


async def test_only_own_messages_can_be_changed(lab: Lab) -> None:
    """A person's message can be neither updated nor deleted by the bot."""
    said = await lab.ada.says("Mine", lab.papers)
    for call in (
        lab.client.chat_update(channel=lab.papers.id, ts=said.ts, text="Yours"),
        lab.client.chat_delete(channel=lab.papers.id, ts=said.ts),
    ):
        assert (await error_of(call))["error"] in ("cant_update_message", "cant_delete_message")


async def test_an_ephemeral_is_for_one_person(lab: Lab) -> None:
    """An ephemeral message is shown only to its recipient and is not in the history."""
    bo = lab.slack.person("bo")
    lab.slack.channel("papers", bo)
    await lab.client.chat_postEphemeral(channel=lab.papers.id, user=lab.ada.user.id, text="Psst")
    assert ["Psst"] == [seen.text for seen in lab.ada.sees(lab.papers, only_me=True)]
    assert [] == bo.sees(lab.papers)
    assert [] == (await lab.client.conversations_history(channel=lab.papers.id))["messages"]
    stranger = lab.slack.person("stranger")
    outside = lab.client.chat_postEphemeral(channel=lab.papers.id, user=stranger.user.id, text="Psst")
    assert "user_not_in_channel" == (await error_of(outside))["error"]


KEY = {"event_type": "paper_digest_posted", "event_payload": {"digest_id": "d1", "part": 1}}


async def test_metadata_is_given_back_only_where_asked_for(lab: Lab) -> None:
    """history returns a message's metadata payload only with include_all_metadata."""
    await lab.client.chat_postMessage(channel="#papers", text="One", metadata=KEY)
    plain = await lab.client.conversations_history(channel=lab.papers.id)
    full = await lab.client.conversations_history(channel=lab.papers.id, include_all_metadata=True)
    assert {"event_type": "paper_digest_posted"} == plain["messages"][0]["metadata"]
    assert KEY == full["messages"][0]["metadata"]


@pytest.mark.parametrize(
    ("metadata", "error"),
    [
        ({"event_type": "x"}, "invalid_metadata_format"),
        ({"event_type": "x", "event_payload": {"a": {"b": {"c": 1}}}}, "invalid_metadata_schema"),
        ({"event_type": "x", "event_payload": {"a": "x" * 9_000}}, "metadata_too_large"),
    ],
)
async def test_metadata_is_held_to_its_form(lab: Lab, metadata: dict[str, Any], error: str) -> None:
    """Metadata without a payload, too deep, or too large is refused."""
    said = await error_of(lab.client.chat_postMessage(channel="#papers", text="One", metadata=metadata))
    assert error == said["error"]


async def test_history_is_cut_in_time_and_in_pages(lab: Lab) -> None:
    """oldest and latest are exclusive unless `inclusive` is set; the cursor leads through all pages, latest first."""
    stamps = []
    for number in range(5):
        lab.clock.now += 2
        stamps.append((await lab.client.chat_postMessage(channel="#papers", text=str(number)))["ts"])
    history = lab.client.conversations_history
    assert ["4", "3", "2", "1", "0"] == texts(await history(channel=lab.papers.id))
    assert ["2"] == texts(await history(channel=lab.papers.id, oldest=stamps[1], latest=stamps[3]))
    both = await history(channel=lab.papers.id, oldest=stamps[1], latest=stamps[3], inclusive=True)
    assert ["3", "2", "1"] == texts(both)
    pages = [texts(page) async for page in await history(channel=lab.papers.id, limit=2)]
    assert [["4", "3"], ["2", "1"], ["0"]] == pages
    assert "invalid_cursor" == (await error_of(history(channel=lab.papers.id, cursor="x")))["error"]
    assert "invalid_limit" == (await error_of(history(channel=lab.papers.id, limit=1000)))["error"]


def texts(response: Any) -> list[str]:
    """Return the texts of a page of messages."""
    return [each["text"] for each in response["messages"]]


async def test_threads_are_apart_from_history(lab: Lab) -> None:
    """A reply is in its thread and not in the history, unless it was broadcast; the parent counts its replies."""
    parent = await lab.client.chat_postMessage(channel="#papers", text="Digest")
    for text, broadcast in (("one", False), ("two", True)):
        await lab.client.chat_postMessage(
            channel="#papers", text=text, thread_ts=parent["ts"], reply_broadcast=broadcast
        )
    said = await lab.client.conversations_history(channel=lab.papers.id)
    assert ["two", "Digest"] == texts(said)
    assert 2 == said["messages"][1]["reply_count"]
    thread = await lab.client.conversations_replies(channel=lab.papers.id, ts=parent["ts"])
    assert ["Digest", "one", "two"] == texts(thread)
    assert ["one", "two"] == [seen.text for seen in lab.slack.thread(lab.papers, parent["ts"])]
    lost = lab.client.conversations_replies(channel=lab.papers.id, ts="1.1")
    assert "thread_not_found" == (await error_of(lost))["error"]


async def test_history_needs_membership_and_the_scope_of_its_kind(lab: Lab, other: AsyncWebClient) -> None:
    """Channels without the bot, and those of a kind that it may not read, are refused with different errors."""
    outside = lab.slack.channel("outside", lab.ada, bot=False)
    assert "not_in_channel" == (await error_of(lab.client.conversations_history(channel=outside.id)))["error"]
    general = lab.slack.workspace("Other").channel_named("general")
    assert general is not None
    said = await error_of(other.conversations_history(channel=general.id))
    assert ("missing_scope", "channels:history") == (said["error"], said["needed"])


async def test_channels_are_listed_joined_and_opened(lab: Lab) -> None:
    """The bot sees public channels and its own private ones, joins public ones, and opens direct messages."""
    lab.slack.channel("hidden", lab.ada, bot=False, is_private=True)
    lab.slack.channel("ours", lab.ada, is_private=True)
    listed = await lab.client.conversations_list(types="public_channel,private_channel")
    assert ["general", "papers", "ours"] == [each["name"] for each in listed["channels"]]
    general = lab.slack.workspace().channel_named("general")
    assert general is not None
    joined = await lab.client.conversations_join(channel=general.id)
    assert joined["channel"]["is_member"]
    assert "already_in_channel" == (await lab.client.conversations_join(channel=general.id))["warning"]
    opened = await lab.client.conversations_open(users=lab.ada.user.id)
    assert lab.ada.direct.id == opened["channel"]["id"]
    info = await lab.client.conversations_info(channel=lab.papers.id, include_num_members=True)
    assert 2 == info["channel"]["num_members"]
    people = await lab.client.conversations_members(channel=lab.papers.id)
    assert lab.ada.user.id in people["members"]
    mine = await lab.client.users_conversations(types="public_channel")
    assert ["general", "papers"] == [each["name"] for each in mine["channels"]]


async def test_people_have_timezones(lab: Lab) -> None:
    """users.info returns a person's time zone; an unknown id fails with user_not_found."""
    said = await lab.client.users_info(user=lab.ada.user.id)
    assert ("Europe/Vienna", 7200) == (said["user"]["tz"], said["user"]["tz_offset"])
    assert "user_not_found" == (await error_of(lab.client.users_info(user="U0NONE")))["error"]


async def test_people_have_locales(lab: Lab) -> None:
    """users.info and users.list return a person's locale, but only to who asks for it (docs.slack.dev, users.info)."""
    lab.ada.user.locale = "de-DE"
    assert "locale" not in (await lab.client.users_info(user=lab.ada.user.id))["user"]
    assert "de-DE" == (await lab.client.users_info(user=lab.ada.user.id, include_locale=True))["user"]["locale"]
    listed = (await lab.client.users_list(include_locale=True))["members"]
    assert "de-DE" in [each["locale"] for each in listed]
    assert not any("locale" in each for each in (await lab.client.users_list())["members"])


async def test_reactions_team_and_bot_are_known(lab: Lab) -> None:
    """A reaction is stored once; the team and the bot can be queried."""
    said = await lab.ada.says("Look", lab.papers)
    await lab.client.reactions_add(channel=lab.papers.id, timestamp=said.ts, name="eyes")
    again = lab.client.reactions_add(channel=lab.papers.id, timestamp=said.ts, name="eyes")
    assert "already_reacted" == (await error_of(again))["error"]
    kept = await lab.client.reactions_get(channel=lab.papers.id, timestamp=said.ts)
    assert "eyes" == kept["message"]["reactions"][0]["name"]
    assert "Lab" == (await lab.client.team_info())["team"]["name"]
    bot = lab.installation.bot_in(lab.papers.team)
    assert bot.id == (await lab.client.bots_info(bot=bot.bot_id))["bot"]["user_id"]


async def test_unfurls_hang_on_the_very_link(lab: Lab) -> None:
    """chat.unfurl accepts only URLs that are in the message exactly."""
    said = await lab.ada.shares_link("https://arxiv.org/abs/2004.15011", lab.papers)
    shown = {"https://arxiv.org/abs/2004.15011": {"blocks": [section("SciTLDR")]}}
    await lab.client.chat_unfurl(channel=lab.papers.id, ts=said.ts, unfurls=shown)
    assert "SciTLDR" in lab.slack.messages(lab.papers)[0].text
    other = {"https://arxiv.org/abs/1": {"blocks": [section("No")]}}
    refused = lab.client.chat_unfurl(channel=lab.papers.id, ts=said.ts, unfurls=other)
    assert "cannot_unfurl_url" == (await error_of(refused))["error"]


async def test_what_the_bot_is_about_is_kept(lab: Lab) -> None:
    """assistant.threads.setStatus is logged for an existing thread and refused for an unknown one."""
    said = await lab.ada.says("Hi", lab.papers)
    await lab.client.assistant_threads_setStatus(channel_id=lab.papers.id, thread_ts=said.ts, status="is reading…")
    assert ["is reading…"] == [each.text for each in lab.slack.hub.happenings.of("status")]
    lost = lab.client.assistant_threads_setStatus(channel_id=lab.papers.id, thread_ts="1.1", status="x")
    assert "invalid_thread_ts" == (await error_of(lost))["error"]
