"""Composes digests for the site: the frozen texts of each paper, which a channel's archive shows. Pure functions."""

from collections.abc import Mapping

from bots.chat.phrases import safe_url
from bots.domain.channels import Channel
from bots.domain.digests import Digest, Entry, Part
from bots.domain.replies import Problem
from bots.presentation import digest_text
from bots.web.addresses import paper_address
from bots.web.cards import site_of

#: The name of the platform in `Channel.platform`.
PLATFORM = "web"
#: The kinds of payloads; a notice is for the operator, and no page shows it.
DIGEST, NOTICE = "digest", "notice"


def digest_parts(digest: Digest) -> tuple[Part, ...]:
    """Return a digest as one part: a page scrolls, so it has no size limit."""
    payload = {
        "kind": DIGEST,
        "headline": digest_text.headline(digest),
        "topic": digest_text.topic_line(digest),
        "tally": digest_text.tally_line(digest),
        "empty": digest_text.empty_line(digest),
        "notes": list(digest_text.notes_lines(digest)),
        "entries": [_entry(each) for each in digest.entries],
    }
    return (Part(channel=digest.channel, number=1, total=1, payload=payload, paper_ids=digest.paper_ids),)


def _entry(entry: Entry) -> Mapping[str, object]:
    return {
        "id": str(entry.paper.id),
        "title": digest_text.title_of(entry.paper),
        "url": safe_url(entry.paper.url),
        "site": site_of(safe_url(entry.paper.url)),
        "meta": digest_text.meta_line(entry.paper, code=False),
        "address": paper_address(entry.paper.id),
        "code": safe_url(entry.paper.code),
        "blurb": list(digest_text.blurb_lines(entry)),
        "warnings": list(digest_text.warning_lines(entry.blurb)) if entry.blurb else [],
        "why": digest_text.why_line(entry),
    }


def notice_parts(channel: Channel, problem: Problem) -> tuple[Part, ...]:
    """Return a notice for the admin as one part."""
    headline, *notes = digest_text.problem_lines(problem)
    payload = {
        "kind": NOTICE,
        "headline": headline,
        "topic": "",
        "tally": "",
        "empty": "",
        "notes": notes,
        "entries": [],
    }
    return (Part(channel=channel, number=1, total=1, payload=payload),)
