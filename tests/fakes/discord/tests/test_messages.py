"""Messages with the bot's token: permissions, nonces, histories, edits, publishing, pins, pings."""

from typing import Any

import pytest

from tests.fakes.discord.permissions import Permissions
from tests.fakes.discord.tests.conftest import Lab
from tests.fakes.discord.tests.rest import AGENT, Rest

V2 = 1 << 15


def text(words: str) -> dict[str, Any]:
    """Return a text display."""
    return {"type": 10, "content": words}


def shown(lab: Lab) -> list[str]:
    """Return the messages in the channel."""
    return [seen.text for seen in lab.discord.messages(lab.papers)]


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [
        ({"User-Agent": AGENT}, 401, 0),
        ({"User-Agent": AGENT, "Authorization": "Bot wrong"}, 401, 0),
        ({"User-Agent": "curl/8"}, 403, 40333),
    ],
)
async def test_who_may_call(lab: Lab, headers: dict[str, str], status: int, code: int) -> None:
    """A call needs the bot's token and a User-Agent in the documented form."""
    async with Rest(lab.discord, **headers) as calls:
        told = await calls("GET", "/users/@me")
    assert (status, code) == (told.status, told.code)


@pytest.mark.parametrize(
    ("denied", "code"),
    [(Permissions.VIEW_CHANNEL, 50001), (Permissions.SEND_MESSAGES, 50013)],
)
async def test_overwrites_count(lab: Lab, rest: Rest, denied: Permissions, code: int) -> None:
    """A post to a channel that the app may not see or write in is refused with the documented code."""
    quiet = lab.discord.channel("quiet", lab.guild, denied=denied)
    told = await rest.post(quiet.id, "One")
    assert (403, code) == (told.status, told.code)


async def test_files_and_embeds_need_permissions_of_their_own(lab: Lab, rest: Rest) -> None:
    """Without EMBED_LINKS a message with an embed is refused."""
    plain = lab.discord.channel("plain", lab.guild, denied=Permissions.EMBED_LINKS)
    assert 200 == (await rest.post(plain.id, "One")).status
    assert 50013 == (await rest.post(plain.id, "One", embeds=[{"title": "T"}])).code


async def test_a_nonce_is_good_for_one_message_wherever_it_goes(lab: Lab, rest: Rest) -> None:
    """The same nonce returns the first message, in any channel, until a few minutes have passed."""
    more = {"nonce": "n1", "enforce_nonce": True}
    first = await rest.post(lab.papers.id, "One", **more)
    again = await rest.post(lab.discord.channel("other", lab.guild).id, "Two", **more)
    assert (first.body["id"], lab.papers.id, "n1") == (
        again.body["id"],
        again.body["channel_id"],
        again.body["nonce"],
    )
    assert ["One"] == shown(lab)
    lab.clock.now += 181
    await rest.post(lab.papers.id, "Three", **more)
    assert ["One", "Three"] == shown(lab)


async def test_a_nonce_whose_message_is_gone_is_an_unknown_message(lab: Lab, rest: Rest) -> None:
    """An enforced nonce whose message was deleted is refused with 10008."""
    more = {"nonce": "n1", "enforce_nonce": True}
    first = await rest.post(lab.papers.id, "One", **more)
    await rest("DELETE", f"/channels/{lab.papers.id}/messages/{first.body['id']}")
    assert 10008 == (await rest.post(lab.papers.id, "One", **more)).code


async def test_histories_turn_pages(lab: Lab, rest: Rest) -> None:
    """A history is newest first, can start before, after or around a message, and has no nonces."""
    ids = [(await rest.post(lab.papers.id, str(each), nonce=str(each))).body["id"] for each in range(5)]
    path = f"/channels/{lab.papers.id}/messages"

    async def page(**query: str) -> list[str]:
        return [each["content"] for each in (await rest("GET", path, params=query)).body]

    assert ["4", "3", "2", "1", "0"] == await page()
    assert ["2", "1"] == await page(after=ids[0], limit="2")
    assert ["3", "2"] == await page(before=ids[4], limit="2")
    assert ["3", "2", "1"] == await page(around=ids[2], limit="3")
    assert all("nonce" not in each for each in (await rest("GET", path)).body)


async def test_a_history_that_may_not_be_read_is_empty(lab: Lab, rest: Rest) -> None:
    """Without READ_MESSAGE_HISTORY the history is an empty list, and no error."""
    closed = lab.discord.channel("closed", lab.guild, denied=Permissions.READ_MESSAGE_HISTORY)
    await rest.post(closed.id, "One")
    assert [] == (await rest("GET", f"/channels/{closed.id}/messages")).body


async def test_what_others_wrote_is_empty_without_the_intent(lab: Lab, rest: Rest) -> None:
    """The content of other authors' messages is empty unless they mention the app."""
    await lab.ada.says("Secret", lab.papers)
    await lab.ada.says(f"<@{lab.discord.hub.bot.id}> hello", lab.papers)
    told = await rest("GET", f"/channels/{lab.papers.id}/messages")
    assert [f"<@{lab.discord.hub.bot.id}> hello", ""] == [each["content"] for each in told.body]


async def test_components_v2_stay(lab: Lab, rest: Rest) -> None:
    """A post or an edit sets the Components V2 flag, it cannot be removed, and component ids are kept or assigned."""
    body = {"flags": V2, "components": [{**text("A"), "id": 77}, text("B")]}
    first = await rest("POST", f"/channels/{lab.papers.id}/messages", body)
    path = f"/channels/{lab.papers.id}/messages/{first.body['id']}"
    assert [77, 1] == [each["id"] for each in (await rest("GET", path)).body["components"]]
    assert 200 == (await rest("PATCH", path, {"components": [text("C")]})).status
    assert 50035 == (await rest("PATCH", path, {"flags": 0, "content": "D"})).code
    assert ["C"] == shown(lab)
    lab.discord.hub.wrongs.clear()


async def test_wrong_bodies_are_refused_in_detail_and_noted(lab: Lab, rest: Rest) -> None:
    """A body that breaks a rule is refused with the paths of its errors, and the errors are recorded."""
    told = await rest.post(lab.papers.id, "x" * 2001)
    assert (400, 50035) == (told.status, told.code)
    assert "_errors" in told.body["errors"]["content"]
    assert 50006 == (await rest.post(lab.papers.id, "")).code
    assert 2 == len(lab.discord.hub.wrongs)
    lab.discord.hub.wrongs.clear()


async def test_an_announcement_is_published_once(lab: Lab, rest: Rest) -> None:
    """Publishing a message twice, or outside an announcement channel, is refused."""
    news = lab.discord.channel("news", lab.guild, kind="announcement")
    posted = (await rest.post(news.id, "One")).body["id"]
    path = f"/channels/{news.id}/messages/{posted}/crosspost"
    assert 200 == (await rest("POST", path)).status
    assert 40033 == (await rest("POST", path)).code
    plain = (await rest.post(lab.papers.id, "One")).body["id"]
    assert 50024 == (await rest("POST", f"/channels/{lab.papers.id}/messages/{plain}/crosspost")).code


async def test_pins_need_the_new_permission(lab: Lab, rest: Rest) -> None:
    """The app can pin only with PIN_MESSAGES."""
    posted = (await rest.post(lab.papers.id, "One")).body["id"]
    path = f"/channels/{lab.papers.id}/messages/pins"
    assert 50013 == (await rest("PUT", f"{path}/{posted}")).code
    lab.discord.invite(lab.guild, Permissions.PIN_MESSAGES | lab.guild.base(lab.discord.hub.bot.id))
    assert 204 == (await rest("PUT", f"{path}/{posted}")).status
    assert [posted] == [each["message"]["id"] for each in (await rest("GET", path)).body["items"]]


async def test_old_messages_take_few_edits(lab: Lab, rest: Rest) -> None:
    """A message older than an hour can be edited five times."""
    posted = (await rest.post(lab.papers.id, "One")).body["id"]
    path = f"/channels/{lab.papers.id}/messages/{posted}"
    lab.clock.now += 3601
    for count in range(5):
        assert 200 == (await rest("PATCH", path, {"content": str(count)})).status
    assert 30046 == (await rest("PATCH", path, {"content": "6"})).code


@pytest.mark.parametrize(
    ("allowed", "pinged"),
    [(None, True), ({"parse": []}, False), ({"parse": ["everyone"]}, True), ({"parse": ["users"]}, False)],
)
async def test_everyone_is_told_unless_it_is_switched_off(lab: Lab, rest: Rest, allowed: object, pinged: bool) -> None:
    """Without `allowed_mentions` a mention of everyone pings, whatever permissions the app has."""
    more = {} if allowed is None else {"allowed_mentions": allowed}
    told = await rest.post(lab.papers.id, "@everyone look", **more)
    assert pinged is told.body["mention_everyone"]


async def test_code_pings_nobody_and_components_do(lab: Lab, rest: Rest) -> None:
    """A mention in code does not ping; one in a text component does."""
    ada = f"<@{lab.ada.user.id}>"
    assert [] == (await rest.post(lab.papers.id, f"`{ada}`")).body["mentions"]
    body = {"flags": V2, "components": [text(ada)]}
    told = await rest("POST", f"/channels/{lab.papers.id}/messages", body)
    assert [lab.ada.user.id] == [each["id"] for each in told.body["mentions"]]


async def test_files_come_and_go(lab: Lab, rest: Rest) -> None:
    """An attached file can be downloaded from its URL for a day."""
    import aiohttp

    form = aiohttp.FormData()
    form.add_field("payload_json", '{"content": "One", "attachments": [{"id": 0, "filename": "a.bib"}]}')
    form.add_field("files[0]", b"@article{}", filename="a.bib", content_type="text/plain")
    told = await rest("POST", f"/channels/{lab.papers.id}/messages", data=form)
    url = told.body["attachments"][0]["url"]
    async with aiohttp.ClientSession() as session:
        async with session.get(url) as answer:
            assert b"@article{}" == await answer.read()
        lab.clock.now += 90_000
        async with session.get(url) as answer:
            assert 404 == answer.status


async def test_direct_messages_are_opened_by_the_persons_id(lab: Lab, rest: Rest) -> None:
    """The app can open and write direct messages, unless the person accepts none."""
    opened = await rest("POST", "/users/@me/channels", {"recipient_id": lab.ada.user.id})
    assert lab.ada.dm.id == opened.body["id"]
    assert 200 == (await rest.post(lab.ada.dm.id, "Hello")).status
    lab.ada.user.takes_direct = False
    assert 50007 == (await rest.post(lab.ada.dm.id, "Hello")).code


async def test_where_the_app_was_put_out_it_has_no_access(lab: Lab, rest: Rest) -> None:
    """After a kick the server's channels refuse the app; a deleted channel is unknown."""
    gone = lab.discord.channel("gone", lab.guild)
    lab.discord.removes(gone)
    assert 10003 == (await rest.post(gone.id, "One")).code
    lab.discord.kick(lab.guild)
    assert 50001 == (await rest.post(lab.papers.id, "One")).code


async def test_a_route_that_discord_does_not_have_is_noted(lab: Lab, rest: Rest) -> None:
    """A call to an unknown route is answered with 404 and recorded as an error."""
    assert 404 == (await rest("GET", "/chanels/1")).status
    assert "NO_ROUTE" == lab.discord.hub.wrongs.pop().code
