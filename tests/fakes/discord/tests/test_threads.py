"""Threads on messages, and posts in forums."""

from tests.fakes.discord.permissions import Permissions
from tests.fakes.discord.tests.conftest import Lab
from tests.fakes.discord.tests.rest import Rest


async def test_a_message_has_one_thread(lab: Lab, rest: Rest) -> None:
    """A thread has the id of its message; a second thread on the same message is refused."""
    posted = (await rest.post(lab.papers.id, "One")).body["id"]
    path = f"/channels/{lab.papers.id}/messages/{posted}/threads"
    made = await rest("POST", path, {"name": "Talk"})
    assert (201, posted, 11) == (made.status, made.body["id"], made.body["type"])
    assert 160004 == (await rest("POST", path, {"name": "Talk"})).code
    assert 200 == (await rest.post(posted, "In it")).status
    thread = lab.discord.thread_of(lab.discord.messages(lab.papers)[0])
    assert thread is not None
    assert ["In it"] == [seen.text for seen in lab.discord.messages(thread)]
    assert [thread] == lab.discord.threads(lab.papers)


async def test_threads_need_a_permission_and_room(lab: Lab, rest: Rest) -> None:
    """A thread is refused without CREATE_PUBLIC_THREADS and in a server with too many active threads."""
    closed = lab.discord.channel("closed", lab.guild, denied=Permissions.CREATE_PUBLIC_THREADS)
    lab.discord.hub.active_threads = 0
    for place, code in ((closed, 50013), (lab.papers, 160006)):
        posted = (await rest.post(place.id, "One")).body["id"]
        told = await rest("POST", f"/channels/{place.id}/messages/{posted}/threads", {"name": "Talk"})
        assert code == told.code


async def test_a_thread_that_was_put_away_comes_back_unless_it_is_locked(lab: Lab, rest: Rest) -> None:
    """A new message reopens an archived thread, an edit in it is refused, and a locked thread refuses both."""
    posted = (await rest.post(lab.papers.id, "One")).body["id"]
    await rest("POST", f"/channels/{lab.papers.id}/messages/{posted}/threads", {"name": "Talk"})
    inside = (await rest.post(posted, "In it")).body["id"]
    thread = lab.discord.threads(lab.papers)[0]
    await lab.ada.archives(thread)
    assert 50083 == (await rest("PATCH", f"/channels/{posted}/messages/{inside}", {"content": "Else"})).code
    assert 200 == (await rest.post(posted, "More")).status
    assert not thread.archived
    await lab.ada.archives(thread, lock=True)
    assert 50083 == (await rest.post(posted, "More")).code


async def test_a_forum_takes_posts_only_and_may_want_a_tag(lab: Lab, rest: Rest) -> None:
    """A forum refuses messages and accepts posts; a post's first message has its thread's id; a tag may be required."""
    forum = lab.discord.channel(
        "forum", lab.guild, kind="forum", tags=("digest",), moderated=("news",), require_tag=True
    )
    assert 50008 == (await rest.post(forum.id, "One")).code
    path, body = f"/channels/{forum.id}/threads", {"name": "Papers", "message": {"content": "One"}}
    assert 40067 == (await rest("POST", path, body)).code
    tag, moderated = forum.tags
    assert 40066 == (await rest("POST", path, {**body, "applied_tags": [moderated]})).code
    assert 50035 == (await rest("POST", path, {**body, "applied_tags": ["1"]})).code
    made = await rest("POST", path, {**body, "applied_tags": [tag]})
    assert (201, made.body["id"]) == (made.status, made.body["message"]["id"])
    first = await rest("GET", f"/channels/{made.body['id']}/messages/{made.body['id']}")
    assert "One" == first.body["content"]
    about = await rest("GET", f"/channels/{forum.id}")
    assert (made.body["id"], 16) == (about.body["last_message_id"], about.body["flags"])


async def test_active_threads_are_listed_for_the_server(lab: Lab, rest: Rest) -> None:
    """The server lists its active threads, each with its parent channel."""
    forum = lab.discord.channel("forum", lab.guild, kind="forum")
    body = {"name": "Papers", "message": {"content": "One"}}
    made = await rest("POST", f"/channels/{forum.id}/threads", body)
    path = f"/guilds/{lab.guild.id}/threads/active"
    listed = (await rest("GET", path)).body["threads"]
    assert [(made.body["id"], forum.id)] == [(each["id"], each["parent_id"]) for each in listed]
    await rest("PATCH", f"/channels/{made.body['id']}", {"archived": True})
    assert [] == (await rest("GET", path)).body["threads"]
