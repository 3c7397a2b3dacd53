"""One grammar for every chat: a typed line comes in, the request it stands for goes out. Pure.

    COMMAND word word key=value key="several words" --key value

Options are `key=value`; `--key value` and `--key=value` mean the same, because people type that. Values of several
words stand in quotes, straight or curly, double or single. Commands and keys may be typed in any case. A text that
is nothing but the name of a paper is a look-up.
"""

from bots.commands.formatter import write_command
from bots.commands.options import read_given
from bots.commands.parser import parse_command
from bots.commands.subscription_options import subscription_of
from bots.commands.topics import TOPICS

__all__ = ["TOPICS", "parse_command", "read_given", "subscription_of", "write_command"]
