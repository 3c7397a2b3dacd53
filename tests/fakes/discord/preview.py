"""Renders HTML pages with messages or a modal, as a person sees them in Discord's dark theme."""

from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from html import escape

from tests.fakes.discord.component_html import ComponentHtml
from tests.fakes.discord.reading import Field, Seen, Window
from tests.fakes.discord.wrong import Json

_STYLE = """
body{font:16px/1.375 "gg sans","Noto Sans","Helvetica Neue",Helvetica,Arial,sans-serif;color:#dbdee1;
background:#313338;margin:0;overflow-wrap:anywhere}main{max-width:820px;padding:0 16px 24px}main>h1{font-size:16px;
color:#f2f3f5;border-bottom:1px solid #26282c;padding:14px 0;margin:0 0 8px}.message{display:flex;gap:16px;
padding:8px 0}.face{flex:none;width:40px;height:40px;border-radius:50%;color:#fff;font-weight:600;display:flex;
align-items:center;justify-content:center;background:#5865f2}.face.human{background:#3ba55c}.body{flex:1;min-width:0}
.who b{color:#f2f3f5;font-weight:500;margin-right:4px}.who time,.muted,.only,.edited{color:#949ba4;font-size:12px}
.tag{background:#5865f2;color:#fff;border-radius:3px;font-size:10px;font-weight:600;padding:1px 4px;margin-right:6px}
.reply{color:#b5bac1;font-size:13px;margin-bottom:2px}.message.ephemeral{background:#32364a;
border-left:2px solid #5865f2;padding-left:12px}p{margin:0;white-space:pre-wrap}h2,h3,h4{color:#f2f3f5;
margin:8px 0 4px;line-height:1.3}h2{font-size:24px}h3{font-size:20px}h4{font-size:16px}.subtext{color:#949ba4;
font-size:13px}blockquote{border-left:4px solid #4e5058;border-radius:4px;margin:2px 0;padding-left:12px}
pre,code{background:#2b2d31;border-radius:4px;font:14px/1.3 Consolas,Menlo,monospace}code{padding:1px 4px}
pre{border:1px solid #1e1f22;padding:8px;white-space:pre-wrap;margin:6px 0}a{color:#00a8fc;text-decoration:none}
.mention{background:#3c4270;color:#c9cdfb;border-radius:3px;padding:0 2px}.stamp{background:#3f4147;border-radius:3px;
padding:0 2px}.spoiler{background:#1e1f22;border-radius:3px}.container{background:#2b2d31;border:1px solid #3f4147;
border-left:4px solid #3f4147;border-radius:8px;padding:14px 16px;margin:6px 0;max-width:600px}
.container>*+*{margin-top:8px}.section{display:flex;gap:16px;margin:6px 0;max-width:600px}.grow{flex:1;min-width:0}
.aside{flex:none}.row{display:flex;flex-wrap:wrap;gap:8px;margin:6px 0;max-width:600px}.button{display:inline-block;
border-radius:4px;padding:6px 16px;font-size:14px;font-weight:500;color:#fff;background:#4e5058}
.button.primary{background:#5865f2}.button.success{background:#248046}.button.danger{background:#da373c}
.disabled{opacity:.5}.select{background:#1e1f22;border-radius:4px;padding:9px 12px;font-size:15px;width:100%}
.select.muted{color:#949ba4}.arrow{float:right;margin-left:12px}.picture,.file{background:#2b2d31;
border:1px solid #3f4147;border-radius:8px;color:#b5bac1;font-size:14px;padding:12px;margin:6px 0}hr.gap{border:0;
border-top:1px solid #4e5058;margin:8px 0}div.gap{height:8px}hr.gap.wide{margin:16px 0}div.gap.wide{height:24px}
.embed{background:#2b2d31;border-left:4px solid #1e1f22;border-radius:4px;padding:8px 16px 14px 12px;margin:6px 0;
max-width:520px;font-size:14px}.embed>*{margin-top:8px}.author,.title{font-weight:600;color:#f2f3f5}
.title{font-size:16px}.fields{display:flex;flex-wrap:wrap;gap:8px}.field{flex:0 0 100%}.field.inline{flex:1 1 30%}
.footer{font-size:12px;color:#b5bac1}.thread{border-left:2px solid #4e5058;margin:6px 0 0;padding-left:10px;
font-size:14px;color:#00a8fc}.modal{width:440px;background:#313338;border-radius:8px;box-shadow:0 8px 40px #000a;
margin:24px;padding:16px}.modal h1{font-size:20px;color:#f2f3f5;margin:0 0 12px}.modal label{display:block;
font-size:14px;font-weight:600;margin:14px 0 4px;color:#f2f3f5}.input{background:#1e1f22;border-radius:4px;
padding:10px;min-height:20px}.input.tall{min-height:90px}.modal footer{margin-top:18px;text-align:right}
.needed{color:#f23f42}
"""


def page(messages: Iterable[Seen], *, title: str, zone: tzinfo = UTC) -> str:
    """Return a page of messages, oldest first: those of a channel or thread, or those that one person sees."""
    shown = "".join(message(each, zone=zone) for each in messages)
    return _whole(title, f"<main><h1># {escape(title)}</h1>{shown}</main>")


def message(seen: Seen, *, zone: tzinfo = UTC) -> str:
    """Return the HTML of one message."""
    author = seen.message.get("author") or {}
    name = str(author.get("global_name") or author.get("username") or "App")
    # A message without an author was never posted; it is a draft and is shown as the app's.
    is_app = bool(author.get("bot", not author))
    tag, human = ('<span class="tag">APP</span>', "") if is_app else ("", " human")
    only = '<div class="only">👁 Only you can see this • Dismiss message</div>' if seen.ephemeral else ""
    edited = ' <span class="edited">(edited)</span>' if seen.message.get("edited_timestamp") else ""
    below = f"{_content(seen)}{edited}{_thread(seen)}{only}"
    return (
        f'<div class="message{" ephemeral" if seen.ephemeral else ""}"><div class="face{human}">'
        f'{escape(name[:1].upper())}</div><div class="body">{_reply(seen)}<div class="who"><b>{escape(name)}</b>{tag}'
        f"<time>{escape(_when(seen.message, zone))}</time></div>{below}</div></div>"
    )


def _content(seen: Seen) -> str:
    to = ComponentHtml(seen.names)
    text = to.text(seen.message.get("content"))
    embeds = "".join(to.embed(each) for each in seen.message.get("embeds") or ())
    # A message of components shows only the files that a component names.
    files = (
        "" if seen.is_v2 else "".join(f'<div class="file">📄 {escape(_name(each))}</div>' for each in seen.attachments)
    )
    return f"{text}{files}{embeds}{to.components(seen.message.get('components') or ())}"


def _name(attachment: Json) -> str:
    return str(attachment.get("title") or attachment.get("filename") or "file")


def _reply(seen: Seen) -> str:
    answered = seen.message.get("referenced_message") or {}
    command = (seen.message.get("interaction_metadata") or {}).get("user") or {}
    if answered:
        who = (answered.get("author") or {}).get("username", "")
        return f'<div class="reply">╭ @{escape(str(who))} {escape(str(answered.get("content") or "")[:80])}</div>'
    if command:
        return f'<div class="reply">╭ {escape(str(command.get("username", "")))} used a command</div>'
    return ""


def _thread(seen: Seen) -> str:
    thread = seen.message.get("thread")
    if not thread:
        return ""
    count = int(thread.get("message_count") or 0)
    said = f"{count} {'message' if count == 1 else 'messages'} ›"
    return f'<div class="thread"><b>{escape(str(thread.get("name", "")))}</b> {said}</div>'


def _when(raw: Json, zone: tzinfo) -> str:
    try:
        return datetime.fromisoformat(str(raw.get("timestamp"))).astimezone(zone).strftime("%d/%m/%Y %H:%M")
    except ValueError:
        return ""


def window_page(window: Window) -> str:
    """Return a page with a modal."""
    fields = "".join(map(_field, window.fields))
    text = ComponentHtml().text(window.text)
    foot = '<footer><span class="button link">Cancel</span> <span class="button primary">Submit</span></footer>'
    return _whole(window.title, f'<div class="modal"><h1>{escape(window.title)}</h1>{text}{fields}{foot}</div>')


def _field(field: Field) -> str:
    needed = '<span class="needed"> *</span>' if field.required else ""
    about = f'<div class="muted">{escape(field.description)}</div>' if field.description else ""
    chosen = ", ".join(each.label for each in field.options if each.default)
    said = escape(field.value or chosen) or f'<span class="muted">{escape(field.placeholder)}</span>'
    tall = " tall" if field.raw.get("style") == 2 else ""  # docs.discord.com, Component Reference, "Text Input Styles"
    return f'<label>{escape(field.label)}{needed}</label>{about}<div class="input{tall}">{said}</div>'


def _whole(title: str, body: str) -> str:
    head = f'<meta charset="utf-8"><title>{escape(title)}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
