"""The limits on the length of an abstract and of a blurb. Pure."""

from summarizer.blurb import Abstract, Style
from summarizer.errors import TextTooLong, TextTooShort
from summarizer.text.plain import count_words, to_plain

#: A shorter text needs no condensing: it fits into one line unchanged.
MIN_WORDS = 25
#: arXiv allows 1,920 characters; the longest PubMed abstracts have about 6,000.
MAX_CHARACTERS = 20_000
#: The most words of a blurb: one line of chat on a phone has about 10 words, so 30 are three lines.
ONE_LINE_WORDS = 30
SHORT_WORDS = 60
PART_WORDS = 30
#: The most words of a blurb by style; for a structured blurb, of each part.
MOST_WORDS = {Style.ONE_LINE: ONE_LINE_WORDS, Style.SHORT: SHORT_WORDS, Style.STRUCTURED: PART_WORDS}
#: The most sentences, likewise: one line is one sentence; 60 words hold three.
MOST_SENTENCES = {Style.ONE_LINE: 1, Style.SHORT: 3, Style.STRUCTURED: 1}
#: The labels of a structured blurb's lines, in order.
PARTS = ("Problem", "Approach", "Result")


def check_length(abstract: Abstract) -> None:
    """Raise if the abstract is too short or too long for any engine.

    Raises:
        TextTooShort: the text has fewer than `MIN_WORDS` words.
        TextTooLong: the text has more than `MAX_CHARACTERS` characters.
    """
    if len(abstract.text) > MAX_CHARACTERS:
        raise TextTooLong(length=len(abstract.text), limit=MAX_CHARACTERS)
    words = count_words(to_plain(abstract.text, dollar_math=abstract.dollar_math))
    if words < MIN_WORDS:
        raise TextTooShort(words=words, needed=MIN_WORDS)
