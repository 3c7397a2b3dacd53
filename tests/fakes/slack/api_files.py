"""Web API, files: the three steps of an upload, and file information; docs.slack.dev/messaging/working-with-files."""

from typing import Any

from tests.fakes.slack.block_check import check_message
from tests.fakes.slack.calls import Call, Method
from tests.fakes.slack.problems import Json, SlackRefusal
from tests.fakes.slack.windows import with_ids
from tests.fakes.slack.world import Channel, Message


def new_file(hub: Any, *, name: str, size: int, user: str, team: str) -> Json:
    """Return a new file without content."""
    id_ = hub.world.ids.next("F")
    file: Json = {
        "id": id_,
        "name": name,
        "title": name,
        "mimetype": "text/plain",
        "filetype": name.rpartition(".")[2],
        "size": size,
        "user": user,
        "url_private": f"{hub.url}/files-pri/{team}-{id_}/{name}",
        "url_private_download": f"{hub.url}/files-pri/{team}-{id_}/download/{name}",
    }
    hub.files[id_] = {"file": file, "team": team, "content": None, "shared": False}
    return file


def upload_url(call: Call) -> Json:
    """Return the URL to which a file's content is uploaded."""
    name, length = call.needed("filename"), call.number("length", 0)
    if length < 1:
        raise SlackRefusal("invalid_arguments")
    team = call.workspace.id
    file = new_file(call.hub, name=name, size=length, user=call.bot(team).id, team=team)
    return {"upload_url": f"{call.hub.url}/upload/v1/{file['id']}", "file_id": file["id"]}


def complete(call: Call) -> Json:
    """Finish an upload, and share the files in the given channels."""
    given = call.nested("files")
    if not isinstance(given, list) or not given:
        raise SlackRefusal("invalid_arguments")
    done: list[Json] = []
    for each in given:
        kept = call.hub.files.get(each.get("id", ""))
        if kept is None or kept["content"] is None:
            raise SlackRefusal("file_not_found")
        kept["file"]["title"] = each.get("title") or kept["file"]["name"]
        done.append(kept["file"])
    for channel in _targets(call):
        _share(call, channel, done)
    return {"files": done}


def _targets(call: Call) -> list[Channel]:
    named = call.text("channel_id") or call.text("channels")
    found: list[Channel] = []
    for each in filter(None, named.split(",")):
        call.arguments["channel"] = each
        channel = call.channel(by_name=True)
        if call.bot(channel.team).id not in channel.members:
            raise SlackRefusal("not_in_channel")
        found.append(channel)
    return found


def _share(call: Call, channel: Channel, files: list[Json]) -> None:
    blocks, bot = call.nested("blocks"), call.bot(channel.team)
    if blocks:
        check_message(blocks)
    message = Message(
        ts=call.hub.stamp(),
        user=bot.id,
        bot_id=bot.bot_id,
        app_id=call.hub.app_id,
        text=call.text("initial_comment"),
        blocks=with_ids(blocks or [], call.hub.world.ids),
        thread_ts=call.text("thread_ts") or None,
        files=files,
        subtype="file_share",
    )
    call.hub.post(channel, message)


def info(call: Call) -> Json:
    """Return a file."""
    kept = call.hub.files.get(call.text("file"))
    if kept is None or kept["team"] not in call.caller.teams:
        raise SlackRefusal("file_not_found")
    return {"file": kept["file"]}


METHODS = {
    "files.getUploadURLExternal": Method(run=upload_url, tier=4, scopes=("files:write",)),
    "files.completeUploadExternal": Method(run=complete, tier=4, scopes=("files:write",)),
    "files.info": Method(run=info, tier=4, scopes=("files:read",)),
}
