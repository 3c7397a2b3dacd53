"""A plug-in whose library is not installed."""

from importlib import import_module

PLUGIN = import_module("no_such_library").PLUGIN
