"""Parses a line typed in any chat into a request, with the same grammar everywhere. Pure functions.

    COMMAND word word key=value key="several words" --key value

Options are `key=value`; `--key value` and `--key=value` mean the same, because people type that. A value of several
words is quoted, with straight or curly, double or single quotes. Commands and keys may be typed in any case. A text
that consists only of a paper's id, URL or DOI is a look-up.
"""

from bots.commands.form_values import FIELDS, form_errors, form_subscription, values_of
from bots.commands.formatter import write_command
from bots.commands.options import read_given, readable_sources
from bots.commands.parser import parse_command
from bots.commands.short_form import short_command, terminal_command
from bots.commands.subscription_options import changed, subscription_of
from bots.commands.topics import TOPICS

__all__ = [
    "FIELDS",
    "TOPICS",
    "changed",
    "form_errors",
    "form_subscription",
    "parse_command",
    "read_given",
    "readable_sources",
    "short_command",
    "subscription_of",
    "terminal_command",
    "values_of",
    "write_command",
]
