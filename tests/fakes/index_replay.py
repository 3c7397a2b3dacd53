"""Recorded and hand-made records of indexes of papers, served in the forms of their interfaces.

A folder `indexes` may hold `biorxiv_DAY.json` and `medrxiv_DAY.json`, `pubmed_efetch.xml`, `openalex_works.json`,
`crossref_works.json`, `semantic_scholar_papers.json` and `openreview_notes.json`. Each interface has a path of its own
on the server: `/biorxiv`, `/pubmed`, `/openalex`, `/crossref`, `/s2`, `/openreview`. Errors are those of the recorded
ones: a blank status of bioRxiv, OpenAlex's page in HTML, Crossref's plain text.
"""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

#: Status, content type, body, further headers.
Reply = tuple[int, str, bytes, dict[str, str]]

_JSON, _XML, _HTML, _TEXT = "application/json", "text/xml", "text/html", "text/plain;charset=utf-8"
_DETAILS = re.compile(
    r"/details/(?P<server>biorxiv|medrxiv)/(?:(?P<first>\d{4}-\d\d-\d\d)/(?P<last>\d{4}-\d\d-\d\d)/(?P<place>\d+)"
    r"|(?P<doi>10\.\d+/[^/]+)(?:/na)?)(?:/json)?"
)
_PAGE = 30
_ARTICLE = re.compile(r"<(Pubmed(?:Book)?Article)>.*?</\1>", re.DOTALL)
_MARKUP = re.compile(r"<[^<>]*>")
KEY, USER, PASSWORD, TOKEN = "a-key", "ann@example.org", "secret", "token-of-ann"


def _json(value: object, status: int = 200) -> Reply:
    return status, _JSON, json.dumps(value).encode(), {}


def _has(text: object, words: str) -> bool:
    whole = json.dumps(text, ensure_ascii=False).lower()
    return all(word.lower().strip('"') in whole for word in words.split())


class IndexReplay:
    """The records of one folder, by the requests that they answer."""

    def __init__(self) -> None:
        self.preprints: list[dict[str, Any]] = []
        #: Articles of PubMed in XML, by number.
        self.articles: dict[str, str] = {}
        self.works: list[dict[str, Any]] = []
        self.registered: list[dict[str, Any]] = []
        self.papers: list[dict[str, Any]] = []
        self.notes: list[dict[str, Any]] = []
        self._head = ""

    def take(self, path: Path) -> None:
        """Read one file of the folder."""
        body = path.read_text(encoding="utf-8")
        if path.suffix == ".xml":
            self._head = body.partition("<PubmedArticleSet>")[0]
            for found in _ARTICLE.finditer(body):
                self.articles[re.findall(r"<PMID[^<>]*>(\d+)</PMID>", found[0])[0]] = found[0]
            return
        value = json.loads(body)
        if "rxiv" in path.name:
            self.preprints += value["collection"]
        elif path.name == "openalex_works.json":
            self.works = value
        elif path.name == "crossref_works.json":
            self.registered = value
        elif path.name == "semantic_scholar_papers.json":
            self.papers = value
        elif path.name == "openreview_notes.json":
            self.notes = value["notes"]

    def answer(self, path: str, params: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Reply | None:
        """Return the response of one of the interfaces; None for a path that belongs to none."""
        service, _, rest = path.removeprefix("/").partition("/")
        asked = unquote(f"/{rest}")
        match service:
            case "biorxiv":
                return self._preprints(asked, params)
            case "pubmed":
                return self._pubmed(asked, params)
            case "openalex":
                return self._openalex(asked, params)
            case "crossref":
                return self._crossref(asked, params)
            case "s2":
                return self._s2(asked, params, headers, body)
            case "openreview":
                return self._openreview(asked, params, headers, body)
        return None

    # ── bioRxiv and medRxiv ──────────────────────────────────────────────────────────────────────────────────────────

    def _preprints(self, path: str, params: Mapping[str, str]) -> Reply:
        asked = _DETAILS.fullmatch(path)
        if asked is None:
            return _json({"messages": [{"status": "no posts found"}], "collection": []})
        own = [each for each in self.preprints if each["server"].lower() == asked["server"]]
        if asked["doi"]:
            found = [each for each in own if each["doi"] == asked["doi"]]
            status = "ok" if found else "no posts found"
            return _json({"messages": [{"status": status}], "collection": found})
        category = params.get("category", "").replace("_", " ")
        found = [each for each in own if asked["first"] <= each["date"] <= asked["last"]]
        found = [each for each in found if category in ("", each["category"])]
        place = int(asked["place"])
        page = found[place : place + _PAGE]
        if not page:
            return _json({"messages": [{"status": "no posts found"}], "collection": []})
        new = sum(each["version"] == "1" for each in found)
        counts = {"cursor": place, "count": len(page), "count_new_papers": str(new), "total": str(len(found))}
        return _json({"messages": [{"status": "ok", "category": category or "all", **counts}], "collection": page})

    # ── PubMed ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _pubmed(self, path: str, params: Mapping[str, str]) -> Reply:
        if path == "/entrez/eutils/efetch.fcgi":
            found = [self.articles[each] for each in params.get("id", "").split(",") if each in self.articles]
            body = f"{self._head}<PubmedArticleSet>{''.join(found)}</PubmedArticleSet>"
            return 200, _XML, body.encode(), {}
        if path != "/entrez/eutils/esearch.fcgi":
            return 404, _HTML, b"<html>Not Found</html>", {}
        found = [each for each, xml in self.articles.items() if self._fits(each, xml, params)]
        listed = found[: int(params.get("retmax", "20"))]
        result = {"count": str(len(found)), "retmax": str(len(listed)), "retstart": "0", "idlist": listed}
        result |= {"translationset": [], "querytranslation": params.get("term", "")}
        return _json({"header": {"type": "esearch", "version": "0.3"}, "esearchresult": result})

    @staticmethod
    def _fits(pmid: str, xml: str, params: Mapping[str, str]) -> bool:
        term = params.get("term", "")
        if field := re.fullmatch(r'"(?P<value>[^"]+)"\[(?P<name>doi|pmcid)\]', term):
            kind = "pmc" if field["name"] == "pmcid" else "doi"
            # The ids of what the article cites are not its own.
            own = xml.partition("<ReferenceList>")[0].lower()
            return f'idtype="{kind}">{field["value"].lower()}<' in own
        words = re.sub(r"\[\w+\]|\bAND\b", " ", term)
        if "mindate" in params:
            year, month, day = params["mindate"].split("/")
            if f"<Year>{year}</Year><Month>{int(month)}</Month><Day>{int(day)}</Day><Hour>" not in xml:
                return False
        return all(word.lower() in _MARKUP.sub("", xml).lower() for word in words.split()) and bool(pmid)

    # ── OpenAlex ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _openalex(self, path: str, params: Mapping[str, str]) -> Reply:
        if path.startswith("/works/"):
            scheme, _, value = path.removeprefix("/works/").partition(":")
            for work in self.works:
                held = str((work.get("ids") or {}).get(scheme) or "")
                if held.lower().rstrip("/").endswith(f"/{value.lower()}"):
                    return _json(work)
            return 404, _HTML, b"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n", {}
        filters = dict(part.split(":", 1) for part in params.get("filter", "").split(",") if ":" in part)
        first, last = filters.get("from_publication_date", "0"), filters.get("to_publication_date", "9")
        words = filters.get("title_and_abstract.search", "")
        found = [each for each in self.works if first <= each["publication_date"] <= last and _has(each, words)]
        size, page = int(params.get("per_page", "25")), int(params.get("page", "1"))
        meta = {"count": len(found), "page": page, "per_page": size, "groups_count": None, "cost_usd": 0.0001}
        return _json({"meta": meta, "results": found[(page - 1) * size : page * size], "group_by": []})

    # ── Crossref ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _crossref(self, path: str, params: Mapping[str, str]) -> Reply:
        if path.startswith("/works/"):
            doi = path.removeprefix("/works/").lower()
            work = next((each for each in self.registered if each["DOI"].lower() == doi), None)
            whole = {"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": work}
            return _json(whole) if work else (404, _TEXT, b"Resource not found.", {})
        issn = re.fullmatch(r"/journals/([\dX-]{9})/works", path)
        if issn is None and path != "/works":
            return 404, _TEXT, b"Resource not found.", {}
        filters = dict(part.split(":", 1) for part in params.get("filter", "").split(",") if ":" in part)
        found = [each for each in self.registered if _has(each, params.get("query.bibliographic", ""))]
        if issn:
            found = [each for each in found if issn[1] in each.get("ISSN", [issn[1]])]
        first, last = filters.get("from-created-date", "0"), filters.get("until-created-date", "9")
        found = [each for each in found if first <= each["created"]["date-time"][:10] <= last]
        rows = int(params.get("rows", "20"))
        message: dict[str, Any] = {
            "total-results": len(found),
            "items": found[:rows],
            "items-per-page": rows,
            "facets": {},
        }
        return _json({"status": "ok", "message-type": "work-list", "message-version": "1.0.0", "message": message})

    # ── Semantic Scholar ─────────────────────────────────────────────────────────────────────────────────────────────

    def _s2(self, path: str, params: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Reply:
        if headers.get("x-api-key") != KEY:
            return _json({"message": "Forbidden"}, 403)
        if path == "/graph/v1/paper/search":
            found = [each for each in self.papers if _has([each["title"], each["abstract"]], params.get("query", ""))]
            shown = [self._with(each, params) for each in found[: int(params.get("limit", "100"))]]
            # Without a result the list is missing.
            return _json({"total": len(found), "offset": 0, **({"data": shown} if shown else {})})
        if path.startswith("/graph/v1/paper/"):
            asked = path.removeprefix("/graph/v1/paper/")
            paper = self._s2_paper(asked)
            if paper is None:
                return _json({"error": f"Paper with id {asked} not found"}, 404)
            return _json(self._with(paper, params))
        if path.startswith("/recommendations/v1/papers"):
            asked = path.removeprefix("/recommendations/v1/papers/")
            given = json.loads(body)["positivePaperIds"] if body else [asked.removeprefix("forpaper/")]
            if any(self._s2_paper(each) is None for each in given):
                return _json({"error": f"Paper not found: {given}"}, 404)
            others = [each for each in self.papers if each not in map(self._s2_paper, given)]
            return _json({"recommendedPapers": [self._with(each, params) for each in others]})
        return _json({"error": "Not found"}, 404)

    @staticmethod
    def _with(paper: Mapping[str, Any], params: Mapping[str, str]) -> dict[str, Any]:
        wanted = ["paperId", *params.get("fields", "title").split(",")]
        return {name: paper.get(name) for name in wanted if name in paper}

    def _s2_paper(self, asked: str) -> dict[str, Any] | None:
        name, _, value = asked.partition(":")
        keys = {"arxiv": "ArXiv", "doi": "DOI", "pmid": "PubMed", "corpusid": "CorpusId", "acl": "ACL"}
        for paper in self.papers:
            held = str(paper["externalIds"].get(keys.get(name.lower(), ""), ""))
            if asked == paper["paperId"] or (held and held.lower() == value.lower()):
                return paper
        return None

    # ── OpenReview ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _openreview(self, path: str, params: Mapping[str, str], headers: Mapping[str, str], body: bytes) -> Reply:
        if path == "/login":
            given = json.loads(body or b"{}")
            if (given.get("id"), given.get("password")) != (USER, PASSWORD):
                return _json({"name": "UnauthorizedError", "message": "Invalid username or password"}, 400)
            return _json({"token": TOKEN, "user": {"id": "~Ann_Example1"}})
        if headers.get("authorization") != f"Bearer {TOKEN}":
            return _json({"name": "ChallengeRequiredError", "message": "Challenge verification is required"}, 403)
        if path != "/notes":
            return _json({"name": "NotFoundError"}, 404)
        venue, wanted = params.get("content.venueid"), params.get("id")
        found = [each for each in self.notes if wanted in (None, each["id"])]
        found = [each for each in found if venue in (None, each["content"]["venueid"]["value"])]
        start, size = int(params.get("offset", "0")), int(params.get("limit", "1000"))
        return _json({"notes": found[start : start + size], "count": len(found)})
