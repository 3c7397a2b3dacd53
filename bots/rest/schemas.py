"""The schemas of what the API answers: JSON Schema, draft 2020-12, as OpenAPI 3.1 uses it."""

from typing import Any

Json = dict[str, Any]

TEXT: Json = {"type": "string"}
_COUNT: Json = {"type": ["integer", "null"], "minimum": 0}
_MAYBE: Json = {"type": ["string", "null"]}
_INSTANT: Json = {"type": ["string", "null"], "format": "date-time"}
_DAY: Json = {"type": ["string", "null"], "format": "date"}
_TEXTS: Json = {"type": "array", "items": TEXT}
_CURSOR: Json = {"type": ["string", "null"], "description": "Gives the next page; null on the last one."}


def ref(name: str) -> Json:
    """Return the reference to a schema."""
    return {"$ref": f"#/components/schemas/{name}"}


def _object(*optional: str, **properties: Json) -> Json:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties}


def _page(item: Json, **more: Json) -> Json:
    return _object(items={"type": "array", "items": item}, next_cursor=_CURSOR, **more)


_SUBSCRIPTION = _object(
    id=TEXT, channel=TEXT, sources=_TEXTS, query=TEXT, interests=TEXT, categories=_TEXTS, sort_by=TEXT,
    limit={"type": "integer"}, style=TEXT, timezone=TEXT, times=_TEXTS,
    weekdays={"type": "array", "items": {"type": "integer", "minimum": 0, "maximum": 6}},
    every=TEXT, settle={"type": "integer"}, wait=_MAYBE, quiet=_MAYBE, empty=TEXT, threaded={"type": "boolean"},
    look=TEXT, enabled={"type": "boolean"}, off_because=TEXT, resumes=_INSTANT, created=_INSTANT,
)  # fmt: skip
_ITEM: Json = {"subscription": ref("Subscription"), "next_due": _INSTANT, "paused": {"type": "boolean"}}

SCHEMAS: Json = {
    "Signals": _object(upvotes=_COUNT, comments=_COUNT, stars=_COUNT, citations=_COUNT),
    "Paper": _object(
        id=TEXT, aliases=_TEXTS, version={"type": ["integer", "null"]}, title=TEXT, authors=_TEXTS, abstract=TEXT,
        published=_INSTANT, announced=_DAY, url=TEXT, code=TEXT, source=TEXT, venue=TEXT, categories=_TEXTS,
        keywords=_TEXTS, withdrawn={"type": "boolean"}, signals=ref("Signals"),
    ),
    "Blurb": _object(
        text=TEXT, engine=TEXT, model=TEXT, warnings=_TEXTS,
        evidence={
            "type": "array", "description": "Spans of the abstract that support it: start, and end excluded.",
            "items": {"type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2},
        },
    ),
    "Entry": _object(
        paper=ref("Paper"), blurb={"anyOf": [ref("Blurb"), {"type": "null"}]}, fallback=TEXT, trouble=TEXT, why=TEXT
    ),
    "EntryPage": _page(ref("Entry"), total=_COUNT, notes=_TEXTS),
    "TrendingPage": _page(ref("Entry"), first_day={"type": "string", "format": "date"},
                          last_day={"type": "string", "format": "date"}),
    "PaperPage": _page(ref("Paper"), total=_COUNT),
    "PostedPage": _page(_object(paper=ref("Paper"), posted_at={"type": "string", "format": "date-time"})),
    "Summary": _object(kind={"const": "blurb"}, title=TEXT, blurb=ref("Blurb")),
    "Subscription": _SUBSCRIPTION,
    "Subscribed": _object(kind=TEXT, **_ITEM),
    "SubscriptionList": _object(items={"type": "array", "items": _object(**_ITEM)}),
    "Noted": _object(kind={"const": "noted"}, said=TEXT),
    "Problem": _object(
        "hint", type=TEXT, title=TEXT, status={"type": "integer"}, detail=TEXT,
        hint={"type": "string", "description": "What to do."},
    ),
}  # fmt: skip
