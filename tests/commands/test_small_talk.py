"""Tests that tell small talk from requests."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands import parse_command, write_command
from bots.commands.small_talk import small_talk
from bots.domain.channels import Channel
from bots.domain.errors import RequestError
from bots.domain.requests import Help, Lookup, Search, SmallTalk, Talk
from bots.presentation.small_talk_text import small_talk_text

HERE = Channel(platform="fakechat", channel="papers")
LANGUAGES = ("en", "de", "es", "fr", "ja", "zh")


@pytest.mark.parametrize(
    ("text", "talk", "language"),
    [
        ("thanks", Talk.THANKS, "en"), ("Thank you!", Talk.THANKS, "en"), ("great, thanks a lot!", Talk.THANKS, "en"),
        ("Danke!", Talk.THANKS, "de"), ("Vielen Dank", Talk.THANKS, "de"), ("¡Muchas gracias!", Talk.THANKS, "es"),
        ("Merci beaucoup !", Talk.THANKS, "fr"), ("ありがとうございます", Talk.THANKS, "ja"),
        ("谢谢你！", Talk.THANKS, "zh"),
        ("hi", Talk.GREETING, "en"), ("Hello there :)", Talk.GREETING, "en"), ("Guten Morgen", Talk.GREETING, "de"),
        ("hola", Talk.GREETING, "es"), ("Bonjour", Talk.GREETING, "fr"), ("こんにちは", Talk.GREETING, "ja"),
        ("你好", Talk.GREETING, "zh"), ("good bot", Talk.NOD, "en"), ("ok", Talk.NOD, "en"), ("👍", Talk.NOD, "en"),
        (":tada: :+1:", Talk.NOD, "en"), ("❤️", Talk.NOD, "en"), ("<:party:123456789>", Talk.NOD, "en"),
        ("hello, can you help me?", Talk.HELP, "en"), ("help me", Talk.HELP, "en"),
        ("Kannst du mir helfen?", Talk.HELP, "de"),
        ("¿Puedes ayudarme?", Talk.HELP, "es"), ("Bonjour, peux-tu m'aider ?", Talk.HELP, "fr"),
        ("使い方を教えてください", Talk.HELP, "ja"),
        ("你好，你能帮我吗？", Talk.HELP, "zh"), ("what can you do?", Talk.HELP, "en"),
    ],
)  # fmt: skip
def test_small_talk_gets_a_word(text: str, talk: Talk, language: str) -> None:
    """Greetings, thanks, nods and calls for help are no search, in each of the six languages."""
    asked = parse_command(text, channel=HERE)
    assert SmallTalk(channel=HERE, talk=talk, language=language) == asked
    assert asked == parse_command(write_command(asked), channel=HERE)


@pytest.mark.parametrize(
    "text",
    ["hi-C sequencing", "thanks to attention", "hello world models", "ok google", "no free lunch", "good", "cool",
     "yes we can", "help seeking", "test time training", "你好世界模型", "attention", "s'il te plaît"],
)  # fmt: skip
def test_a_search_with_such_a_word_stays_one(text: str) -> None:
    """Only a text that is nothing but small talk is; one word of praise alone is, too."""
    assert (text in ("good", "cool")) == (small_talk(text) is not None)


def test_a_search_is_a_search_whatever_its_words() -> None:
    """A command is carried out: "search thanks" looks for papers."""
    assert Search(channel=HERE, words="thanks") == parse_command("search thanks", channel=HERE)
    assert Lookup(channel=HERE, text="hello") == parse_command("lookup hello", channel=HERE)
    assert Help(channel=HERE) == parse_command("Help!", channel=HERE)


def test_every_answer_is_said_in_each_language() -> None:
    """Every kind of small talk has an answer of its own in each language."""
    said = [small_talk_text(talk, language) for talk in Talk for language in LANGUAGES]
    assert len(set(said)) == len(said) == len(Talk) * len(LANGUAGES)
    assert max(map(len, said)) < 300


@given(
    st.text(max_size=130)
    | st.lists(st.sampled_from(["hi", "ok", "thanks", " ", "!", "👍", ":)", "x", "好"])).map("".join)
)
def test_any_text_is_small_talk_or_not(text: str) -> None:
    """No text breaks the reader, and letters of another word are never skipped."""
    assert text.count("x") == 0 or ":x:" in text or small_talk(f"{text} qq") is None
    with suppress(RequestError):
        assert HERE == parse_command(text, channel=HERE).channel
