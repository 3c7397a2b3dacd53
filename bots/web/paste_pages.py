"""Condenses an abstract that a person pastes."""

from bots.domain import replies, requests
from bots.domain.channels import Channel
from bots.presentation import digest_text
from bots.web.rendering import page, problem_lines
from bots.web.site import Route, Site
from bots.web.visits import Answer, Visit
from summarizer import Blurb, Style

_WRONG = 422
#: A blurb takes some hundredths of a second of a processor.
_PER_MINUTE = 20
#: Characters; the longest title of 50,000 papers has 217.
_LONGEST_TITLE = 300
STYLES = ((Style.ONE_LINE, "One line"), (Style.SHORT, "Short"), (Style.STRUCTURED, "Structured"))


async def ask(site: Site, visit: Visit) -> Answer:
    """Return the empty form."""
    return _form(site, visit)


async def condense(site: Site, visit: Visit) -> Answer:
    """Return the blurb of the pasted abstract, above the form as it was filled in."""
    fields = visit.fields
    style = Style(fields.get("style", "")) if fields.get("style") in list(Style) else Style.ONE_LINE
    # Each browser is a person of its own, so that one who pastes much does not hold up the others.
    here = Channel(platform="web", channel="paste")
    asked = requests.Summarize(
        channel=here,
        user=visit.session.id,
        text=fields.get("text", ""),
        title=fields.get("title", "")[:_LONGEST_TITLE],
        style=style,
    )
    reply = await site.service.answer(asked)
    if isinstance(reply, replies.BlurbReply):
        return _form(site, visit, style=style, blurb=reply.blurb)
    problem = reply if isinstance(reply, replies.Problem) else replies.Problem(message="It could not be condensed.")
    return _form(site, visit, style=style, wrong=problem_lines(problem))


def _form(
    site: Site,
    visit: Visit,
    *,
    style: Style = Style.ONE_LINE,
    blurb: Blurb | None = None,
    wrong: tuple[str, ...] = (),
) -> Answer:
    return page(
        site,
        visit,
        "paste.html",
        "Paste an abstract",
        status=_WRONG if wrong else 200,
        has_form=True,
        text=visit.fields.get("text", ""),
        paper_title=visit.fields.get("title", ""),
        style=style,
        styles=STYLES,
        blurb=digest_text.text_lines(blurb.text) if blurb else (),
        made_by=digest_text.made_by(blurb) if blurb else "",
        warnings=digest_text.warning_lines(blurb) if blurb else (),
        wrong=wrong,
    )


ROUTES = (
    Route(method="GET", path="/paste", view=ask),
    Route(method="POST", path="/paste", view=condense, per_minute=_PER_MINUTE),
)
