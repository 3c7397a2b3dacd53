"""Commands whose help lists the installed sources, which are loaded only when that help is displayed."""

from typing import Any

from typer.core import TyperCommand, TyperOption

#: Placeholder in an option's help for the forms of all sources' specs.
SOURCES_HELP = "{sources}; repeatable."


class Sourced(TyperCommand):
    """A command that takes sources."""

    def format_help(self, ctx: Any, formatter: Any) -> None:  # typer does not export these types
        """Write the help, including all installed sources."""
        from bots.presentation.source_text import usages

        for each in self.params:
            if isinstance(each, TyperOption) and each.help == SOURCES_HELP:
                each.help = SOURCES_HELP.format(sources=", ".join(usages()))
        super().format_help(ctx, formatter)
