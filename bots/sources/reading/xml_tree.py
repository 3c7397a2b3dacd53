"""XML from outside, read without entities or document types; the only file that imports defusedxml."""

from xml.etree.ElementTree import Element, ParseError

from bots.domain.errors import SourceRefused
from bots.sources.web import Page

ATOM = "{http://www.w3.org/2005/Atom}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
OPEN_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"

# A full feed of 2,000 items has 60,000 tags; millions of empty ones would take a hundred times their size in memory.
_TAGS_MOST = 500_000


def read_xml(body: bytes, name: str) -> Element:
    """Return the root of a document.

    Args:
        body: the answer as it came.
        name: who answered, for the message: "arXiv".

    Raises:
        SourceRefused: it is no well-formed XML, is made of tags, or carries a document type (entity bombs live there).
    """
    # Late: a source is described, in help and menus, without reading anything.
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    if body.count(b"<") > _TAGS_MOST:
        raise SourceRefused(f"{name} answered with far too many elements.")
    try:
        root: Element = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        # ValueError and LookupError: an encoding that does not exist or does not fit.
        raise SourceRefused(f"{name} answered with unreadable XML.", hint="Paperwire may need an update.") from error
    return root


def inner(element: Element, path: str) -> str:
    """Return the text of the first element at a path with all it contains; empty where there is none."""
    found = element.find(path)
    # Not `or`: an element without children is false, and a paper of 2021 is titled "0".
    return "" if found is None else "".join(found.itertext())


def is_feed(page: Page) -> bool:
    """Return whether a good status brought a feed: busy servers send blank bodies and web pages with it."""
    start = page.body.lstrip()[:200].lower()
    return page.status >= 300 or bool(start and b"<html" not in start and not start.startswith(b"<!doctype"))
