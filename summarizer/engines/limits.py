"""How much text an engine takes, and how much it gives back: pure."""

from summarizer.blurb import Abstract, Style
from summarizer.errors import TextTooLong, TextTooShort
from summarizer.text.plain import count_words, to_plain

#: Fewer words than these are no abstract that wants condensing: they fit into one line as they are.
MIN_WORDS = 25
#: arXiv allows 1,920 characters, the longest PubMed abstracts have about 6,000.
MAX_CHARACTERS = 20_000
#: Words a blurb may have: one line of chat on a phone is about 10 words, so 30 are three lines.
ONE_LINE_WORDS = 30
SHORT_WORDS = 60
PART_WORDS = 30
#: Words a blurb may have in each style; of a structured one, each part.
MOST_WORDS = {Style.ONE_LINE: ONE_LINE_WORDS, Style.SHORT: SHORT_WORDS, Style.STRUCTURED: PART_WORDS}
#: Sentences likewise: one line is one sentence; three is what 60 words hold.
MOST_SENTENCES = {Style.ONE_LINE: 1, Style.SHORT: 3, Style.STRUCTURED: 1}
#: The labels of a structured blurb's lines, in their order.
PARTS = ("Problem", "Approach", "Result")


def check_length(abstract: Abstract) -> None:
    """Refuse what no engine can condense.

    Raises:
        TextTooShort: fewer than `MIN_WORDS` words.
        TextTooLong: more than `MAX_CHARACTERS` characters.
    """
    if len(abstract.text) > MAX_CHARACTERS:
        raise TextTooLong(length=len(abstract.text), limit=MAX_CHARACTERS)
    words = count_words(to_plain(abstract.text, dollar_math=abstract.dollar_math))
    if words < MIN_WORDS:
        raise TextTooShort(words=words, needed=MIN_WORDS)
