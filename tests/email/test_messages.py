"""The mails themselves: valid whatever a paper holds, readable for everyone, and the same each time."""

import re
from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bots.domain.digests import Digest, SourceNote
from bots.domain.mail_addresses import MailSender, read_mail_address, read_sender
from bots.domain.replies import Problem
from bots.domain.subscriptions import Look
from bots.email.messages import Envelope, html, message_id, written
from bots.email.outgoing import digest_parts, notice_parts
from bots.email.plain_text import flowed
from tests.contracts.email_place import SENDER, VisibleHtml
from tests.fakes.mail_faults import faults_of
from tests.support import hostile
from tests.support.factories import a_blurb, a_digest, a_long_digest, a_paper, an_entry

#: Gmail shows no more of a message (litmus.com, Gmail's clipping): 102 kB of HTML.
_GMAIL = 102_000
#: What WCAG 2.2 asks of text (1.4.3).
_CONTRAST = 4.5


def an_envelope(**changes: Any) -> Envelope:
    """Return an envelope to Ada with every link; `changes` are its fields."""
    leave = "https://papers.example.org/email/unsubscribe?t=" + "a" * 100
    given: dict[str, Any] = {
        "sender": SENDER,
        "recipient": read_mail_address("ada@example.org"),
        "message_id": message_id("key", SENDER),
        "date": datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
        "unsubscribe": leave,
        "footer": (("Preferences", leave.replace("unsubscribe", "preferences")), ("Unsubscribe", leave)),
        "reason": "You get this mail because this address is subscribed to it.",
    }
    return Envelope(**{**given, **changes})


def mail_of(digest: Digest, **changes: Any) -> bytes:
    """Return the first mail of a digest."""
    return written(digest_parts(digest)[0].payload, an_envelope(**changes))


def parsed(raw: bytes) -> Any:
    """Return a mail as the standard library reads it."""
    return BytesParser(policy=policy.default).parsebytes(raw)


@hostile.patient
@given(digest=hostile.digests, recipient=st.sampled_from(("ada@example.org", "дана@почта.рф")))
def test_every_mail_is_valid(digest: Digest, recipient: str) -> None:
    """Whatever a paper holds, its mail has no defect, no line that is too long, and no header of the paper's making."""
    for part in digest_parts(digest):
        raw = written(part.payload, an_envelope(recipient=read_mail_address(recipient), root_id="root@example.org"))
        assert [] == faults_of(raw, ascii_only=recipient.isascii())
        names = [name for name, _ in parsed(raw).raw_items()]
        assert sorted({*names}) == sorted(names)
        assert {"Bcc", "Cc", "Reply-To"}.isdisjoint(names)


@hostile.patient
@given(digest=hostile.digests)
def test_no_paper_is_markup(digest: Digest) -> None:
    """Scripts, styles, frames and addresses of programs in a paper's texts are texts in the mail."""
    for part in digest_parts(digest):
        page = VisibleHtml()
        page.feed(html(part.payload, an_envelope()))
        assert [] == page.loads
        assert all(link.startswith(("https://", "http://", "mailto:")) for link in page.links)


MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "<style>body{display:none}</style>",
    "</title></head><iframe src=https://evil.example>",
    "{{ 7*7 }}{% include 'x' %}",
    "<a href=javascript:alert(1)>here</a>",
)


@pytest.mark.parametrize("text", MARKUP)
def test_markup_in_every_field_is_text(text: str) -> None:
    """Markup in any text of a paper or a digest is shown as it is, and its links are none."""
    paper = a_paper(
        title=f"T {text}",
        authors=(text,),
        venue=text,
        url=f"javascript:{text}",
        code=f"javascript:{text}",
        keywords=(text,),
    )
    entry = an_entry(paper=paper, blurb=a_blurb(text=text, warnings=(text,)), why=text)
    digest = a_digest(entries=(entry,), topic=text, notes=(SourceNote(source="x", reason=text),), look=Look.CARDS)
    page = VisibleHtml()
    page.feed(html(digest_parts(digest)[0].payload, an_envelope(reason=text)))
    assert [] == page.loads
    assert 2 == len(page.links)
    assert 3 <= "".join("".join(page.texts).split()).count("".join(text.split())[:5])


@pytest.mark.parametrize(
    "spoiled", ["\r\nBcc: eve@example.com", "\nX-Evil: 1\n\nbody", "\x00\x1b[2J", "\u202egro.live"]
)
def test_no_header_is_injected(spoiled: str) -> None:
    """A line break in a title, in a headline or in a name ends in one line of text."""
    entry = an_entry(paper=a_paper(title=f"Title{spoiled}", authors=(f"Ada{spoiled}",)))
    mail = parsed(mail_of(a_digest(entries=(entry,), topic=spoiled)))
    assert mail["Bcc"] is None
    assert mail["X-Evil"] is None
    assert "\u202e" not in mail.get_body(("html",)).get_content()
    payload = {**digest_parts(a_digest())[0].payload, "subject": f"Papers{spoiled}"}
    assert [] == faults_of(written(payload, an_envelope()))
    with pytest.raises(ValueError, match="printable"):
        read_sender(f"Paper{spoiled}wire <papers@example.org>")


def test_the_headers() -> None:
    """A mail names its list and unsubscribes with one click, in headers that no program has to decode."""
    mail = parsed(mail_of(a_digest()))
    assert "<https://papers.example.org/email/unsubscribe?t=" in mail["List-Unsubscribe"]
    assert "List-Unsubscribe=One-Click" == mail["List-Unsubscribe-Post"]
    assert "<paperwire.example.org>" in mail["List-Id"]
    assert "auto-generated" == mail["Auto-Submitted"]
    assert "Paperwire <papers@example.org>" == mail["From"]
    assert b"\r\nList-Unsubscribe: <https://papers.example.org/email/unsubscribe?t=a" in mail_of(a_digest())


def test_without_pages_one_unsubscribes_by_mail() -> None:
    """Without pages, the header asks for a mail to the sender, and promises no click."""
    mail = parsed(mail_of(a_digest(), unsubscribe="", footer=()))
    assert "<mailto:papers@example.org?subject=unsubscribe>" == mail["List-Unsubscribe"]
    assert mail["List-Unsubscribe-Post"] is None


def test_a_repeated_mail_is_the_same() -> None:
    """The same part under the same key is the same mail, byte for byte; another key has another Message-ID."""
    assert mail_of(a_digest()) == mail_of(a_digest())
    assert message_id("key", SENDER) != message_id("other", SENDER)
    assert message_id("key", SENDER).endswith("@example.org")


def test_the_parts_of_a_digest_hang_together() -> None:
    """The second mail of a long digest answers the first, and both say which they are."""
    parts = digest_parts(a_long_digest(40))
    assert ["(1 of 2)", "(2 of 2)"] == [str(part.payload["subject"])[-8:] for part in parts]
    mail = parsed(written(parts[1].payload, an_envelope(root_id="first@example.org")))
    assert ("<first@example.org>", "<first@example.org>") == (mail["In-Reply-To"], mail["References"])


@hostile.patient
@given(digest=hostile.digests)
def test_gmail_shows_a_hostile_mail_whole(digest: Digest) -> None:
    """No paper makes a mail so large that Gmail cuts it."""
    assert all(_GMAIL > len(html(part.payload, an_envelope()).encode()) for part in digest_parts(digest))


def test_gmail_shows_a_long_mail_whole() -> None:
    """Forty papers with long blurbs, of which Gmail shows everything."""
    assert all(_GMAIL > len(html(part.payload, an_envelope()).encode()) for part in digest_parts(a_long_digest(40)))


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour such as #57606a (WCAG 2.2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_every_text_has_contrast() -> None:
    """In light and in dark, every colour of a text has enough contrast on both grounds."""
    page = html(digest_parts(a_digest())[0].payload, an_envelope())
    style, body = page.split("</style>", 1)
    dark = style.partition("prefers-color-scheme:dark")[2].partition("[data-ogsc]")[0]
    for grounds, texts in (
        (re.findall(r"background:(#\w{6})", body), re.findall(r"[;\"]color:(#\w{6})", body)),
        (re.findall(r"background:(#\w{6})", dark), re.findall(r"[{;]color:(#\w{6})", dark)),
    ):
        assert 2 <= len(set(grounds))
        assert 3 <= len(set(texts))
        for ground, text in product(set(grounds), set(texts)):
            assert _CONTRAST <= contrast(ground, text), (ground, text)


def test_a_page_for_everyone() -> None:
    """The mail names its language, has one first heading and a second for each paper, and loads nothing."""
    page = html(digest_parts(a_digest())[0].payload, an_envelope())
    assert '<html lang="en" dir="ltr"' in page
    assert (1, 5) == (page.count("<h1"), page.count("<h2"))
    assert page.count("<table") == page.count('role="presentation"')
    assert "http://" not in page.replace("http://www.w3.org/1999/xhtml", "")
    assert all(word not in page for word in ("<img", "<script", "<link", "url("))


def test_the_text_reads_well() -> None:
    """The plain text has the digest in order: its day, each paper with its links, what was left out, how to leave."""
    text = parsed(mail_of(a_digest(look=Look.CARDS))).get_body(("plain",)).get_content().replace("\r\n", "\n")
    for words in (
        "5 papers for Tuesday 24 November 2026",
        "1. Attention Is All You Need",
        "https://arxiv.org/abs/1706.03762",
        "5. FlashAttention",
        "229 found",
        "\n-- \n",
        "Unsubscribe:",
    ):
        assert words in text
        text = text[text.index(words) :]


@example(["> quoted", "From here on", "", "a " * 80 + "> b", "-- "])
@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=300)))
def test_flowed_text_is_joined_again(paragraphs: list[str]) -> None:
    """A reader that knows the format gets each paragraph back, and no line looks like a quotation."""
    given_texts = [" ".join(each.split()) for each in paragraphs]
    text = flowed(given_texts)
    assert not re.search(r"^(?:>|From )", text, re.MULTILINE)
    joined, line = [], ""
    for row in text.removesuffix("\n").split("\n"):
        line += row.removeprefix(" ")
        if not line.endswith(" ") or not row:
            joined.append(line)
            line = ""
    assert given_texts == joined or (not given_texts and [""] == joined)


def test_a_notice() -> None:
    """A notice to the admin is a mail of its own with the problem and the remedy."""
    (part,) = notice_parts(a_digest().channel, Problem(message="It broke", hint="Mend it"))
    mail = parsed(written(part.payload, an_envelope()))
    assert "Paperwire needs your attention" == mail["Subject"]
    assert "It broke." in mail.get_body(("plain",)).get_content()


@pytest.mark.parametrize("name", ["Paperwire", "Zeitung, die", "论文 Papers", 'A "quoted" name', ""])
def test_names_of_senders(name: str) -> None:
    """A sender's name in any script, or with punctuation, is what a reader sees."""
    sender = MailSender(address=read_mail_address("papers@example.org"), name=name)
    raw = mail_of(a_digest(), sender=sender)
    assert [] == faults_of(raw)
    assert name == parsed(raw)["From"].addresses[0].display_name


@pytest.mark.parametrize(
    "spoil", [lambda raw: raw.replace(b"\r\n", b"\n"), lambda raw: raw.replace(b"Subject:", b"x:")]
)
def test_the_strict_reader_finds_faults(spoil: Any) -> None:
    """The check that the tests rely on reports a mail that is not valid."""
    assert [] != faults_of(spoil(mail_of(a_digest())))
