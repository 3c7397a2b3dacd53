"""Commands whose help names the sources that are installed, which are looked at only when that help is asked for."""

from typing import Any

from typer.core import TyperCommand, TyperOption

#: Stands in an option's help for how the specs of all sources are written.
SOURCES_HELP = "{sources}; repeatable."


class Sourced(TyperCommand):
    """A command that takes sources."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # typer keeps the types to itself
        """Write the help, with every source that is installed."""
        from bots.presentation.source_text import usages

        for each in self.params:
            if isinstance(each, TyperOption) and each.help == SOURCES_HELP:
                each.help = SOURCES_HELP.format(sources=", ".join(usages()))
        super().format_help(ctx, formatter)
