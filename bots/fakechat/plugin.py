"""The plug-in record of the fake chat: the demo and tests connect it with a chat of their own."""

from bots.fakechat.app import connect
from bots.ports import AdapterPlugin

PLUGIN = AdapterPlugin(connect=connect, by_hand=True)
