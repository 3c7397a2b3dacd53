"""The state of one fake Slack in memory: workspaces, log, faults, and the delivery of events to the app."""

import time
from collections.abc import Callable

from tests.fakes.slack.deliveries import EVENTS, Delivery, Patience, PostOffice
from tests.fakes.slack.events import MESSAGE_EVENTS, Events
from tests.fakes.slack.faults import Faults
from tests.fakes.slack.happenings import Happenings
from tests.fakes.slack.hooks import Hooks
from tests.fakes.slack.manifest import Manifest
from tests.fakes.slack.pacing import LENIENT, Pace, Pacing
from tests.fakes.slack.passes import Passes
from tests.fakes.slack.payloads import event_body
from tests.fakes.slack.problems import Json
from tests.fakes.slack.reading import Seen
from tests.fakes.slack.sockets import Sockets
from tests.fakes.slack.windows import View, Windows
from tests.fakes.slack.world import Channel, Installation, Message, User, Workspace, World

#: How Slack draws a control that has no words.
_DRAWN = {"overflow": "⋯"}


class Hub:
    """One fake Slack with one app."""

    client_id = "111.222"
    client_secret = "fake-client-secret"
    signing_secret = "fake-signing-secret"
    verification_token = "fake-verification-token"
    app_token = "xapp-1-A0FAKE00001-1-socket"

    def __init__(
        self,
        manifest: Manifest | None = None,
        *,
        clock: Callable[[], float] = time.time,
        pace: Pace | None = LENIENT,
        patience: Patience | None = None,
        seed: int = 0,
    ) -> None:
        self.clock = clock
        self.manifest = Manifest()
        self.world = World()
        self.app_id = self.world.ids.next("A")
        self.happenings = Happenings(clock)
        self.faults = Faults(seed)
        self.pacing = Pacing(pace)
        self.passes = Passes(clock=clock)
        self.windows = Windows(self.world.ids, self._window_changed)
        self.sockets = Sockets(self.happenings, self.passes, self.app_id, seed)
        self.hooks = Hooks(clock, self.signing_secret, self.verification_token)
        self.office = PostOffice(self.happenings, self.faults, self.sockets, patience or Patience())
        self.events = Events(self)
        self.files: dict[str, Json] = {}
        #: Links in unsent messages, by unfurl_id, with the app's unfurls.
        self.drafts: dict[str, dict[str, Json]] = {}
        #: Notices by Slack itself, by person: that a command failed, that the app did not respond.
        self.notices: dict[str, list[str]] = {}
        #: App-level tokens and their scopes; docs.slack.dev/authentication/tokens.
        self.app_tokens: dict[str, frozenset[str]] = {self.app_token: frozenset({"connections:write"})}
        self.url = ""
        #: Microseconds, whole: at today's date a float of seconds cannot tell each of them from the next.
        self._last_stamp = 0
        self._tokens = 0
        self.declare(manifest or Manifest())

    def declare(self, manifest: Manifest) -> None:
        """Replace the manifest, as when its owner saves it."""
        self.manifest = manifest
        self.office.carrier = self.sockets if manifest.socket_mode else self.hooks

    @property
    def app(self) -> Json:
        """The app's fields in payloads."""
        return {"id": self.app_id, "token": self.verification_token}

    def stamp(self) -> str:
        """Return a new unique timestamp."""
        self._last_stamp = max(round(self.clock() * 1_000_000), self._last_stamp + 1)
        seconds, microseconds = divmod(self._last_stamp, 1_000_000)
        return f"{seconds}.{microseconds:06}"

    def install(
        self,
        *workspaces: Workspace,
        scopes: frozenset[str] | None = None,
        installer: str = "",
        whole_enterprise: bool = False,
    ) -> Installation:
        """Install the app in a workspace, or in all of an organisation's, as a completed OAuth flow does."""
        first = workspaces[0]
        known = next((each for each in self.world.active() if set(each.teams) & {w.id for w in workspaces}), None)
        self._tokens += 1
        installation = known or Installation(
            token=f"xoxb-{self._tokens}-fake-{first.id}",
            scopes=frozenset(),
            teams=[each.id for each in workspaces],
            installer=installer or next(iter(first.users), ""),
            bot_users={each.id: self._bot(each) for each in workspaces},
            enterprise=first.enterprise,
            is_enterprise=whole_enterprise,
        )
        # An app that is installed again keeps its earlier scopes: docs.slack.dev/authentication/installing-with-oauth.
        installation.scopes |= self.manifest.scopes if scopes is None else scopes
        if known is None:
            self.world.installations.append(installation)
        self.happenings.add("installed", team=first.id, who=installation.installer, text=self.manifest.name)
        return installation

    def _bot(self, workspace: Workspace) -> User:
        known = next((each for each in workspace.users.values() if each.is_bot), None)
        name = self.manifest.name.lower().replace(" ", "-")
        bot = known or User(
            id=self.world.ids.next("U"),
            team=workspace.id,
            name=name,
            real_name=self.manifest.name,
            is_bot=True,
            bot_id=self.world.ids.next("B"),
        )
        workspace.users[bot.id] = bot
        return bot

    def uninstall(self, installation: Installation) -> None:
        """Uninstall the app: send it the last events, then revoke its tokens and send nothing more."""
        team = self.world.workspaces[installation.teams[0]]
        bots = [bot.id for bot in installation.bot_users.values()]
        for event in ({"type": "tokens_revoked", "tokens": {"oauth": [], "bot": bots}}, {"type": "app_uninstalled"}):
            self.events.send(installation, team, event)
        installation.revoked = True
        for channel in (c for t in installation.teams for c in self.world.workspaces[t].channels.values()):
            channel.members = [each for each in channel.members if each not in bots]
        self.happenings.add("uninstalled", team=team.id, text=self.manifest.name)

    def take_away(self, installation: Installation, workspace: Workspace) -> None:
        """Take the app from one workspace of an organisation: docs.slack.dev/reference/events/team_access_revoked."""
        bot = installation.bot_users.pop(workspace.id)
        installation.teams.remove(workspace.id)
        for channel in workspace.channels.values():
            channel.members = [each for each in channel.members if each != bot.id]
        remaining = self.world.workspaces[installation.teams[0]]
        self.events.send(installation, remaining, {"type": "team_access_revoked", "team_ids": [workspace.id]})
        self.happenings.add("uninstalled", team=workspace.id, text=self.manifest.name)

    def post(self, channel: Channel, message: Message, kind: str = "message") -> Message:
        """Add a message to a conversation and send the events that the app subscribes to."""
        channel.messages.append(message)
        self.note(kind, channel, message)
        if message.only_for is None:
            self.events.of_message(channel, message)
        return message

    def note(self, kind: str, channel: Channel, message: Message) -> None:
        """Log a change of a message, with the text as readers see it now; send the event of an edit or deletion."""
        seen = self.seen(channel, message)
        more: Json = {
            "ts": message.ts,
            "thread": message.thread_ts if message.thread_ts != message.ts else None,
            "only_for": message.only_for,
            "seen": seen.text,
            "fallback": message.text,
            "controls": [
                each.label or _DRAWN.get(each.element["type"], each.element["type"]) for each in seen.controls
            ],
            "files": [each["name"] for each in message.files],
        }
        self.happenings.add(kind, team=channel.team, who=message.user, channel=channel.id, text=message.text, more=more)
        if kind in ("updated", "unfurled", "deleted") and message.only_for is None:
            self.events.of_change(channel, message, deleted=kind == "deleted")

    def tell(self, user: User, notice: str) -> None:
        """Show a person a notice by Slack itself."""
        self.notices.setdefault(user.id, []).append(notice)
        self.happenings.add("notice", team=user.team, who=user.id, text=notice)

    def seen(self, channel: Channel, message: Message) -> Seen:
        """Return a message as readers see it."""
        workspace = self.world.workspaces[channel.team]
        names = {each.id: each.name for each in workspace.users.values()}
        names |= {each.id: each.name for each in workspace.channels.values()}
        groups = frozenset(workspace.usergroups.values())
        return Seen(message, channel=channel.id, usergroups=groups, names=names | workspace.usergroups)

    def url_of(self, *, command: str = "", interactive: bool = False) -> str:
        """Return the URL for a delivery without Socket Mode."""
        declared = self.manifest.command(command)
        if declared is not None:
            return declared.url
        return self.manifest.interactivity_url if interactive else self.manifest.events_url

    def send_event(self, installation: Installation, workspace: Workspace, event: Json) -> Delivery:
        """Send an event that the app subscribes to."""
        ids: Json = {"event_id": self.world.ids.next("Ev"), "event_time": int(self.clock())}
        body = event_body(self.app, installation, workspace, event, ids)
        names = [event["type"]]
        if event["type"] == "message":
            names.append(MESSAGE_EVENTS[event["channel_type"]])
        channel = event.get("channel")
        return self.office.send(
            Delivery(
                id=self.world.ids.next("env-"),
                kind=EVENTS,
                team=workspace.id,
                payload=body,
                names=tuple(names),
                channel=channel if isinstance(channel, str) else "",
                url=self.url_of(),
            )
        )

    def _window_changed(self, how: str, view: View) -> None:
        title = (view.raw.get("title") or {}).get("text", "Home")
        more = {"view": view.id, "how": how, "errors": view.errors, "raw": view.raw}
        self.happenings.add("view", team=view.team, who=view.user, text=f"{how}: {title}", more=more)
