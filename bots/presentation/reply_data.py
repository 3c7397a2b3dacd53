"""Replies as JSON-compatible data, for programs that read `--json`. Pure functions.

Texts for people are plain text; `abstract` is unchanged from its source, because `evidence` counts characters in it.
Write it with plain `json.dumps(…)`: its default escapes every control character that an abstract may hold.
"""

from datetime import date, datetime

from bots.chat.phrases import safe_url
from bots.chat.rendering import ReplyRenderers
from bots.domain import replies
from bots.domain.digests import Digest, Entry
from bots.domain.papers import Paper
from bots.domain.replies import Reply
from bots.domain.subscriptions import Subscription
from bots.presentation import digest_text
from summarizer import Blurb

Data = dict[str, object]


def as_json(reply: Reply) -> Data:
    """Return a reply of any kind as JSON-compatible values; `kind` names its kind."""
    return _RENDERERS.render(reply)


def _changed(reply: replies.Changed) -> Data:
    match reply:
        case replies.Subscribed():
            return {"kind": "subscribed", **_subscribed(reply)}
        case replies.Paused():
            return {"kind": "paused", **_subscribed(reply.item)}
        case replies.Resumed():
            return {"kind": "resumed", **_subscribed(reply.item)}
    return {"kind": "unsubscribed", "subscription": subscription_data(reply.subscription)}


def _card_list(reply: replies.CardList) -> Data:
    entries = [entry_data(entry) for entry in reply.entries]
    counted = {"total": reply.total, "offset": reply.offset}
    return {"kind": "papers", "words": reply.words, "entries": entries, "notes": list(reply.notes), **counted}


def digest_data(digest: Digest) -> Data:
    """Return a digest: its day, entries, notes and counts."""
    tally = digest.tally
    return {
        "channel": str(digest.channel),
        "day": digest.day.isoformat(),
        "topic": digest_text.topic_line(digest),
        "style": digest.style.value,
        "entries": [entry_data(entry) for entry in digest.entries],
        "empty": digest_text.empty_line(digest),
        "notes": [{"source": note.source, "reason": note.reason, "failed": note.failed} for note in digest.notes],
        "tally": {
            "found": tally.found,
            "seen": tally.seen,
            "filtered": tally.filtered,
            "withdrawn": tally.withdrawn,
            "chosen": tally.chosen,
        },
        "withdrawn": [paper_data(paper) for paper in digest.withdrawn],
    }


def entry_data(entry: Entry) -> Data:
    """Return an entry; `blurb` is null if there is none, and `trouble` then states the reason."""
    return {
        "paper": paper_data(entry.paper),
        "blurb": blurb_data(entry.blurb) if entry.blurb else None,
        "fallback": entry.fallback,
        "trouble": entry.trouble,
        "why": digest_text.why_line(entry),
        "posted": [{"channel": str(each.channel), "at": each.at.isoformat()} for each in entry.posted],
    }


def blurb_data(blurb: Blurb) -> Data:
    """Return a blurb; each span of `evidence` is `[start, end]` in the abstract, the end excluded."""
    return {
        "text": "\n".join(digest_text.text_lines(blurb.text)),
        "evidence": [[span.start, span.end] for span in blurb.evidence],
        "engine": blurb.engine,
        "model": blurb.model,
        "warnings": list(blurb.warnings),
    }


def paper_data(paper: Paper) -> Data:
    """Return a paper; facts that its source does not report are null or empty."""
    return {
        "id": str(paper.id),
        "aliases": sorted(map(str, paper.aliases)),
        "version": paper.version,
        "title": digest_text.title_of(paper),
        "authors": list(paper.authors),
        "abstract": paper.abstract,
        "published": _iso(paper.published),
        "announced": _iso(paper.announced),
        "url": safe_url(paper.url),
        "code": safe_url(paper.code),
        "source": paper.source,
        "venue": paper.venue,
        "categories": list(paper.categories),
        "keywords": list(paper.keywords),
        "withdrawn": paper.withdrawn,
        "signals": _signals(paper),
    }


def _signals(paper: Paper) -> Data:
    said = paper.signals
    return {"upvotes": said.upvotes, "comments": said.comments, "stars": said.stars, "citations": said.citations}


def _subscribed(item: replies.Subscribed) -> Data:
    return {
        "subscription": subscription_data(item.subscription),
        "next_due": _iso(item.next_due),
        "paused": item.paused,
    }


def subscription_data(subscription: Subscription) -> Data:
    """Return a subscription; times are wall-clock times in its time zone, weekdays count from Monday as 0."""
    return {
        "id": subscription.id,
        "channel": str(subscription.channel),
        "sources": list(subscription.sources),
        "query": subscription.query,
        "interests": subscription.interests,
        "categories": list(subscription.categories),
        "sort_by": subscription.sort_by.value,
        "limit": subscription.limit,
        "style": subscription.style.value,
        "timezone": str(subscription.timezone),
        "times": [f"{clock:%H:%M}" for clock in subscription.times],
        "weekdays": sorted(int(day) for day in subscription.weekdays),
        "every": subscription.every.value,
        "settle": subscription.settle,
        "wait": f"{subscription.wait:%H:%M}" if subscription.wait else None,
        "quiet": str(subscription.quiet) if subscription.quiet else None,
        "empty": subscription.empty.value,
        "threaded": subscription.threaded,
        "look": subscription.look.value,
        "language": subscription.language,
        "enabled": subscription.enabled,
        "off_because": subscription.off_because,
        "resumes": _iso(subscription.resumes),
        "created": _iso(subscription.created),
    }


def _hidden(reply: replies.HiddenList) -> Data:
    papers = [
        {
            "id": str(hidden.paper_id),
            "paper": paper_data(hidden.paper) if hidden.paper else None,
            "by": list(hidden.by),
            "at": _iso(hidden.at),
        }
        for hidden in reply.papers
    ]
    return {"kind": "hidden", "papers": papers, "page": reply.page, "pages": reply.pages, "total": reply.total}


def _topic(topic: replies.Topic) -> Data:
    return {"name": topic.name, "form": topic.form, "says": topic.says, "example": topic.example}


def _iso(moment: date | datetime | None) -> str | None:
    return moment.isoformat() if moment else None


_RENDERERS: ReplyRenderers[Data] = ReplyRenderers(
    card=lambda reply: {"kind": "card", "entry": entry_data(reply.entry)},
    card_list=_card_list,
    blurb=lambda reply: {"kind": "blurb", "title": digest_text.given_title(reply), "blurb": blurb_data(reply.blurb)},
    digest=lambda reply: {"kind": "digest", **digest_data(reply.digest)},
    changed=_changed,
    subscriptions=lambda reply: {"kind": "subscriptions", "items": list(map(_subscribed, reply.items))},
    abstract=lambda reply: {"kind": "abstract", "paper": paper_data(reply.paper)},
    saved=lambda reply: {
        "kind": "saved",
        "words": reply.words,
        "papers": list(map(paper_data, reply.papers)),
        "notes": list(reply.notes),
    },
    citation=lambda reply: {
        "kind": "citation",
        "papers": reply.papers,
        "format": reply.form.value,
        "text": reply.text,
    },
    noted=lambda reply: {"kind": "noted", "said": digest_text.noted_line(reply)},
    hidden=_hidden,
    help=lambda reply: {"kind": "help", "topics": list(map(_topic, reply.topics))},
    problem=lambda reply: {
        "kind": "problem",
        "trouble": reply.kind.value,
        "message": reply.message,
        "hint": reply.hint,
    },
)
