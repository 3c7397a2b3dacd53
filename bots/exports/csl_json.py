"""Writes papers as CSL-JSON, which Zotero, Pandoc and every citation processor read. Pure functions."""

import json
from collections.abc import Sequence

from bots.chat.phrases import safe_url
from bots.domain.papers import Paper
from bots.presentation.bibtex import citation_keys
from bots.presentation.bibtex_names import known_authors, split_name
from bots.presentation.cited_facts import abstract_of, arxiv_of, date_of, doi_of, labels_of, venue_of
from bots.presentation.digest_text import title_of

Json = dict[str, object]


def csl_json(papers: Sequence[Paper]) -> str:
    """Return the papers as an array of CSL items, which have the same keys as in BibTeX."""
    items = [csl_item(paper, key) for paper, key in zip(papers, citation_keys(papers), strict=True)]
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


def csl_item(paper: Paper, key: str) -> Json:
    """Return a paper as a CSL item, without the fields that are not known."""
    arxiv, date = arxiv_of(paper), date_of(paper)
    journal = bool(venue_of(paper) or doi_of(paper))
    item: Json = {
        "id": key,
        "type": "article-journal" if journal else "article",
        "title": title_of(paper),
        "author": [_author(name) for name in known_authors(paper.authors)],
        "issued": {"date-parts": [list(date)]} if date else None,
        "container-title": venue_of(paper),
        "DOI": doi_of(paper),
        "URL": safe_url(paper.url),
        # The form in which Zotero keeps the id of a preprint.
        "number": f"arXiv:{arxiv}" if arxiv else "",
        "publisher": "" if journal or not arxiv else "arXiv",
        "keyword": ", ".join(labels_of(paper)),
        "abstract": abstract_of(paper),
        "status": "withdrawn" if paper.withdrawn else "",
    }
    return {name: value for name, value in item.items() if value}


def _author(name: str) -> Json:
    parts = split_name(name)
    if parts is None:
        return {"literal": name}
    named = dict(zip(("family", "given", "suffix"), parts, strict=True))
    return {part: value for part, value in named.items() if value}
