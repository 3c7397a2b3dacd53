"""Renders HTML from templates that escape every value, and the headers that a browser gets with a page."""

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined

from bots.translation.speech import gettext, html_language


class Templates:
    """The templates of a package, which may extend `pages/layout.html`."""

    def __init__(self, package: str) -> None:
        own, shared = PackageLoader(package), PackageLoader("bots.pages")
        self._environment = Environment(
            loader=ChoiceLoader([own, PrefixLoader({"pages": shared})]),
            # Every value is text from outside; the style of the layout is the one exception.
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def render(self, name: str, **values: object) -> str:
        """Return a template with its values."""
        return self._environment.get_template(name).render(**values)

    def page(self, name: str, **values: object) -> str:
        """Return a page, a template that extends `pages/layout.html`, with the style of all pages."""
        shared = {"style": style_sheet(), "language": html_language(), "skip": gettext("Skip to the content")}
        return self.render(name, **shared, **values)


@cache
def style_sheet() -> str:
    """Return the style of all pages: light and dark, for a phone and for a wide screen."""
    return files("bots.pages").joinpath("templates", "style.css").read_text("utf-8")


@cache
def page_headers() -> Mapping[str, str]:
    """Return the headers of a page: it loads nothing, runs nothing, is framed nowhere, and names itself nowhere.

    The style is allowed by its hash.
    """
    digest = base64.b64encode(hashlib.sha256(style_sheet().encode()).digest()).decode()
    return {"Content-Type": "text/html; charset=utf-8", **security_headers(f"style-src 'sha256-{digest}'")}


def security_headers(*sources: str) -> Mapping[str, str]:
    """Return the headers of every answer to a browser: it loads only what is named, and is framed nowhere.

    No referrer is sent, because the address of a page may hold a signed link.

    Args:
        sources: the directives of what may be loaded, such as `style-src 'self'`.
    """
    rules = ("default-src 'none'", *sources, "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'")
    return {
        "Cache-Control": "no-store",
        "Content-Security-Policy": "; ".join(rules),
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "X-Robots-Tag": "noindex",
    }
