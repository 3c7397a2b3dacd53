"""The plug-in record of the terminal: the command line connects it and sets its output stream."""

from bots.console.app import connect
from bots.ports import AdapterPlugin

PLUGIN = AdapterPlugin(connect=connect, by_hand=True)
