"""The ids in the addresses of sites that give papers ids of their own, such as PubMed, OpenReview and publishers.

An address is taken apart, never fetched. Pure functions.
"""

import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

#: A scheme and a value, as in `bots.domain.paper_ids.PaperId`.
Named = tuple[str, str]

_PMID = r"[1-9]\d{0,8}"
_FORUM = r"[A-Za-z0-9_-]{8,20}"
_S2 = r"[0-9a-f]{40}"
_ANTHOLOGY = r"(?:\d{4}\.[a-z0-9]{1,20}-[a-z0-9]{1,12}\.\d{1,4}|[A-Z]\d{2}-\d{4,5})"
#: How people write an id of these sites by itself: "PMID: 31452104", "CorpusId:3626819", "openreview:XnYtGPgG9p".
_WRITTEN = (
    ("pmid", re.compile(rf"(?:pubmed|pmid)[\s:#]{{0,3}}({_PMID})", re.IGNORECASE | re.ASCII)),
    ("pmcid", re.compile(r"(?:pmcid[\s:]{0,3})?PMC(\d{4,9})", re.IGNORECASE | re.ASCII)),
    ("openreview", re.compile(rf"openreview[\s:]{{1,3}}({_FORUM})", re.IGNORECASE | re.ASCII)),
    ("corpus", re.compile(r"(?:s2:)?corpus\s?id[\s:]{1,3}(\d{1,12})", re.IGNORECASE | re.ASCII)),
    ("s2", re.compile(rf"s2[\s:]{{1,3}}({_S2})", re.IGNORECASE | re.ASCII)),
    ("acl", re.compile(rf"acl[\s:]{{1,3}}({_ANTHOLOGY})", re.ASCII)),
)
#: The part of a path that holds the id, by site; a subdomain is the same site.
_PATHS: Mapping[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "pubmed.ncbi.nlm.nih.gov": (("pmid", re.compile(rf"/({_PMID})(?:/.*)?", re.ASCII)),),
    "ncbi.nlm.nih.gov": (
        ("pmid", re.compile(rf"/(?:m/)?pubmed/({_PMID})(?:/.*)?", re.ASCII)),
        ("pmcid", re.compile(r"/pmc/articles/PMC(\d{4,9})(?:/.*)?", re.ASCII | re.IGNORECASE)),
    ),
    "pmc.ncbi.nlm.nih.gov": (("pmcid", re.compile(r"/articles/PMC(\d{4,9})(?:/.*)?", re.ASCII | re.IGNORECASE)),),
    "europepmc.org": (
        ("pmid", re.compile(rf"/(?:article|abstract)/med/({_PMID})(?:/.*)?", re.ASCII | re.IGNORECASE)),
        ("pmcid", re.compile(r"/(?:article|articles)/(?:pmc/)?PMC(\d{4,9})(?:/.*)?", re.ASCII | re.IGNORECASE)),
    ),
    "semanticscholar.org": (
        ("s2", re.compile(rf"/(?:paper|reader)/(?:[^/]{{1,300}}/)?({_S2})(?:/.*)?", re.ASCII)),
        ("corpus", re.compile(r"/corpusid:(\d{1,12})", re.ASCII | re.IGNORECASE)),
    ),
    "aclanthology.org": (("acl", re.compile(rf"/({_ANTHOLOGY})(?:/|\.pdf|\.bib|v\d\.pdf)?", re.ASCII)),),
    "aclweb.org": (("acl", re.compile(rf"/anthology/({_ANTHOLOGY})(?:/|\.pdf|\.bib)?", re.ASCII)),),
    "nature.com": (("doi", re.compile(r"/articles/((?:s|nature|ncomms|srep|nmeth|nbt)[a-z0-9-]{3,40})(?:\.pdf)?/?")),),
    "elifesciences.org": (("elife", re.compile(r"/(?:articles|reviewed-preprints)/(\d{5,6})(?:v\d)?/?", re.ASCII)),),
}
#: The prefix that makes a DOI of a publisher's own id.
_AS_DOI = {"nature.com": "10.1038/", "elifesciences.org": "10.7554/elife."}
#: The events of the ACL whose papers have the DOI 10.18653/v1/ID; others have one of another publisher, or none.
_WITH_DOI = re.compile(r"\d{4}\.(?:acl|emnlp|naacl|eacl|aacl|findings|conll)-.*")
_DOI_VALUE = re.compile(r"10\.\d{4,9}/\S{1,200}")


def written_id(text: str) -> Named | None:
    """Return the id that a text is, such as `PMID: 31452104`; None if it is none of these sites'."""
    for scheme, pattern in _WRITTEN:
        if found := pattern.fullmatch(text):
            return canonical(scheme, found[1])
    return None


def site_id(host: str, path: str) -> Named | None:
    """Return the id in an address of one of these sites; None if there is none.

    Args:
        host: in lower case.
        path: what follows the host and its slash, with the query.
    """
    parts = urlsplit(f"/{path}")
    query = parse_qs(parts.query, max_num_fields=20) if parts.query and parts.query.count("&") < 20 else {}
    if _is_of(host, "openreview.net"):
        forum = (query.get("id") or [""])[0]
        known = parts.path.strip("/") in ("forum", "pdf", "attachment", "notes")
        return ("openreview", forum) if known and re.fullmatch(_FORUM, forum, re.ASCII) else None
    if _is_of(host, "plos.org"):
        doi = (query.get("id") or [""])[0]
        return ("doi", doi.lower()) if _DOI_VALUE.fullmatch(doi) else None
    for site, patterns in _PATHS.items():
        for scheme, pattern in patterns if _is_of(host, site) else ():
            if found := pattern.fullmatch(parts.path):
                return canonical("doi" if site in _AS_DOI else scheme, f"{_AS_DOI.get(site, '')}{found[1]}")
    return None


def canonical(scheme: str, value: str) -> Named:
    """Return an id in the one form that it has: one of the ACL Anthology as its DOI, where papers of the event have."""
    if scheme == "acl" and _WITH_DOI.fullmatch(value):
        return ("doi", f"10.18653/v1/{value}")
    if scheme == "corpus":
        return ("s2", f"corpusid:{value}")
    if scheme == "pmcid":
        return ("pmcid", f"pmc{value}")
    return (scheme, value)


def page_of(scheme: str, value: str) -> str:
    """Return the address of a paper's page at the site that gave the id; empty for an id of no such site."""
    if scheme == "s2" and value.startswith("corpusid:"):
        return f"https://api.semanticscholar.org/CorpusID:{value.removeprefix('corpusid:')}?utm_source=api"
    return _PAGES[scheme].format(value) if scheme in _PAGES else ""


_PAGES = {
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/{}/",
    "pmcid": "https://pmc.ncbi.nlm.nih.gov/articles/{}/",
    "openreview": "https://openreview.net/forum?id={}",
    # The terms of Semantic Scholar ask for the parameter.
    "s2": "https://www.semanticscholar.org/paper/{}?utm_source=api",
    "acl": "https://aclanthology.org/{}/",
}


def _is_of(host: str, site: str) -> bool:
    return host == site or host.endswith(f".{site}")
