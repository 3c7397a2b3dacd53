"""Pages: every value is escaped, and the style's hash is the one that the policy allows."""

import base64
import hashlib
import re

import pytest
from hypothesis import given

from bots.email.html_pages import said_page, sign_up_page
from bots.pages.html import page_headers
from tests.contracts.email_place import VisibleHtml
from tests.email.test_messages import MARKUP
from tests.support import hostile


@hostile.patient
@given(text=hostile.texts)
def test_no_text_is_markup(text: str) -> None:
    """Whatever a text holds, a page shows it and loads nothing."""
    page = VisibleHtml()
    page.feed(said_page(text, text))
    assert ["form"] == list(dict.fromkeys([*page.loads, "form"]))


@pytest.mark.parametrize("text", MARKUP)
def test_markup_is_text(text: str) -> None:
    """Markup in a title, a line, a label or a field is shown and does nothing."""
    for made in (said_page(text, text, links=[(text, "/email/sign-up")]), sign_up_page((text,), text)):
        page = VisibleHtml()
        page.feed(made)
        assert set(page.loads) <= {"form"}
        assert "".join(text.split())[:12] in "".join("".join(page.texts).split())


def test_the_policy_allows_the_style_of_the_page() -> None:
    """The one style of a page is the one whose hash the policy names; nothing else may run or load."""
    page = sign_up_page(("*",))
    (style,) = re.findall("<style>(.*?)</style>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page_headers()["Content-Security-Policy"]
    assert not re.search(r"\s(?:on\w+|style)=", page)
    assert '<html lang="en">' in page


def test_every_field_has_a_label() -> None:
    """Each input of a page has a label, which screen readers read."""
    page = sign_up_page(("*",), "That is not a mail address.")
    fields = re.findall(r'<input id="(\w+)"', page)
    assert 2 == len(fields)
    assert all(f'<label for="{name}"' in page for name in fields)
    assert 'role="alert"' in page
