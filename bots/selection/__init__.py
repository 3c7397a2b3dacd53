"""Selects and sorts the papers that fit a channel, with the reason for each: pure functions over records.

Input: papers, a keyword query, categories, and the papers posted before. Output: a `Choice`. No I/O.
"""

from bots.selection.categories import in_category, read_category
from bots.selection.choice import Choice, Order, Pick, Sifted, choose, sift
from bots.selection.filters import parse_query
from bots.selection.query import Query
from bots.selection.reading_back import read_as
from bots.selection.search_plan import SearchPlan, plan_search
from bots.selection.sorting import sort_papers

__all__ = [
    "Choice",
    "Order",
    "Pick",
    "Query",
    "SearchPlan",
    "Sifted",
    "choose",
    "in_category",
    "parse_query",
    "plan_search",
    "read_as",
    "read_category",
    "sift",
    "sort_papers",
]
