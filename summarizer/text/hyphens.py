"""Join words that were broken at the end of a line; compounds keep their hyphen. Pure; linear time.

Without a dictionary, a hyphen is kept where the words on its two sides are those that compounds are made of. The words
are the commonest ones on either side of a hyphen in 50,000 abstracts, without those that are syllables of other words
(re-, in-, multi-).
"""

import re

_ANY_BREAK = re.compile(r"[-‐¬]\s")
#: A line's end may have become a blank on the way; of 2,500 such hyphens in 50,000 abstracts, two in three are breaks.
_BROKEN = re.compile(r"(?<![\w-])((?:\w{1,30}[-‐])*)(\w{1,40})[-‐¬](\s{0,9}\n\s{0,9}| )(\w{1,40})(?=(-?))")
#: "open- and closed-source": the hyphen stands for the word that follows later.
_SUSPENDED = frozenset("and or to und oder et ou".split())
#: Words behind a hyphen that is a dash, if no line ends there: "approach- both".
_AFTER_DASH = frozenset(
    """
    a all an are as at because both but by each even for from given here how i if in into is it its may more most no
    not of on one only our since so some such than that the their then there these they this those through thus under
    using was we were what when where which while who whose will with without you
    """.split()
)
_FIRST = frozenset(
    """
    agent attention average best black class closed cloud coarse context cost cross data decision deep domain dual
    edge end energy event expert eye few fine first five fixed force four free full game general goal gradient graph
    ground half hand head heavy held high highly human image instance instruction joint kernel label language large
    learning light linear local long low lower machine mean memory model motion network next noise non object off one
    open part patch pixel point pose privacy problem question random rank real region resource reward risk robot
    sample scene second self sensor sentence sequence shared short sign single six small soft space spatio speech
    split state step strong structure student surface system task teacher temporal test text third three tight time
    token tool top training transformer tree trial two ultra user value variable vector video view vision visual
    voxel wall weak web weight well white whole wide word world worst zero
    """.split()
)
_SECOND = frozenset(
    """
    agnostic aligned annotated armed art aware axis based bit body box centered centric class conditioned constrained
    consuming convex critical decoder defined dependent dimensional driven effective efficient encoder end fidelity
    fold free friendly generated grade grained guided hand hoc horizon independent informed inspired intensive
    invariant know labeled language layer length level like linear local loop making modal noise occurrence of off
    optimal oriented parametric person pixel planning point policy precision preserving processing purpose quality
    rank related resolution scale sensitive series shared shelf shot sized source space specific stage standing state
    step structured supervised tail task term the theoretic time tolerant trained trivial tuned tuning type varying
    vehicle view vivo vocabulary weighted wise world
    """.split()
)
#: "fully" is one, "fly" is none.
_SHORTEST_ADVERB = 5
#: Endings that make a longer word of a first word: time-ly, high-er, state-ment.
_ENDINGS = frozenset(
    """
    able al an ance ant ate ation ations ed eled eling en ence ent er ers es est ful fulness ical ically ics ing ings
    ion ions ise ised ish ism ist ity ive ize ized izer izing less lighted lighting lights ling ly ment ments ness or
    ous ry s ship some tion tions ture ty ward wards ware y
    """.split()
)


def join_lines(text: str) -> str:
    """Return `text` with each word that is broken at the end of a line in one piece: "par-", "sing" is "parsing"."""
    return _BROKEN.sub(_joined, text) if _ANY_BREAK.search(text) else text


def _joined(broken: re.Match[str]) -> str:
    head, left, gap, right, goes_on = broken.groups()
    if right.lower() in _SUSPENDED and not goes_on:
        return f"{head}{left}- {right}"
    if gap == " " and (right in _AFTER_DASH or not (left + right).islower()):
        return broken.group()
    return f"{head}{left}{'-' if _is_compound(head, left, right, goes_on) else ''}{right}"


def _is_compound(head: str, left: str, right: str, goes_on: str) -> bool:
    """Return whether the hyphen belongs to the word, not to the end of the line."""
    if head or goes_on or not left.isalpha() or not right.isalpha() or not right.islower():
        return True
    if left[-1].isupper() or len(left) == 1:
        return True
    adverb = left.endswith("ly") and len(left) >= _SHORTEST_ADVERB
    made_of = left.lower() in _FIRST or adverb
    return right in _SECOND or (made_of and right not in _ENDINGS)
