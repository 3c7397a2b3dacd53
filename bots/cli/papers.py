"""Commands about a paper that was shown: its abstract, saving it, similar papers, BibTeX."""

from typing import Annotated

import typer

from bots.cli.context import invocation_of
from bots.cli.lookup import TERMINAL, ask
from bots.domain.errors import BadPaperId
from bots.domain.paper_ids import PaperId, PaperRef, read_ref
from bots.domain.requests import Abstract, Cite, MoreLike, Save, Saved, Unsave

Paper = Annotated[str, typer.Argument(help="Its id, address or DOI.", show_default=False)]
Among = Annotated[
    list[str] | None,
    typer.Argument(help="Words of title or abstract; without them, all saved papers.", show_default=False),
]


def abstract(context: typer.Context, paper: Paper) -> None:
    """Show the whole abstract of a paper."""

    def request() -> Abstract:
        ref = _ref(paper)
        return Abstract(channel=TERMINAL, paper_id=ref.id, version=ref.version)

    ask(invocation_of(context), request)


def save(context: typer.Context, paper: Paper) -> None:
    """Save a paper to your list."""
    ask(invocation_of(context), lambda: Save(channel=TERMINAL, paper_id=_id(paper)))


def unsave(context: typer.Context, paper: Paper) -> None:
    """Remove a paper from your list."""
    ask(invocation_of(context), lambda: Unsave(channel=TERMINAL, paper_id=_id(paper)))


def saved(context: typer.Context, words: Among = None) -> None:
    """List your saved papers, or those that contain some words."""
    ask(invocation_of(context), lambda: Saved(channel=TERMINAL, words=" ".join(words or ())))


def like(
    context: typer.Context,
    paper: Paper,
    limit: Annotated[int, typer.Option(min=1, max=20, help="Maximum number of papers.")] = 5,
) -> None:
    """List papers on a similar topic."""
    ask(invocation_of(context), lambda: MoreLike(channel=TERMINAL, paper_id=_id(paper), limit=limit))


def cite(
    context: typer.Context,
    paper: Annotated[str, typer.Argument(help="Its id, address or DOI; without it, all papers you saved.")] = "",
) -> None:
    """Print a paper, or all your saved papers, as BibTeX."""

    def request() -> Cite:
        ref = _ref(paper) if paper else None
        return Cite(channel=TERMINAL, paper_id=ref.id, version=ref.version) if ref else Cite(channel=TERMINAL)

    ask(invocation_of(context), request)


def _id(text: str) -> PaperId:
    return _ref(text).id


def _ref(text: str) -> PaperRef:
    """Return the paper that a person typed, or one that `--json` printed.

    Raises:
        BadPaperId: the text is not an id.
    """
    if text.startswith("text:"):
        return PaperRef(id=PaperId.parse(text))
    try:
        return read_ref(text)
    except BadPaperId as error:
        raise BadPaperId(str(error), hint=f"{error.hint} To find it by words: paperwire search") from error
