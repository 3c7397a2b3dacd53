"""The preview: messages appear as in Discord, and no sent text becomes HTML."""

from html.parser import HTMLParser
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.discord.preview import page, window_page
from tests.fakes.discord.reading import seen, window
from tests.fakes.discord.wrong import Json

AUTHOR = {"id": "1", "username": "Paperwire", "bot": True}
ALONE = ("br", "hr", "meta")


class Tags(HTMLParser):
    """Parses HTML, checks that tags are balanced, and keeps tags and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.classes: set[str] = set()
        self.addresses: list[str] = []
        self.said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Record a tag."""
        self.seen.append(tag)
        given_ = dict(attrs)
        self.classes.update((given_.get("class") or "").split())
        self.addresses += [str(given_["href"])] if "href" in given_ else []
        if tag not in ALONE:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Check that a closing tag matches the open one."""
        assert tag == self.open.pop()

    def handle_data(self, data: str) -> None:
        """Record text."""
        self.said.append(data)


def parsed(html: str) -> Tags:
    """Parse a page and check that every tag is closed."""
    tags = Tags()
    tags.feed(html)
    tags.close()
    assert [] == tags.open
    return tags


def shown(message: Json) -> Tags:
    """Return the parsed page of one message."""
    return parsed(page([seen({"author": AUTHOR, **message})], title="papers"))


CARD: Json = {
    "flags": 1 << 15,
    "components": [
        {
            "type": 17,
            "accent_color": 0x5865F2,
            "components": [
                {"type": 10, "content": "# Digest"},
                {"type": 14},
                {
                    "type": 9,
                    "components": [{"type": 10, "content": "**On stars**"}],
                    "accessory": {"type": 2, "style": 5, "label": "Read", "url": "https://arxiv.org/abs/1"},
                },
                {"type": 1, "components": [{"type": 2, "style": 4, "label": "Stop", "custom_id": "s"}]},
                {"type": 1, "components": [{"type": 3, "custom_id": "m", "placeholder": "Rhythm", "options": []}]},
                {"type": 12, "items": [{"media": {"url": "https://a.b/c.png"}, "description": "A plot"}]},
                {"type": 13, "file": {"url": "attachment://papers.bib"}},
            ],
        }
    ],
}


def test_a_card_looks_like_one() -> None:
    """A card has its coloured bar, heading, button styles and link targets."""
    tags = shown(CARD)
    html = page([seen({"author": AUTHOR, **CARD})], title="papers")
    assert {"container", "section", "danger", "link", "select", "picture", "file", "tag"} <= tags.classes
    assert "border-left-color:#5865f2" in html
    assert ["https://arxiv.org/abs/1"] == tags.addresses
    assert {"h2", "b", "hr"} <= set(tags.seen)
    words = "".join(tags.said)
    assert all(each in words for each in ("Digest", "On stars", "Read ↗", "Stop", "Rhythm", "A plot", "papers.bib"))


def test_an_embed_looks_like_one() -> None:
    """An embed has its title, text, fields and footer in a box, and the message's files are shown."""
    embed = {
        "title": "T",
        "url": "https://a.b",
        "color": 255,
        "description": "> quoted\n- item\n-# small\n```code```\n<t:0:D> <@5> `c` ~~s~~ ||s|| <:e:1>",
        "fields": [{"name": "N", "value": "V", "inline": True}],
        "author": {"name": "A"},
        "footer": {"text": "F"},
    }
    tags = shown({"content": "x", "embeds": [embed], "attachments": [{"filename": "a.txt"}]})
    assert {
        "embed",
        "title",
        "field",
        "inline",
        "footer",
        "author",
        "file",
        "stamp",
        "mention",
        "spoiler",
    } <= tags.classes
    assert {"blockquote", "pre", "code", "s"} <= set(tags.seen)


def test_what_surrounds_a_message_is_shown() -> None:
    """Ephemeral and edited messages are marked; a thread, a command and the replied-to message are shown."""
    only = shown({"content": "x", "flags": 1 << 6, "interaction_metadata": {"user": {"username": "ada"}}})
    assert any("Only you can see this" in each for each in only.said)
    assert any("ada used a command" in each for each in only.said)
    more = shown(
        {
            "content": "x",
            "timestamp": "2026-03-01T12:00:00+00:00",
            "edited_timestamp": "2026-03-01T12:00:00+00:00",
            "thread": {"name": "Talk", "message_count": 1},
            "referenced_message": {"author": {"username": "bob"}, "content": "y"},
        }
    )
    words = "".join(more.said)
    assert all(each in words for each in ("(edited)", "Talk", "1 message ›", "@bob y", "01/03/2026 12:00"))


def test_times_are_the_readers() -> None:
    """Message times are in the given time zone."""
    message = seen({"content": "x", "timestamp": "2026-03-01T12:00:00+00:00"})
    assert "01/03/2026 13:00" in page([message], title="t", zone=ZoneInfo("Europe/Vienna"))


def test_a_modal_looks_like_one() -> None:
    """A modal shows its labels, required fields and prefilled values."""
    label = {"type": 18, "label": "Times", "component": {"type": 4, "style": 2, "custom_id": "t", "value": "09:00"}}
    tags = parsed(window_page(window({"title": "Subscribe", "custom_id": "m", "components": [label]})))
    assert {"modal", "tall", "needed"} <= tags.classes
    assert "Subscribe" in tags.said
    assert "09:00" in tags.said


def test_no_address_but_of_the_web_can_be_clicked() -> None:
    """A button whose URL has another scheme than http or https gets no target."""
    bad = {"type": 2, "style": 5, "label": "x", "url": "javascript:alert(1)"}
    assert ["#"] == shown({"content": "x", "components": [{"type": 1, "components": [bad]}]}).addresses


FINE = set("html head meta title style body main h1 h2 h3 h4 div b span time p hr a i u s pre code blockquote".split())


@given(st.text(alphabet="<>&\"'*_`|~[](): \n#-/ahtps.<script>", max_size=40))
def test_nothing_that_is_sent_becomes_a_tag(text: str) -> None:
    """Whatever a text contains, the page has only its own tags, and all of them are closed."""
    button = {"type": 2, "style": 1, "label": text, "custom_id": "x"}
    embed = {"title": text, "description": text, "url": f"https://a.b/{text}", "footer": {"text": text}}
    body = {"content": text, "embeds": [embed], "components": [{"type": 1, "components": [button]}]}
    tags = parsed(page([seen({**body, "author": {"id": "1", "username": text}})], title=text))
    assert FINE >= set(tags.seen)
