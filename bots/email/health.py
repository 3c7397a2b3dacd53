"""What `paperwire doctor` says about e-mail."""

from urllib.parse import urlsplit

from bots.chat.health import HealthFinding
from bots.domain.errors import PostRefused
from bots.email.settings import EmailSettings, Security, is_loopback
from bots.email.smtp import Smtp


async def check_health(settings: EmailSettings, smtp: Smtp) -> tuple[HealthFinding, ...]:
    """Return the findings about the mail server and the pages."""
    return (await _server(settings, smtp), _pages(settings))


async def _server(settings: EmailSettings, smtp: Smtp) -> HealthFinding:
    try:
        encrypted = await smtp.check()
    except PostRefused as error:
        return HealthFinding(name="email", says=str(error), fix=error.hint or "check email.server")
    who = "signed in" if settings.server.user else "without signing in"
    exposed = settings.server.security is Security.NONE and not is_loopback(settings.server.host)
    fix = "set email.security to starttls or tls, if the server has it" if exposed else ""
    return HealthFinding(name="email", says=f"connected to {settings.server}, {who}, {encrypted}", fix=fix)


def _pages(settings: EmailSettings) -> HealthFinding:
    if not settings.public_url:
        says = "no pages: readers cannot unsubscribe with one click, which large mailbox providers ask for"
        return HealthFinding(name="email pages", says=says)
    host = urlsplit(settings.public_url)
    if host.scheme != "https" and host.hostname not in ("localhost", "127.0.0.1"):
        return HealthFinding(
            name="email pages",
            says=f"{settings.public_url} is not https, and mail readers unsubscribe with one click only over https",
            fix="put a web server with TLS in front of email.listen, and set email.public_url to its https address",
        )
    served = ":".join(map(str, settings.listen))
    return HealthFinding(name="email pages", says=f"at {settings.public_url}, served from {served}")
