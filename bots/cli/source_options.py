"""Commands whose help lists the installed sources, which are loaded only when that help is displayed."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from typer.core import TyperCommand, TyperOption

from bots.domain.errors import BadCommand, SourceRefused

if TYPE_CHECKING:
    from bots.bootstrap.app import App

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


def check_files(application: "App", specs: Sequence[str], *, all_of_them: bool = False) -> None:
    """Raise if one of the sources is a file that cannot be read; a subscription would fail only when it is due.

    Args:
        application: the open app.
        specs: the sources.
        all_of_them: raise only if every source is such a file; a digest of several is made without one that fails.

    Raises:
        BadCommand: it does not exist, or cannot be read; the message has its path, which only a terminal shows.
        SettingsError: one of the sources does not exist.
    """
    from bots.sources.file import PaperFile

    troubles = list[BadCommand]()
    for spec in specs:
        source = application.service.digest_builder.source_reader.open_source(spec)
        if isinstance(source, PaperFile):
            try:
                source.check()
            except SourceRefused as error:
                troubles.append(BadCommand(str(error), hint=error.hint, place=error.place))
    if troubles and (not all_of_them or len(troubles) == len(specs)):
        raise troubles[0]
