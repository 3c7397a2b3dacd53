"""Which of the papers found fit a channel, in which order, and why: pure functions over records.

Comes in: papers, a keyword query, categories, what was posted before. Goes out: a `Choice`. Touches nothing outside.
"""

from bots.selection.categories import in_category, read_category
from bots.selection.choice import Choice, Pick, Sifted, choose, sift
from bots.selection.filters import parse_query
from bots.selection.query import Query
from bots.selection.sorting import sort_papers

__all__ = [
    "Choice",
    "Pick",
    "Query",
    "Sifted",
    "choose",
    "in_category",
    "parse_query",
    "read_category",
    "sift",
    "sort_papers",
]
