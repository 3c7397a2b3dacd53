"""The file formats in which papers leave Paperwire."""

from enum import StrEnum


class ExportFormat(StrEnum):
    """A format of a file with papers."""

    BIBTEX = "bibtex"
    RIS = "ris"
    CSL_JSON = "csl-json"
    CSV = "csv"
    MARKDOWN = "markdown"

    @property
    def suffix(self) -> str:
        """The end of a file's name, with its dot."""
        return _FACTS[self][0]

    @property
    def media_type(self) -> str:
        """The media type, as HTTP names it."""
        return _FACTS[self][1]

    @property
    def shown(self) -> str:
        """The name of the format as people write it."""
        return _FACTS[self][2]


#: Registered at IANA, except BibTeX, RIS and CSL-JSON, for which these are the names that Zotero and Crossref use.
_FACTS = {
    ExportFormat.BIBTEX: (".bib", "application/x-bibtex", "BibTeX"),
    ExportFormat.RIS: (".ris", "application/x-research-info-systems", "RIS"),
    ExportFormat.CSL_JSON: (".json", "application/vnd.citationstyles.csl+json", "CSL-JSON"),
    ExportFormat.CSV: (".csv", "text/csv", "CSV"),
    ExportFormat.MARKDOWN: (".md", "text/markdown", "Markdown"),
}
