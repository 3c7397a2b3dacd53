"""Plug-in records that the tests' packages register, valid and broken ones."""

from dataclasses import dataclass
from typing import Any

from bots.config.values import Setting, key, setting, text
from bots.ports import AdapterPlugin
from summarizer import Secret
from tests.support.stranger import Stranger, connected


@dataclass(frozen=True, kw_only=True)
class CanSettings:
    """The settings of the third-party adapter."""

    token: Secret = setting(says="The bot's token.", read=key, secret=True, required=True)
    server: str = setting(says="Its address.", read=text, default="https://cans.example")
    length: int = setting(says="Of the string.", read=int, default="3")
    phrase: str = setting(says="Another secret.", read=text, secret=True)


def connect(_settings: CanSettings, _service: object) -> Any:
    """Connect the third-party adapter."""
    return connected(Stranger())


PLUGIN = AdapterPlugin(settings=CanSettings, connect=connect)
AS_RECORDS = AdapterPlugin(settings=(Setting(name="token", says="A token.", read=text),), connect=connect)
FREE = AdapterPlugin(connect=connect)
UNREADABLE = AdapterPlugin(
    settings=(Setting(name="length", says="A length.", read=int, default="long"),), connect=connect
)
NO_RECORD = connect
HERE = __name__
