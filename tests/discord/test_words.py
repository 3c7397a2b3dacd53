"""What people write in their own words into Discord's options and windows is understood."""

import pytest

from tests.discord.conftest import Lab


@pytest.mark.parametrize(
    ("text", "answer"), [("thanks!", "You are welcome."), ("hola", "¡Hola!"), ("help me", "“help” lists")]
)
async def test_small_talk_is_no_paper(lab: Lab, text: str, answer: str) -> None:
    """Thanks, greetings and calls for help in the field of a look-up get a short word."""
    await lab.ada.uses("/paper lookup", lab.papers, paper=text)
    assert "paper for" not in (await lab.ada.reads(answer, lab.papers, only_me=True)).text


async def test_a_search_with_such_a_word_stays_one(lab: Lab) -> None:
    """A search looks for its words, whatever they are."""
    await lab.ada.uses("/paper search", lab.papers, words="thanks")
    await lab.ada.reads("thanks”", lab.papers, only_me=True)


async def test_options_are_read_as_people_write_them(lab: Lab) -> None:
    """A source by its name and a day by its word."""
    await lab.ada.uses("/paper digest", lab.papers, source="Sample day", day="today")
    await lab.ada.reads("sample day", lab.papers, only_me=True)


async def test_all_mistakes_are_told_at_once(lab: Lab) -> None:
    """Two wrong options are two sentences in one answer, each with what may be meant."""
    await lab.ada.uses("/paper digest", lab.papers, source="huggigface", day="Christmas")
    told = await lab.ada.reads("huggigface", lab.papers, only_me=True)
    assert [] == [each for each in ("Did you mean huggingface?", "“Christmas” is no day.") if each not in told.text]
