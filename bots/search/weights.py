"""Every number of the search, with its reason; measured by `tests/bench/search.py` unless another source is named."""

# ── joining the lists ────────────────────────────────────────────────────────────────────────────────────────────────

#: A paper's score is the sum of 1 / (FLATNESS + rank) over the lists that have it (Cormack, Clarke and Büttcher 2009,
#: with their 60). Over 4,162 papers and 64 topics, every paper ranked, nDCG at 10 is 0.54 for plain words and 0.67 for
#: the field's terms; 10 gives 0.52 and 0.66, and sums of standardised scores at most 0.54 and 0.66.
FLATNESS = 60
#: Papers taken from each list, and found in all.
MOST_FOUND = 200

# ── by words ─────────────────────────────────────────────────────────────────────────────────────────────────────────

#: Words of one search; more than a long title has.
MOST_ASKED = 32
#: Rows that a search by words may touch: 2.4 microseconds each in SQLite. Words that most papers contain tell little,
#: so the rarest words choose the papers, and all words order them.
MOST_ROWS = 6000
#: How soon further occurrences of a word stop to count, and how much a long text is discounted: the usual values.
SATURATION, LENGTH = 1.2, 0.75
#: An occurrence in the title, or in an author's name, beside one in the abstract.
TITLE, NAME = 2.0, 2.0
#: The least share of the words, weighted by rarity, that a paper must contain to be found by words. By words alone nDCG
#: at 10 is 0.41 for plain words; with 0.5 it is 0.32, because long questions have many words. With vectors it is 0.54.
COVERED = 0.35

# ── by meaning ───────────────────────────────────────────────────────────────────────────────────────────────────────

#: The least cosine at which a paper is found by its meaning alone. Of 20 searches on quite other subjects (cakes,
#: flights) none finds any of 4,162 papers of machine learning; with 0.35 three do. Of the papers that fit a topic by
#: their keywords 44 % are this near.
NEAR = 0.4

#: Vectors up to which each is compared in memory. On two busy cores the 200 nearest take 24 ms in memory and 34 ms by
#: pgvector's index at 50,000 (p50), and 59 and 24 ms at 200,000, of which 96 % are the same; in memory they take 388
#: bytes each in every process, and 1,990 in the database.
IN_MEMORY = 100_000

# ── by a title with typing errors ────────────────────────────────────────────────────────────────────────────────────

#: Bits of a title's signature. With 512, the fifty nearest signatures of 50,000 contain the title that is meant.
BITS = 512
#: Signatures whose titles are compared in full.
COMPARED = 50
#: From this likeness (shared trigrams, Dice) a title is a near miss; from the second it is the title that was meant.
ALIKE, MEANT = 0.5, 0.72
#: A shorter text is no title.
SHORTEST_TITLE = 10

# ── words with typing errors ─────────────────────────────────────────────────────────────────────────────────────────

#: Shorter words have neighbours of quite another meaning at every turn.
SHORTEST_CORRECTED = 4
#: Letters up to which a word may have one error; a longer one may have two.
ONE_ERROR = 7
#: Words whose signatures are nearest, which are compared in full.
WORDS_COMPARED = 40
#: A word that so few papers contain may be a typing error that they share with the person; it is if its neighbour
#: occurs this many times as often.
RARE, COMMONER = 2, 20
