"""Remove the invisible characters of a text that hide or reorder what is visible; keep those that shape it.

Kept are the joiners inside an emoji ("woman scientist" is a woman, a joiner and a microscope) and inside words of
scripts that write with them (Persian, Hindi, Sinhala), the selectors of an emoji's colour and of a Chinese character's
form, and the tags of a flag. Each is kept only beside what it shapes: nothing can be hidden with it. Pure functions.
"""

import re

#: Control characters that are not white space, lone surrogates, zero-width characters, direction overrides, soft
#: hyphens, variation selectors, controls of shorthand, music and hieroglyphs, tag characters, and what else Unicode
#: calls ignorable by default (DerivedCoreProperties.txt); the empty note and the empty cell of Braille.
_UNSEEN = (
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d159\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
#: Blocks with emoji (Unicode, emoji-data.txt: Extended_Pictographic; the modifiers of skin colour are among them).
_EMOJI = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935"
    "\u2b05-\u2b55\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
#: Scripts whose words hold joiners: Arabic, Syriac, N'Ko and Mandaic; those of India, Sri Lanka and Nepal; Burmese,
#: Khmer, Balinese, Javanese and their neighbours; Brahmi and its descendants in the supplementary planes.
_JOINING = (
    "\u0620-\u065f\u066e-\u06d3\u06d5-\u06dc\u06df-\u06ef\u06fa-\u06ff\u0710-\u07fa\u0840-\u08e1\u08e3-\u0df4"
    "\u1000-\u109f\u1780-\u17d3\u1820-\u18aa\u1b00-\u1b4b\u1b80-\u1bf3\ua840-\ua871\ua880-\ua8ff\ua980-\ua9fe"
    "\uaa60-\uaa7f\uabc0-\uabed\ufb50-\ufdff\ufe70-\ufefc\U00011000-\U000116ff\U00011900-\U00011c6f"
)
#: Signs that take the vowel from a consonant (Unicode, UnicodeData.txt: combining class 9): a joiner behind one says
#: how the two letters around it are drawn, and may end the word.
_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u1039\u103a\u17d2\ua806\ua8c4\ua9c0"
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
#: Between two emoji; between two letters of such a script; behind a virama; at the end of an Arabic abbreviation.
_JOINERS = (
    rf"(?:(?<=[{_EMOJI}])|(?<=[{_EMOJI}]\ufe0f))\u200d(?=[{_EMOJI}])"
    rf"|(?<=[{_JOINING}])[\u200c\u200d](?=[{_JOINING}])"
    rf"|(?<=[{_VIRAMA}])[\u200c\u200d](?![\u200c\u200d])"
    r"|(?<=\u0647)\u200d(?=[\s.]|$)"
)
#: Behind an emoji; in a keycap, which is a digit, the selector and a frame; behind a Chinese or a Mongolian character;
#: the empty cell of Braille, which is its space, beside another cell.
_SELECTORS = (
    rf"(?<=[{_EMOJI}])[\ufe0e\ufe0f]|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    rf"|(?<=[{_HAN}])(?:[\ufe00-\ufe02]|(?P<form>[\U000e0100-\U000e011f]))|(?<=[\u1820-\u18aa])[\u180b-\u180d\u180f]"
    "|(?<=[\u2801-\u28ff])\u2800|\u2800(?=[\u2801-\u28ff])"
)
#: The flags of England, Scotland and Wales: a black flag, tags that spell "gbeng", "gbsct" or "gbwls", and their end.
#: Unicode (emoji-sequences.txt) has no others: a reader would see a black flag, and the letters would be hidden.
_PARTS = ("gbeng", "gbsct", "gbwls")
_TAGS = "|".join(f"(?<=\U0001f3f4){''.join(chr(0xE0000 + ord(each)) for each in part)}\U000e007f" for part in _PARTS)
_FOUND = re.compile(rf"(?P<kept>{_TAGS}|{_JOINERS}|{_SELECTORS})|{_UNSEEN}")
#: Forms of Chinese characters that are selected in one text: names are written in rarer forms, and a text has few. Of
#: the 240 selectors the first 32 are in use (Unicode, Ideographic Variation Database); with all of them behind every
#: character, a text would carry another that no reader sees.
_MOST_FORMS = 16


def without_invisible(text: str) -> str:
    """Return `text` without the invisible characters that shape nothing; any other character stays."""
    forms = 0

    def shown(found: re.Match[str]) -> str:
        nonlocal forms
        forms += found["form"] is not None
        return "" if found["form"] and forms > _MOST_FORMS else found["kept"] or ""

    return _FOUND.sub(shown, text)
