"""Parses external XML without entities or document types; the only module that imports defusedxml."""

from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from bots.domain.errors import SourceRefused
from bots.sources.reading.xml_repair import mended
from bots.sources.web import Page
from bots.translation.speech import gettext_lazy

ATOM = "{http://www.w3.org/2005/Atom}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
OPEN_SEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"

# A full feed of 2,000 items has 60,000 tags and half as many equals signs; millions of empty tags or attributes would
# take a hundred times their size in memory.
_TAGS_MOST = _ATTRIBUTES_MOST = 500_000
# Characters of a namespace, which the parser puts before each of its names: 135 KB could take a gigabyte. The longest
# of a real feed have seventy.
_NAMESPACE_MOST = 200


def read_xml(body: bytes, name: str) -> Element:
    """Return the root element of a document; one that only stray characters make ill-formed is mended.

    Args:
        body: the response as received.
        name: the name of the service, for the message: "arXiv".

    Raises:
        SourceRefused: the document is not well-formed XML, has too many tags or attributes or a huge namespace, or has
            a document type (the place of entity bombs).
    """
    # Imported late: describing a source in help and menus must not load a parser.
    from defusedxml.common import DefusedXmlException

    if body.count(b"<") > _TAGS_MOST or body.count(b"=") > _ATTRIBUTES_MOST:
        raise SourceRefused(gettext_lazy("{source} answered with far too many elements.", source=name))
    try:
        return _parsed(body, name)
    except ParseError as error:
        better = mended(body)
        failure: Exception = error
    except (DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        # ValueError and LookupError: the encoding does not exist or does not match the bytes.
        better, failure = None, error
    try:
        if better is not None:
            return _parsed(better, name)
    except (ParseError, DefusedXmlException, ValueError, RecursionError) as error:
        failure = error
    raise SourceRefused(
        gettext_lazy("{source} answered with unreadable XML.", source=name),
        hint=gettext_lazy("Paperwire may need an update."),
    ) from failure


def _parsed(body: bytes, name: str) -> Element:
    from defusedxml.ElementTree import XMLParser

    def check_namespace(_prefix: str | None, namespace: str | None) -> None:
        if len(namespace or "") > _NAMESPACE_MOST:
            raise SourceRefused(gettext_lazy("{source} answered with a namespace that is far too long.", source=name))

    parser = XMLParser(target=TreeBuilder(), forbid_dtd=True)
    parser.parser.StartNamespaceDeclHandler = check_namespace
    parser.feed(body)
    root: Element = parser.close()
    return root


def inner(element: Element, path: str) -> str:
    """Return all text of the first element at a path; empty if there is no such element."""
    found = element.find(path)
    # Not `or`: an element without children is false, and a paper of 2021 has the title "0".
    return "" if found is None else "".join(found.itertext())


def outermost(root: Element, is_wanted: Callable[[Element], bool]) -> Iterator[Element]:
    """Yield the elements that are wanted, in order, but none inside another: the text of each is read only once."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if is_wanted(element):
            yield element
        else:
            waiting.extend(reversed(element))


def is_feed(page: Page) -> bool:
    """Return whether a response is complete: it has an error status, or its body can be a feed.

    Busy servers send blank bodies and web pages with a successful status.
    """
    start = page.body.lstrip()[:200].lower()
    return page.status >= 300 or bool(start and b"<html" not in start and not start.startswith(b"<!doctype"))
