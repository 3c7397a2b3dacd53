"""The real program with a secret in each setting that holds one, before servers that quote all that they are sent."""

import io
import secrets
from collections.abc import Mapping
from pathlib import Path

from bots.config.settings import everything
from bots.store._secrets import new_key
from tests.fakes.echo_server import EchoServer

#: Settings whose secret must begin in a certain way.
_BEGIN: Mapping[str, str] = {
    "slack.bot_token": "xoxb" + "-",
    "slack.app_token": "xapp" + "-",
    "discord.token": "MTk4NjIyNDgz" + "NDcxOTI1MjQ4.Cl2FMQ.",
}
#: Settings that are no secret, and what makes the program use those that are.
_BESIDE: Mapping[str, str] = {
    "contact": "ann@example.org",
    "engine.order": "remote",
    "engine.remote_model": "stand-in",
    "email.user": "ann",
    "email.security": "none",
    "email.sender": "papers@example.org",
    "sources.openreview_user": "ann@example.org",
    "webhook.enabled": "yes",
}
#: Addresses of services.
_SERVERS = (
    "slack.api_url", "discord.api_url", "engine.remote_url", "zotero.api_url", "web.slack_site", "web.discord_site",
)  # fmt: skip


def planted(server: EchoServer, mail: int) -> tuple[dict[str, str], dict[str, str]]:
    """Return the environment of a program whose services are all one server, and its secrets by their settings.

    Args:
        server: answers in place of every service.
        mail: the port of the mail server on this machine.
    """
    environ: dict[str, str] = {}
    held: dict[str, str] = {}
    for setting in everything():
        if setting.secret:
            held[setting.place] = new_key() if setting.name == "token_keys" else f"q7{secrets.token_hex(20)}"
            environ[setting.variable] = _BEGIN.get(setting.place, "") + held[setting.place]
        elif setting.place in _BESIDE:
            environ[setting.variable] = _BESIDE[setting.place]
        elif setting.place in _SERVERS or (setting.section == "sources" and "://" in setting.default):
            environ[setting.variable] = f"{server.url}/{setting.name}"
        elif setting.place == "email.server":
            environ[setting.variable] = f"127.0.0.1:{mail}"
        elif setting.place == "webhook.private_hosts":
            environ[setting.variable] = server.url.removeprefix("http://")
    return environ, held


def database_text(file: Path) -> str:
    """Return every byte of a database and of its log as text."""
    shown = io.StringIO()
    for path in file.parent.glob(f"{file.name}*"):
        shown.write(path.read_bytes().decode("latin-1"))
    return shown.getvalue()
