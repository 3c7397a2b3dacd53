"""Says back how a query was read, where the way it was typed leaves that open. Pure functions."""

from bots.domain.errors import BadQuery
from bots.selection.filters import parse_query
from bots.selection.query import AllOf, AnyOf, Node, Without
from bots.selection.tokens import Kind, tokens_of


def read_as(text: str) -> str:
    """Return a query with its operators in capitals and its groups in brackets; empty if it was typed as clearly.

    "a or b c" may mean two things, and was read as "a OR (b c)". A text that is no query was read as nothing.
    """
    try:
        tokens = tuple(tokens_of(text))
        root = parse_query(text).root
    except BadQuery:
        return ""
    small = any(token.kind is Kind.OPERATOR and not token.text.isupper() for token in tokens)
    spelled = _spelled(root)
    unbracketed = spelled.count("(") > sum(token.kind is Kind.OPEN for token in tokens)
    return spelled if (small or unbracketed) and spelled != " ".join(text.split()) else ""


def _spelled(node: Node) -> str:
    match node:
        case AnyOf():
            return " OR ".join(f"({_spelled(part)})" if isinstance(part, AllOf) else _spelled(part) for part in node.of)
        case AllOf():
            return " ".join(f"({_spelled(part)})" if isinstance(part, AnyOf) else _spelled(part) for part in node.of)
        case Without():
            inner = _spelled(node.of)
            return f"-({inner})" if isinstance(node.of, AllOf | AnyOf) else f"-{inner}"
    return str(node)
