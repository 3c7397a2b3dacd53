"""The fields of a query, the names under which people know them, and what a paper can have."""

from enum import StrEnum

from bots.translation.speech import gettext_noop


class Field(StrEnum):
    """The field in which a term is searched or a number is compared; the values are the names in the canonical form."""

    #: Title, abstract and keywords; the default field, without a name.
    ANYWHERE = ""
    TITLE = "ti"
    ABSTRACT = "abs"
    AUTHOR = "au"
    CATEGORY = "cat"
    KEYWORD = "kw"
    VENUE = "venue"
    SOURCE = "source"
    HAS = "has"
    YEAR = "year"
    UPVOTES = "upvotes"
    COMMENTS = "comments"
    STARS = "stars"
    CITED = "cited"


class Part(StrEnum):
    """What `has:` asks for; a figure counts as had if a source reports it, even if it is zero."""

    CODE = "code"
    ABSTRACT = "abstract"
    VENUE = "venue"
    KEYWORDS = "keywords"
    YEAR = "year"
    UPVOTES = "upvotes"
    COMMENTS = "comments"
    STARS = "stars"
    CITATIONS = "citations"


#: The fields that take a number, and the error of a text that is none.
NUMBERS = {
    Field.YEAR: gettext_noop("“{text}” at character {place} is not a year."),
    Field.UPVOTES: gettext_noop("“{text}” at character {place} is not a number of upvotes."),
    Field.COMMENTS: gettext_noop("“{text}” at character {place} is not a number of comments."),
    Field.STARS: gettext_noop("“{text}” at character {place} is not a number of stars."),
    Field.CITED: gettext_noop("“{text}” at character {place} is not a number of citations."),
}
FIELDS = {
    "ti": Field.TITLE,
    "title": Field.TITLE,
    "abs": Field.ABSTRACT,
    "abstract": Field.ABSTRACT,
    "au": Field.AUTHOR,
    "author": Field.AUTHOR,
    "authors": Field.AUTHOR,
    "cat": Field.CATEGORY,
    "category": Field.CATEGORY,
    "kw": Field.KEYWORD,
    "keyword": Field.KEYWORD,
    "keywords": Field.KEYWORD,
    # arXiv's own search has this field; here it means the same as no field.
    "all": Field.ANYWHERE,
    "venue": Field.VENUE,
    "journal": Field.VENUE,
    "conference": Field.VENUE,
    "source": Field.SOURCE,
    "has": Field.HAS,
    "year": Field.YEAR,
    "upvotes": Field.UPVOTES,
    "votes": Field.UPVOTES,
    "likes": Field.UPVOTES,
    "comments": Field.COMMENTS,
    "stars": Field.STARS,
    "cited": Field.CITED,
    "citations": Field.CITED,
}
#: A value of each field with words, for error messages; of the others, "agents".
EXAMPLES = {
    Field.AUTHOR: "vaswani",
    Field.CATEGORY: "cs.CL",
    Field.VENUE: "NeurIPS",
    Field.SOURCE: "arxiv",
}
#: What people ask other sites for, and how it is asked for here.
MEANT = {
    "code": "has:code",
    "github": "has:code",
    "date": "year:2026",
    "published": "year:2026",
    "since": "year:>=2026",
    "after": "year:>2025",
    "before": "year:<2026",
    "min": "upvotes:>20",
    "site": "source:arxiv",
    "in": "cat:cs.CL",
    "text": "abs:agents",
    "tag": "kw:agents",
    "topic": "kw:agents",
    "by": "au:vaswani",
}
#: The names of fields with numbers, longest first, so that an alternative of a regular expression takes the whole name.
NUMBER_NAMES = sorted((name for name, field in FIELDS.items() if field in NUMBERS), key=len, reverse=True)
