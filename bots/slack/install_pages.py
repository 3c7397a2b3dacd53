"""The pages that a browser shows during installation; they load nothing from other sites. Pure functions."""

from collections.abc import Mapping, Sequence
from html import escape

from bots.slack.outgoing import COMMAND
from bots.translation.formats import sentences
from bots.translation.speech import gettext, gettext_noop, html_language, pgettext

#: These pages load nothing, and no referrer is sent, because a page's URL may hold an OAuth code.
HEADERS: Mapping[str, str] = {
    "Content-Type": "text/html; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_STYLE = (
    ":root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:4rem auto;"
    "padding:0 1rem}a.button{display:inline-block;padding:.6rem 1.2rem;border-radius:.4rem;background:#1f3a5f;"
    "color:#fff;text-decoration:none}code{font-size:1rem}"
)
#: Explanation and advice for each error code of the library and of Slack.
_WRONG: Mapping[str, tuple[str, str]] = {
    "access_denied": (
        gettext_noop("Nothing was installed"),
        gettext_noop("You declined. You can start again at any time."),
    ),
    "invalid_browser": (
        gettext_noop("This installation was not started in this browser"),
        gettext_noop(
            "Start it in this browser, over https and with cookies allowed: a cookie shows that you started it."
        ),
    ),
    "invalid_state": (
        gettext_noop("This installation is over"),
        gettext_noop("It was finished before, or more than ten minutes have passed. Start again."),
    ),
    "missing_code": (gettext_noop("Slack sent no code"), gettext_noop("Start the installation again.")),
    "invalid_code": (
        gettext_noop("Slack did not confirm the installation"),
        gettext_noop("Start again: a code from Slack works only once."),
    ),
    "storage_error": (
        gettext_noop("The installation could not be saved"),
        gettext_noop("Report this to whoever runs Paperwire: the log has the cause. Then start again."),
    ),
}
_UNKNOWN = (gettext_noop("Slack did not install Paperwire"), gettext_noop("Start the installation again."))
#: Longer than any error code of Slack.
_LONGEST_ERROR = 60


def install_page(url: str) -> str:
    """Return the page that links an installer to Slack."""
    return _page(
        gettext("Add Paperwire to Slack"),
        (
            gettext("Paperwire posts digests of new papers to the channels that subscribe, and condenses abstracts."),
            _button(url, pgettext("button", "Add to Slack")),
            gettext("Slack then shows the permissions that Paperwire requests, and asks you to allow them."),
        ),
    )


def welcome_page(workspace: str) -> str:
    """Return the page that describes the next steps after an installation.

    Args:
        workspace: the name of the workspace or of the organisation; empty if Slack did not send one.
    """
    there = gettext("Paperwire is installed in {workspace}", workspace=escape(workspace))
    command = f"<code>{escape(COMMAND)} help</code>"
    return _page(
        there if workspace else gettext("Paperwire is installed"),
        (
            gettext("In the channel that should get a digest, type:"),
            "<code>/invite @Paperwire</code>",
            f"<code>{escape(COMMAND)} subscribe</code>",
            gettext("{command} lists all commands. You can close this page.", command=command),
        ),
    )


def failure_page(reason: str, install_path: str) -> str:
    """Return the page that explains why the installation failed.

    Args:
        reason: the library's or Slack's error code; untrusted, because it comes from the URL.
        install_path: the path of the page that starts the installation again.
    """
    title, advice = _WRONG.get(reason, _UNKNOWN)
    code = f"<code>{escape(reason[:_LONGEST_ERROR])}</code>"
    word = "" if reason in _WRONG else gettext("Slack's error code: {code}.", code=code)
    again = _button(install_path, pgettext("button", "Start again"))
    return _page(escape(gettext(title), quote=False), (sentences(escape(gettext(advice), quote=False), word), again))


def _button(url: str, label: str) -> str:
    return f'<a class="button" href="{escape(url)}">{escape(label)}</a>'


def _page(title: str, paragraphs: Sequence[str]) -> str:
    """Return an HTML page; the title and the paragraphs must already be HTML."""
    body = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        f'<!doctype html><html lang="{html_language()}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><h1>{title}</h1>{body}</body></html>"
    )
