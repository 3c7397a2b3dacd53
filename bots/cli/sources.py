"""The command `sources`: lists every installed source, what it lists, and whether it can be used."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from bots.cli.context import Exit, invocation_of, print_lines, report_json, with_app

if TYPE_CHECKING:
    from bots.bootstrap.app import App
    from bots.config.source_catalogue import KnownSource
    from bots.console.outgoing import Line


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """One source as the command shows it."""

    known: "KnownSource"
    #: The form of its spec: `pubmed:QUERY`.
    usage: str
    #: What is missing; empty if the source can be used.
    off: str = ""


def sources(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="Only this source, with all its examples and its terms.")] = "",
) -> None:
    """List the sources of papers, how each is written, and which of them need a key."""
    invocation = invocation_of(context)

    async def work(application: "App") -> Exit:
        from bots.config.source_catalogue import catalogue

        chosen = [each for each in catalogue().sources if name in ("", each.name)]
        listed = [_listed(application, known) for known in chosen]
        if invocation.as_json:
            report_json([_data(each) for each in listed])
        elif listed:
            print_lines(_whole(listed[0]) if name else _lines(listed))
        else:
            known_names = ", ".join(each.name for each in catalogue().sources)
            typer.echo(f"There is no source {name!r}. Known: {known_names}.", err=True)
        return Exit.DONE if listed else Exit.NOTHING

    with_app(invocation, work)


def _listed(application: "App", known: "KnownSource") -> Listed:
    from bots.domain.errors import PaperwireError

    described = known.description
    usage = described.usage or (described.examples[0] if described.examples else known.name)
    try:
        application.settings.of_source(known)
    except PaperwireError as error:
        return Listed(known=known, usage=usage, off=str(error))
    return Listed(known=known, usage=usage)


def _lines(listed: list[Listed]) -> "Iterator[Line]":
    from bots.console.outgoing import Line, LineStyle

    yield Line(look=LineStyle.HEAD, text=f"{len(listed)} sources; paperwire sources NAME shows one of them whole")
    for each in listed:
        described = each.known.description
        package = f" ({each.known.package})" if each.known.package else ""
        yield Line(look=LineStyle.TITLE, text=f"{each.usage}{package}", indent=0)
        yield Line(look=LineStyle.TEXT, text=_says(each), indent=4)
        if each.off:
            yield Line(look=LineStyle.NOTE, text=f"Off: {each.off}", indent=4)
        elif described.is_library:
            yield Line(look=LineStyle.NOTE, text="Papers are looked up in it, too.", indent=4)


def _whole(each: Listed) -> "Iterator[Line]":
    from bots.console.outgoing import Line, LineStyle

    described = each.known.description
    yield Line(look=LineStyle.HEAD, text=f"{described.title}: {each.usage}")
    yield Line(look=LineStyle.TEXT, text=_says(each))
    if described.argument:
        yield Line(look=LineStyle.TEXT, text=described.argument)
    for spec in described.examples:
        caption = described.captions.get(spec, "")
        yield Line(look=LineStyle.TITLE, text=f"{spec} ({caption})" if caption else spec, indent=4)
    for setting in described.settings:
        yield Line(look=LineStyle.NOTE, text=f"{each.known.section}.{setting.name}: {setting.says}")
    if described.terms:
        yield Line(look=LineStyle.NOTE, text=described.terms)
    if each.off:
        yield Line(look=LineStyle.NOTE, text=f"Off: {each.off}")


def _says(each: Listed) -> str:
    return f"{each.known.description.says.rstrip('.')}."


def _data(each: Listed) -> dict[str, object]:
    described = each.known.description
    return {
        "name": each.known.name,
        "title": described.title,
        "usage": each.usage,
        "says": described.says,
        "examples": list(described.examples),
        "library": described.is_library,
        "package": each.known.package,
        "terms": described.terms,
        "off": each.off,
    }
