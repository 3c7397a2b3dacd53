"""Renders HTML pages of a channel, a thread, a modal or a home tab, as a person sees them."""

from datetime import UTC, datetime, tzinfo
from html import escape

from tests.fakes.slack.block_html import BlockHtml
from tests.fakes.slack.hub import Hub
from tests.fakes.slack.mrkdwn import read
from tests.fakes.slack.reading import Seen
from tests.fakes.slack.screens import Screen

_STYLE = """
body{font:15px/1.46 Lato,"Noto Sans","Helvetica Neue",Arial,sans-serif;color:#1d1c1d;margin:0;background:#fff;
overflow-wrap:anywhere}
main{max-width:760px;padding:16px 20px}
h1{font-size:18px;border-bottom:1px solid #ddd;padding-bottom:10px;margin:0 0 12px}
.message{display:flex;gap:10px;padding:8px 0}.face{flex:none;width:36px;height:36px;border-radius:6px;color:#fff;
font-weight:700;display:flex;align-items:center;justify-content:center;background:#4a154b}
.face.human{background:#2e7d6b}
.body{flex:1;min-width:0}.who b{margin-right:6px}.muted,.who time,.only{color:#616061;font-size:13px}
.tag{background:#e8e8e8;border-radius:2px;color:#616061;font-size:10px;font-weight:700;padding:1px 3px;margin-right:6px}
.block{margin:6px 0}.header{font-size:18px;font-weight:900}.context{color:#616061;font-size:13px}
.row{display:flex;gap:16px}.grow{flex:1;min-width:0}.cells{display:grid;grid-template-columns:1fr 1fr;gap:4px 16px}
p{margin:0;white-space:pre-wrap}ul,ol{margin:2px 0}hr{border:0;border-top:1px solid #ddd;margin:12px 0}
blockquote{border-left:4px solid #ddd;margin:4px 0;padding-left:12px}
pre,code{background:#f8f8f8;border:1px solid #ddd;border-radius:3px;font:12px/1.5 Menlo,Consolas,monospace}
code{color:#c01343;padding:1px 3px}pre{padding:8px;white-space:pre-wrap}
a{color:#1264a3;text-decoration:none}.mention{background:#e8f5fa;color:#1264a3;border-radius:3px;padding:0 2px}
.button{display:inline-block;border:1px solid #bbb;border-radius:4px;padding:4px 12px;margin:2px 8px 2px 0;
font-weight:700;font-size:13px;background:#fff}.button.primary{background:#007a5a;border-color:#007a5a;color:#fff}
.button.danger{color:#e01e5a;border-color:#e01e5a}.image{display:inline-block;background:#eee;border-radius:4px;
color:#616061;font-size:11px;padding:8px}.boxed{border:1px solid #ddd;border-radius:8px;padding:12px}
.unfurl{border-left:4px solid #ddd;padding-left:12px;margin:6px 0}.replies{color:#1264a3;font-size:13px;font-weight:700}
.modal{width:520px;border:1px solid #ccc;border-radius:8px;box-shadow:0 18px 48px rgba(0,0,0,.25);margin:20px;
background:#fff}.modal header{font-size:22px;font-weight:900;padding:18px 24px;border-bottom:1px solid #eee}
.modal section{padding:10px 24px}.modal footer{border-top:1px solid #eee;padding:14px 24px;text-align:right}
label{font-weight:700;display:block;margin:8px 0 4px}.field{border:1px solid #868686;border-radius:4px;padding:8px 12px;
position:relative;min-height:20px;background:#fff}.field.tall{min-height:90px}.arrow{float:right;margin-left:12px}
.error{color:#e01e5a;font-size:13px}.error:before{content:"⚠ "}td{border:1px solid #ddd;padding:4px 8px}
table{border-collapse:collapse}
"""


class Preview:
    """Renders the views of people in one fake Slack."""

    def __init__(self, hub: Hub, *, zone: tzinfo = UTC) -> None:
        self._hub = hub
        self._zone = zone

    def conversation(self, title: str, messages: list[Seen]) -> str:
        """Return a page of the messages of a channel or thread."""
        return page(title, f"<main><h1>{escape(title)}</h1>{''.join(map(self.message, messages))}</main>")

    def message(self, seen: Seen) -> str:
        """Return the HTML of one message."""
        message = seen.message
        name = seen.names.get(message.user, message.user)
        when = datetime.fromtimestamp(float(message.ts), self._zone).strftime("%H:%M")
        tag, human = ('<span class="tag">APP</span>', "") if message.bot_id else ("", " human")
        only = '<div class="only">👁 Only visible to you</div>' if message.only_for else ""
        edited = ' <span class="muted">(edited)</span>' if message.edited else ""
        return (
            f'<div class="message"><div class="face{human}">{escape(name[:1].upper())}</div><div class="body">{only}'
            f'<div class="who"><b>{escape(name)}</b>{tag}<time>{when}</time></div>'
            f"{self._content(seen)}{edited}{self._below(seen)}</div></div>"
        )

    def _content(self, seen: Seen) -> str:
        to = BlockHtml(seen.names)
        shown = to.blocks(seen.blocks) if seen.blocks else f"<p>{to.leaves(read(seen.message.text))}</p>"
        for unfurl in seen.message.unfurls.values():
            shown += f'<div class="unfurl">{to.blocks(unfurl.get("blocks", []))}</div>'
        return shown + "".join(f'<div class="boxed">📎 {escape(each["name"])}</div>' for each in seen.message.files)

    def _below(self, seen: Seen) -> str:
        reactions = (f'<span class="button">:{escape(n)}: {len(u)}</span>' for n, u in seen.message.reactions.items())
        channels = {c.id: c for w in self._hub.world.workspaces.values() for c in w.channels.values()}
        count = len(channels[seen.channel].replies(seen.ts))
        replies = f'<div class="replies">{count} {"reply" if count == 1 else "replies"}</div>' if count else ""
        return "".join(reactions) + replies

    def screen(self, screen: Screen) -> str:
        """Return a page with a modal or a home tab."""
        view = screen.view
        body = BlockHtml(values=view.values).blocks(view.blocks, view.errors)
        if view.raw["type"] == "home":
            return page("Home", f"<main>{body}</main>")
        close = (view.raw.get("close") or {}).get("text", "Cancel")
        submit = f'<span class="button primary">{escape(screen.submit)}</span>' if screen.submit else ""
        foot = f'<footer><span class="button">{escape(close)}</span>{submit}</footer>'
        header = f"<header>{escape(screen.title)}</header>"
        return page(screen.title, f'<div class="modal">{header}<section>{body}</section>{foot}</div>')


def page(title: str, body: str) -> str:
    """Return a complete page."""
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
