"""What readers see of a message: text, links, controls and pings; and the fields of a modal."""

from typing import Any

import pytest

from tests.fakes.discord.reading import Option, Way, seen, window
from tests.fakes.discord.wrong import Json

SUPPRESS_EMBEDS, EPHEMERAL, V2 = 1 << 2, 1 << 6, 1 << 15


def pinged(body: Json) -> list[str]:
    """Return the certain pings."""
    return [each.target for each in seen(body).pings]


def doubtful(body: Json) -> list[str]:
    """Return the doubtful pings."""
    return [each.target for each in seen(body).doubtful_pings]


def text(words: str) -> Json:
    """Return a text display."""
    return {"type": 10, "content": words}


def button(**more: Any) -> Json:
    """Return a button."""
    return {"type": 2, "style": 1, "label": "Go", "custom_id": "go", **more}


def row(*components: Json) -> Json:
    """Return an action row."""
    return {"type": 1, "components": list(components)}


def cards(*components: Json) -> Json:
    """Return a message of components."""
    return {"flags": V2, "components": [{"type": 17, "components": list(components)}]}


SECTION = {"type": 9, "components": [text("**A** title"), text("A blurb")], "accessory": button()}
EMBED = {
    "author": {"name": "arXiv", "url": "https://arxiv.org"},
    "title": "On \\*stars\\*",
    "url": "https://arxiv.org/abs/1",
    "description": "A *blurb*",
    "fields": [{"name": "By", "value": "Ada"}],
    "footer": {"text": "1 \\* 2"},
}


def test_a_message_is_read_from_top_to_bottom() -> None:
    """Content, embeds and components are shown in this order, without marks; footers support no marks."""
    body = {"content": "# Hi", "embeds": [EMBED], "components": [row(button())]}
    assert "Hi\narXiv\nOn *stars*\nA blurb\nBy\nAda\n1 \\* 2" == seen(body).text
    assert "# Hi\narXiv\nOn \\*stars\\*" in seen(body).raw
    assert ["Hi"] == seen(body).headings


def test_components_are_read_in_their_order() -> None:
    """Texts in containers and sections are shown in reading order."""
    assert "Digest\nA title\nA blurb\nsmall" == seen(cards(text("## Digest"), SECTION, text("-# small"))).text
    assert seen(cards(SECTION)).is_v2
    assert ["Digest"] == seen(cards(text("## Digest"))).headings


def test_what_a_message_is_called_by() -> None:
    """A message's id, channel, ephemeral flag and files are available."""
    shown = seen({"id": "7", "channel_id": "8", "content": "x", "flags": EPHEMERAL, "attachments": [{"id": "0"}]})
    assert ("7", "8", True, [{"id": "0"}]) == (shown.id, shown.channel, shown.ephemeral, shown.attachments)
    assert "<Seen 7 'x'>" == repr(shown)


def test_links_carry_what_is_read_on_them() -> None:
    """Links in texts, in titles of embeds and on buttons have their labels."""
    body = {
        "content": "[a **b**](https://a.b) https://c.d",
        "embeds": [EMBED],
        "components": [row({"type": 2, "style": 5, "label": "Read", "url": "https://e.f"})],
    }
    assert [
        Way(label="a b", url="https://a.b"),
        Way(label="https://c.d", url="https://c.d"),
        Way(label="On *stars*", url="https://arxiv.org/abs/1"),
        Way(label="arXiv", url="https://arxiv.org"),
        Way(label="Read", url="https://e.f"),
    ] == seen(body).links


def test_controls_are_found_wherever_they_stand() -> None:
    """Buttons in sections and rows, and menus with their options, are found."""
    options = [{"label": "Daily", "value": "d"}, {"label": "Weekly", "value": "w", "default": True}]
    menu = {"type": 3, "custom_id": "s", "placeholder": "Rhythm", "options": options, "disabled": True}
    go, second, chosen = seen(cards(SECTION, row(button(label="", emoji={"name": "🔍"})), row(menu))).controls
    assert ("Go", "go", 2, False) == (go.label, go.custom_id, go.kind, go.disabled)
    assert "🔍" == second.label
    assert ("Rhythm", "s", 3, True) == (chosen.placeholder, chosen.custom_id, chosen.kind, chosen.disabled)
    assert (Option(label="Daily", value="d"), Option(label="Weekly", value="w", default=True)) == chosen.options
    assert ["Go", "🔍"] == seen(cards(SECTION, row(button(label="", emoji={"name": "🔍"})))).buttons


EVERYBODY = "<@1> <@!2> <@&3> <#4> @everyone @here"


def test_a_message_by_the_bot_pings_all_it_mentions() -> None:
    """Without `allowed_mentions` a bot's message pings people, roles and everyone; a channel is only linked."""
    assert ["1", "2", "3", "everyone", "here"] == pinged({"content": EVERYBODY})
    assert ["1", "2", "3", "everyone", "here"] == pinged(cards(text(EVERYBODY)))


@pytest.mark.parametrize("mark", [{"webhook_id": "9"}, {"interaction_metadata": {"id": "9"}}])
def test_an_answer_to_an_interaction_pings_people_alone(mark: Json) -> None:
    """With an interaction's or a webhook's token only people are pinged by default."""
    assert ["1", "2"] == pinged({"content": EVERYBODY, **mark})


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [
        ({}, []),
        ({"parse": []}, []),
        ({"parse": ["everyone"]}, ["everyone", "here"]),
        ({"parse": ["roles"], "users": ["2"]}, ["2", "3"]),
        ({"users": [1]}, ["1"]),
        (None, ["1", "2", "3", "everyone", "here"]),
    ],
)
def test_allowed_mentions_decide(allowed: Json | None, expected: list[str]) -> None:
    """Only mentions that are parsed or listed by id ping; null is the same as no `allowed_mentions`."""
    assert expected == pinged({"content": EVERYBODY, "allowed_mentions": allowed})


def test_what_discord_noted_decides_for_a_stored_message() -> None:
    """The mentions that a stored message lists decide on its pings."""
    noted = {"mentions": [{"id": "2", "username": "ada"}], "mention_roles": [], "mention_everyone": False}
    assert ["2"] == pinged({"content": EVERYBODY, **noted})
    assert "@1 @ada" in seen({"content": EVERYBODY, **noted}).text


@pytest.mark.parametrize("content", ["`@everyone`", "```\n<@&3>\n```", "\\@everyone", "\\<@1>"])
def test_hidden_mentions_are_doubtful(content: str) -> None:
    """No document says that a mention in code or after a backslash does not ping, so it counts as doubtful."""
    assert [] == pinged({"content": content})
    assert [] != doubtful({"content": content})
    assert [] == doubtful({"content": content, "allowed_mentions": {"parse": []}})


def test_mentions_in_embeds_are_doubtful() -> None:
    """Mentions in embeds are doubtful, as no document says whether they ping; those in the content are certain."""
    body = {"content": "<@1>", "embeds": [{"description": "<@1> <@2>"}]}
    assert (["1"], ["2"]) == (pinged(body), doubtful(body))


@pytest.mark.parametrize("content", ["@\u200beveryone", "@ everyone", "everyone", "@ada", "<@ada>", "<#4>"])
def test_what_names_nobody_pings_nobody(content: str) -> None:
    """A name broken by an invisible space, a bare name and a link to a channel do not ping."""
    assert ([], []) == (pinged({"content": content}), doubtful({"content": content}))


@pytest.mark.parametrize(
    ("allowed", "expected"),
    [({}, ["5"]), ({"allowed_mentions": {}}, []), ({"allowed_mentions": {"replied_user": True}}, ["5"])],
)
def test_a_reply_tells_whom_it_answers(allowed: Json, expected: list[str]) -> None:
    """A reply pings the replied-to author, unless `allowed_mentions` is given without `replied_user`."""
    assert expected == pinged({"content": "x", "referenced_message": {"author": {"id": "5"}}, **allowed})


def test_previews_come_of_addresses_in_texts() -> None:
    """Bare URLs and masked links have previews; angle brackets, the flag and code suppress them."""
    content = "https://a.b [c](https://d.e) <https://f.g> [h](<https://i.j>) `https://k.l`"
    assert ["https://a.b", "https://d.e"] == seen({"content": content}).previews
    assert [] == seen({"content": content, "flags": SUPPRESS_EMBEDS}).previews
    assert [] == seen({"embeds": [{"description": "https://a.b"}]}).previews


def test_previews_in_components_are_doubtful() -> None:
    """Messages of components reportedly have no previews, but no known document says so: they are doubtful."""
    shown = seen(cards(text("[c](https://d.e)")))
    assert ([], ["https://d.e"]) == (shown.previews, shown.doubtful_previews)


def test_names_stand_for_ids() -> None:
    """Known ids are shown as names, also within marks and quotes."""
    assert "@ada and @4" == seen({"content": "> **<@1>** and <@4>"}, names={"1": "ada"}).text


def test_a_modal_is_read_with_its_fields() -> None:
    """A modal's labelled inputs and selects, their limits, and the text between them are read."""
    modal: Json = {
        "title": "Subscribe",
        "custom_id": "m",
        "components": [
            text("**Hello**"),
            {
                "type": 18,
                "label": "Times *",
                "description": "When",
                "component": {
                    "type": 4,
                    "style": 1,
                    "custom_id": "t",
                    "max_length": 9,
                    "value": "09:00",
                    "required": False,
                },
            },
            {
                "type": 18,
                "label": "Rhythm",
                "component": {"type": 3, "custom_id": "r", "options": [{"label": "Daily", "value": "d"}]},
            },
            row({"type": 4, "style": 1, "custom_id": "o", "label": "Old"}),
        ],
    }
    shown = window(modal)
    times, rhythm, old = shown.fields
    assert ("Subscribe", "m", "Hello") == (shown.title, shown.custom_id, shown.text)
    assert ("Times *", "When", "t", 4) == (times.label, times.description, times.custom_id, times.kind)
    assert (None, 9, False, "09:00") == (times.min_length, times.max_length, times.required, times.value)
    assert ((Option(label="Daily", value="d"),), True) == (rhythm.options, rhythm.required)
    assert "Old" == old.label
