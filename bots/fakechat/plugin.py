"""What is registered for the fake chat: connected by the demo and by tests, which bring the chat."""

from bots.fakechat.app import connect
from bots.ports import AdapterPlugin

PLUGIN = AdapterPlugin(connect=connect, by_hand=True)
