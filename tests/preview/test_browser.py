"""The preview in a real browser: live while one types, by its button without scripts, and for everyone."""

from collections.abc import AsyncIterator
from typing import Any, Literal

import pytest

from tests.preview.conftest import Lab, a_lab, given_
from tests.support.chromium import DESK, PHONE, chromium, serious_faults
from tests.support.doubles import ToldSource
from tests.support.factories import a_paper

pytestmark = pytest.mark.slow


@pytest.fixture
async def lab() -> AsyncIterator[Lab]:
    """A preview of five papers."""
    async with a_lab() as lab:
        yield lab


async def test_it_is_live_while_one_types(lab: Lab) -> None:
    """Each pause in typing shows the digest of what is typed, or what is wrong at its field; nothing is reloaded."""
    async with chromium(viewport=DESK) as browser:
        page = await browser.new_page()
        complaints: list[str] = []
        page.on("console", lambda said: complaints.append(said.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(lab.address)
        await page.evaluate("window.stays = true")
        await page.get_by_label("Only papers that match").fill("ti:bert")
        await page.get_by_text("5 papers seen, 1 fit, 1 shown").wait_for()
        assert 1 == await page.locator(".slack .slack-actions").count()
        assert "ti%3Abert" in page.url
        await page.get_by_label("Only papers that match").fill("ti:(")
        await page.get_by_text("is never closed").wait_for()
        assert "true" == await page.get_by_label("Only papers that match").get_attribute("aria-invalid")
        assert 0 == await page.locator("iframe").count()
        await page.get_by_label("Only papers that match").fill("")
        await page.get_by_label("Look").select_option("compact")
        await page.locator(".slack").get_by_text("Pick a paper").wait_for()
        assert await page.get_by_text("is never closed").count() == 0
        assert await page.evaluate("window.stays")
        assert [] == complaints


async def test_the_mail_is_shown_in_its_box(lab: Lab) -> None:
    """The mail is drawn with its own style, its links open beside the preview, and it can run nothing."""
    async with chromium(viewport=DESK) as browser:
        page = await browser.new_page()
        await page.goto(lab.address)
        mail = page.frame_locator("iframe")
        await mail.get_by_role("heading", name="Attention Is All You Need").wait_for()
        size = await mail.locator("h1").evaluate("each => getComputedStyle(each).fontSize")
        assert "24px" == size
        base = await mail.locator("base").get_attribute("target")
        assert "_blank" == base


async def test_it_works_without_scripts(lab: Lab) -> None:
    """Without scripts the button sends the form, and the page shows its digest."""
    async with chromium(java_script_enabled=False) as browser:
        page = await browser.new_page()
        await page.goto(lab.address)
        await page.get_by_label("Your interests").fill("language models")
        await page.get_by_label("Papers", exact=True).fill("2")
        await page.get_by_role("button", name="Show the digest").click()
        assert 'interests="language models" limit=2' in (await page.locator(".command").first.text_content() or "")


async def test_markup_of_a_paper_does_nothing() -> None:
    """A paper whose every text is a script shows it, in the page and in the mail, live and loaded."""
    marked = "<img src=x onerror=document.title='owned'><script>document.title='owned'</script>"
    paper = a_paper(
        title=f"T {marked}", authors=(marked,), venue=marked, abstract=f"We propose {marked} in this paper."
    )
    async with a_lab(told=ToldSource(papers=(paper,))) as lab, chromium() as browser:
        page = await browser.new_page()
        await page.goto(lab.address)
        await page.get_by_label("Papers", exact=True).fill("3")
        await page.get_by_text("--limit 3").wait_for()
        assert "Preview – Paperwire" == await page.title()
        assert 0 == await page.locator("img, #result script").count()
        assert await page.locator(".slack").get_by_text("<img src=x").count() >= 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    "query",
    [
        given_(query="attention", look="cards"),
        given_(look="compact", entries="thread"),
        given_(query="ti:(", at="25:00"),
    ],
    ids=["cards", "compact", "wrong"],
)
async def test_everyone_can_use_it(
    lab: Lab, query: dict[str, Any], size: Any, scheme: Literal["light", "dark"]
) -> None:
    """axe finds no serious fault, and nothing is wider than the screen, on a phone and a desk, light and dark."""
    async with chromium(viewport=size, color_scheme=scheme) as browser:
        page = await browser.new_page()
        await page.goto(str(lab.web.build_request("GET", lab.address, params=query).url))
        assert [] == await serious_faults(page)
        width = await page.evaluate("document.documentElement.scrollWidth")
        assert size["width"] >= width
