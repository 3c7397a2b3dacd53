"""Every form of secret that the product can hold, and what each may look like when it is quoted somewhere."""

import base64
import html
import json
from collections.abc import Callable, Mapping
from urllib.parse import quote

#: Each with the secret at its random part; joined from parts, because scanners would report them otherwise.
SHAPES: Mapping[str, Callable[[str], str]] = {
    "slack bot token": ("xoxb" + "-1-").__add__,
    "slack user token": ("xoxp" + "-1-").__add__,
    "slack app token": ("xapp" + "-1-A0-").__add__,
    "slack rotated token": ("xoxe" + ".xoxb-1-").__add__,
    "slack refresh token": ("xoxe" + "-1-").__add__,
    "slack webhook": lambda secret: f"https://hooks.slack.com/services/T0/B0/{secret}",
    "slack response url": lambda secret: f"https://hooks.slack.com/commands/T0/12/{secret}",
    "slack socket": lambda secret: f"wss://wss-primary.slack.com/link/?ticket={secret}&app_id=ab12",
    "discord bot token": lambda secret: f"MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.{secret}",
    "discord interaction token": lambda secret: f"aW50ZXJhY3Rpb246{secret}",
    "discord webhook": lambda secret: f"https://discord.com/api/v10/webhooks/123456789/{secret}",
    "key of OpenAI": ("sk" + "-proj-").__add__,
    "key of Anthropic": ("sk" + "-ant-api03-").__add__,
    "key of Hugging Face": ("hf" + "_").__add__,
    "key of Groq": ("gsk" + "_").__add__,
    "key of xAI": ("xai" + "-").__add__,
    "key of Google": ("AIza" + "Sy").__add__,
    "key of Nvidia": ("nvapi" + "-").__add__,
    "token of a code host": ("ghp" + "_").__add__,
    "password in an address": lambda secret: f"postgresql+psycopg://ann:{secret}@db.example:5432/papers",
    "password of libpq": lambda secret: f"host=db.example password={secret} user=ann",
    "quoted password of libpq": lambda secret: f"host=db.example password = '{secret} x' user=ann",
    "password in a query": lambda secret: f"postgresql://db.example/papers?user=ann&password={secret}",
    "password of a proxy": lambda secret: f"http://ann:{secret}@proxy.example:3128",
    "our token": lambda secret: f"pw_0123456789ab_{secret}",
    "key of a webhook": ("whsec_").__add__,
    "address of a feed": lambda secret: f"https://p.example.org/feeds/channel/0123456789abcdef.aWAtRg.{secret}.atom",
    "link to unsubscribe": lambda secret: (
        f"https://p.example.org/email/unsubscribe?t=q0123456789abcdefghi.aWAtRg.{secret}"
    ),
    "cookie of a session": lambda secret: f"Cookie: theme=dark; __Host-paperwire=abcdefghijklmnop.aWAtRg.{secret}",
    "second cookie": lambda secret: f"cookie: theme=dark; other={secret}",
    "set cookie": lambda secret: f"Set-Cookie: sid={secret}; Path=/; HttpOnly",
    "cookies in Python": lambda secret: repr({"Cookie": f"a=b; c={secret}", "Accept": "*/*"}),
    "private key": lambda secret: f"-----BEGIN PRIVATE KEY-----\nMIIE{secret}\n{secret}==\n-----END PRIVATE KEY-----",
    "authorization": lambda secret: f"Authorization: Bearer {secret}",
    "authorization of another scheme": lambda secret: f"Authorization: Token {secret}",
    "authorization by a digest": lambda secret: f'Authorization: Digest username="ann", response="{secret}"',
    "authorization in Python": lambda secret: repr([(b"authorization", f"Token {secret}".encode())]),
    "key of Zotero": lambda secret: f"Zotero-API-Key: {secret}",
    "key in Python": lambda secret: repr({"x-api-key": secret}),
    "key of Azure": lambda secret: f"api-key: {secret}",
    "another header": lambda secret: f"X-Auth-Token: {secret}",
    "Slack's signature": lambda secret: f"X-Slack-Signature: v0={secret}",
    "code of a sign-in": lambda secret: f"GET /sign-in/slack/done?code={secret}&state=x HTTP/1.1",
    "verifier of a sign-in": lambda secret: f"grant_type=authorization_code&code_verifier={secret}",
    "client secret": lambda secret: f"client_id=1.2&client_secret={secret}&code=x",
    "token in JSON": lambda secret: json.dumps({"ok": True, "access_token": secret}),
    "key in JSON": lambda secret: json.dumps({"dkim_key": secret, "token_keys": [1]}),
    "JSON in JSON": lambda secret: json.dumps({"body": json.dumps({"refresh_token": secret})}),
    "settings file": lambda secret: f'token_keys = "{secret}"',
    "YAML": lambda secret: f"password: {secret}",
    "environment": lambda secret: f"PAPERWIRE_SLACK_SIGNING_SECRET={secret}",
}

#: What a text may have been through before it is quoted.
QUOTED: Mapping[str, Callable[[str], str]] = {
    "plain": str,
    "encoded": lambda text: quote(text, safe=""),
    "in Python": repr,
    "in JSON": json.dumps,
    "in a page": html.escape,
}


def traces_of(secret: str) -> tuple[str, ...]:
    """Return what gives a secret away: itself in any encoding, and enough of it to guess at the rest."""
    raw = secret.encode()
    shifted = [base64.b64encode(b"\0" * shift + raw).decode()[4:-4] for shift in range(3)]
    return (secret, secret[2:14], quote(secret, safe=""), raw.hex(), *shifted)


def found_in(text: str, *secrets: str) -> list[str]:
    """Return the traces of secrets in a text, each with what stands around it."""
    return [
        text[max(0, (at := text.index(trace)) - 60) : at + len(trace) + 30]
        for secret in secrets
        for trace in traces_of(secret)
        if trace in text
    ]
