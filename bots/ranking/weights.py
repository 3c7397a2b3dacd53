"""Every number of the ranking, with its reason; measured by `tests/bench/ranking.py` unless another source is named.

The measurements: days of 200 papers of machine learning, 6 of which fit a topic by their authors' keywords, for 64
topics, each in plain words and in the field's own terms; and 96 days of Hugging Face's list with five topics.
"""

# ── how near a paper is to an interest in words ──────────────────────────────────────────────────────────────────────

#: log-odds = NEARNESS · nearness + WORDS · shared words + BASE, both standardised: a logistic regression on half of the
#: topics. It holds elsewhere: of Hugging Face's papers to which it gives 0.2 or more, 68 % fit.
NEARNESS, WORDS, BASE = 1.42, 0.39, -5.0
#: Shared words as a share of those that could be shared: their mean and deviation over the topics' papers.
SHARED_MEAN, SHARED_DEVIATION = 0.038, 0.076
#: Papers that the usual mean and deviation count for beside those of the list. With 100, 30 and 0: 0.590, 0.588, 0.587
#: precision at 5; and a list of three papers has no mean of its own.
PRIOR = 50
#: The share of texts that a word occurs in, before the list is looked at.
USUAL_SHARE = 0.05
#: Some papers are near to every subject. Subtracting this share of a paper's nearness to the nearest of the reference
#: subjects gains 0.007; with 5, 10 and 20 of those the precision is 0.596, 0.601 and 0.600 on the topics, and 0.655,
#: 0.654 and 0.662 on Hugging Face's days of 2025.
HUBNESS, HUBS = 0.5, 20
#: Subjects against which nearness is measured: their mean is what texts of this length have in common, whatever they
#: are about. Subtracting it from an interest gains 0.009. One for each field that a library shelves papers under.
REFERENCE = (
    "artificial intelligence", "computer vision", "natural language processing", "robotics", "machine learning",
    "reinforcement learning", "speech and audio", "information retrieval", "databases", "computer graphics",
    "human-computer interaction", "cryptography and security", "networks and the internet", "operating systems",
    "programming languages", "software engineering", "algorithms and data structures", "logic and formal methods",
    "game theory", "social networks", "quantum computing", "signal processing", "control theory", "optimization",
    "statistics", "probability", "number theory", "geometry and topology", "galaxies and cosmology",
    "particle physics", "condensed matter", "fluid dynamics", "chemistry and materials", "climate and earth science",
    "genomics", "proteins and molecules", "neuroscience", "medicine and public health", "economics", "finance",
)  # fmt: skip

#: Papers that are near to several subjects of a channel come before those that are near to one: their log-odds are
#: pooled as POOL · log Σ exp(odds / POOL). On 83 days of Hugging Face's list of 2025, five related subjects each,
#: pooling raises the precision at 5 from 0.655 to 0.664; with 0.5, 1, 2 and 3: 0.648, 0.657, 0.665 and 0.675. On days
#: with three unrelated subjects it changes nothing up to 1.5 (0.485); 2 and 3 lose 0.003 and 0.010. Whether a paper
#: passes is decided by its best subject alone, because the pooled odds are no probabilities.
POOL = 1.5

# ── which papers are shown ───────────────────────────────────────────────────────────────────────────────────────────

#: Least probability that a paper fits. Of five shown, a digest then loses 3 % of the fitting papers, and on a day on
#: which nothing fits it shows 3.7 instead of 5; with 0.3 these are 10 % and 1.8. Of Hugging Face's fitting papers
#: 62 % pass, and 60 % of those that pass fit.
THRESHOLD = 0.15
#: The probability of a paper by a person whom the channel follows, or that matches a filter it follows.
FOLLOWED = 0.95
#: The log-odds of a paper for which nothing speaks where other papers are near to something: less than those of any
#: subject that a paper fits.
NOTHING_WANTED = -1.8

#: The probability from which a paper is said to interest a member who follows a subject: of papers with so much, two in
#: three fit by their authors' keywords, and a mention that does not fit disturbs.
MIGHT_INTEREST = 0.5

# ── in which order ───────────────────────────────────────────────────────────────────────────────────────────────────

#: score = freshness · (RELEVANCE · probability + BUZZ · upvotes + CODE · stars). On Hugging Face's days relevance alone
#: has a precision of 0.69 and its papers have 11 upvotes; these weights 0.67 and 16; 0.6, 0.3 and 0.1: 0.64 and 19;
#: upvotes alone 0.16 and 56. So popularity orders what passes, and no more.
RELEVANCE, BUZZ, CODE = 0.8, 0.15, 0.05
#: Upvotes that count in full, unless one in twenty of the list's papers has more: 19 in 20 papers of Hugging Face have
#: fewer on the morning they are listed.
MANY_UPVOTES = 53
#: Stars that count in full: 99 in 100 papers with code have fewer (1,576).
MANY_STARS = 1000
#: Days after which a paper's score is halved, beyond the first day and the days that the digest covers.
HALF_LIFE = 2.0
#: What a paper loses that is the same as one chosen before; the loss begins at this cosine, which one pair in a
#: thousand reaches. A loss by likeness in general (MMR) costs precision, because papers of one topic are alike.
SAMENESS, ALIKE = 0.15, 0.7
#: What a paper loses for each chosen one of the same subject, if the channel has several: as much as some ten votes.
SAME_SUBJECT = 0.06
#: Papers with the same first author in one digest.
MOST_OF_ONE_AUTHOR = 2

# ── what is learned from people ──────────────────────────────────────────────────────────────────────────────────────

#: The weight of each statement: asking for similar papers is also done out of curiosity, and a reaction in passing. A
#: reaction to a message with several papers is shared among them.
SIGNS = {"saved": 1.0, "more": 0.5, "hidden": 1.0, "example": 1.0, "liked": 0.5, "disliked": 0.5}
#: Added to the log-odds at full strength: nearness to what was liked, and its words. On the topics that set them, six
#: liked and fourteen disliked papers gain 0.06 precision; 1.2 and 1.0, or 0.8 and 1.0, gain within 0.003 of that.
TASTE_NEARNESS, TASTE_WORDS = 1.0, 0.8
#: Papers of the list that count as liked, because they fit the interests in words best, and what each counts at a
#: probability of 1. They raise the gain of one liked paper from 0.014 to 0.029 and of three from 0.027 to 0.043, and
#: that of 20 clicks, one in ten of them wrong, from 0.046 to 0.054. With 0.3, 0.5 and 0.7 this is 0.053, 0.054, 0.054.
MOST_BACKING, BACKING = 10, 0.5
#: Liked papers at which half of the strength is reached: with 1, 2 and 3, one liked paper gains 0.029, 0.026 and 0.021.
HALF_STRENGTH = 1.0
#: What a disliked paper counts beside a liked one: what people do not want is as varied as the list itself.
DISLIKED = 0.3
#: Added to the covariance of the vectors before it is inverted: 0.003 to 0.01 gain 0.032, 0.03 gains 0.030.
SHRINKAGE = 0.01
#: Words taken from liked papers, those that are in at least two of them.
MOST_WORDS = 25
#: What a word of a disliked paper counts against it beside one of a liked paper.
AGAINST = 0.5
#: A member's statements count together at most this much, or twice the median member's if that is more.
ONE_MEMBER = 10.0
#: Cosine from which a paper is called close to a liked one: of two papers of machine learning taken at random, one pair
#: in a hundred reaches 0.59; of two with a topic in common, one pair in ten.
CLOSE = 0.6
