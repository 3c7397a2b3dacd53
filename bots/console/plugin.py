"""What is registered for the terminal: connected by the command line, which says where to print."""

from bots.console.app import connect
from bots.ports import AdapterPlugin

PLUGIN = AdapterPlugin(connect=connect, by_hand=True)
