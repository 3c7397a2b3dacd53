"""Writes papers in a format chosen by its name."""

from collections.abc import Callable, Mapping, Sequence

from bots.domain.export_formats import ExportFormat
from bots.domain.papers import Paper
from bots.exports.csl_json import csl_json
from bots.exports.markdown import markdown
from bots.exports.ris import ris
from bots.exports.table import table
from bots.presentation.bibtex import bibtex

_WRITERS: Mapping[ExportFormat, Callable[[Sequence[Paper]], str]] = {
    ExportFormat.BIBTEX: lambda papers: bibtex(papers, whole=True),
    ExportFormat.RIS: ris,
    ExportFormat.CSL_JSON: csl_json,
    ExportFormat.CSV: table,
    ExportFormat.MARKDOWN: markdown,
}


def exported(papers: Sequence[Paper], form: ExportFormat) -> str:
    """Return papers as the text of a file, in their order; it is UTF-8 when encoded, and has no lone surrogates."""
    return _WRITERS[form](papers)


def file_name(form: ExportFormat) -> str:
    """Return the name under which a browser or a chat offers the file."""
    return f"papers{form.suffix}"
