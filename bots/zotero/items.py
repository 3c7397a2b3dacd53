"""Papers as items of Zotero. Pure functions.

The key of an item is made of the paper's id. So the same paper is the same item in every push, and the server itself
refuses a second one: nothing is doubled, however often an answer is lost.
"""

import hashlib
from typing import Any

from bots.chat.phrases import safe_url
from bots.domain.papers import Paper
from bots.presentation.bibtex_names import known_authors, split_name
from bots.presentation.cited_facts import abstract_of, arxiv_of, date_of, doi_of, labels_of, venue_of
from bots.presentation.digest_text import title_of

Json = dict[str, Any]
#: The characters of Zotero's object keys, which have eight.
_ALPHABET, _LENGTH = "23456789ABCDEFGHIJKLMNPQRSTUVWXYZ", 8
#: A collaboration has thousands of authors, which no reference list names.
_MOST_AUTHORS = 100


def item_key(paper: Paper) -> str:
    """Return the key of a paper's item: eight characters, the same for ever."""
    number = int.from_bytes(hashlib.sha256(str(paper.id).encode("utf-8", "replace")).digest())
    key = ""
    for _ in range(_LENGTH):
        number, place = divmod(number, len(_ALPHABET))
        key += _ALPHABET[place]
    return key


def item_of(paper: Paper, collection: str = "") -> Json:
    """Return a paper as a new item, a preprint or a journal's article.

    Args:
        paper: the paper.
        collection: the key of the collection that it belongs to; empty for none.
    """
    arxiv, doi, venue = arxiv_of(paper), doi_of(paper), venue_of(paper)
    published = bool(venue or (doi and not arxiv))
    kind: Json = (
        {"itemType": "journalArticle", "publicationTitle": venue}
        if published
        else {
            "itemType": "preprint",
            "repository": "arXiv" if arxiv else "",
            "archiveID": f"arXiv:{arxiv}" if arxiv else "",
        }
    )
    return {
        **kind,
        "key": item_key(paper),
        # With this version the server creates the item only if there is none with its key.
        "version": 0,
        "title": title_of(paper),
        "creators": [_creator(name) for name in known_authors(paper.authors[:_MOST_AUTHORS])],
        "abstractNote": abstract_of(paper),
        "date": "-".join(f"{part:02}" for part in date_of(paper)),
        "DOI": doi,
        "url": safe_url(paper.url),
        # Where Zotero looks for what an item type has no field for.
        "extra": f"arXiv: {arxiv}" if arxiv and published else "",
        "tags": [{"tag": label} for label in labels_of(paper)],
        "collections": [collection] if collection else [],
    }


def _creator(name: str) -> Json:
    parts = split_name(name)
    if parts is None:
        return {"creatorType": "author", "name": name}
    family, given, suffix = parts
    return {"creatorType": "author", "lastName": family, "firstName": ", ".join(filter(None, (given, suffix)))}
