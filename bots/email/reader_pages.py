"""What the pages do: confirm, change, pause, hand out and delete what belongs to one mailbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bots.chat.phrases import sentence
from bots.domain import replies, requests
from bots.domain.mailboxes import Mailbox
from bots.domain.subscriptions import Subscription
from bots.email.html_pages import confirm_page, described, leave_page, preferences_page, said_page
from bots.email.links import BASE, Links, Purpose, opens
from bots.email.mailboxes import Mailboxes, subscription_id
from bots.email.preferences import Choices, choices_of, entered, read_choices
from bots.email.settings import EmailSettings
from bots.pages.signed_links import subject_of
from bots.presentation import subscription_text
from bots.translation.formats import sentences
from bots.translation.languages import ENGLISH
from bots.translation.speech import current, gettext
from bots.usecases.service import Service

#: Fields of a form as they came, in order.
Form = Sequence[tuple[str, str]]
_GONE, _WRONG = 410, 422


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A page, or a file to download."""

    page: str = ""
    status: int = 200
    #: JSON values to download.
    file: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReaderPages:
    """The pages behind signed links."""

    settings: EmailSettings
    service: Service
    mailboxes: Mailboxes

    async def _opened(self, token: str, purpose: Purpose) -> Mailbox | None:
        """Return the mailbox of a link; None if the link is forged, expired, or its mailbox was deleted."""
        found = await self.mailboxes.by_id(subject_of(token)) if subject_of(token) else None
        return found if found and opens(token, found, purpose, self.service.clock()) else None

    # ── confirming ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def ask_to_confirm(self, token: str) -> Answer:
        """Return the page with the button that confirms; opening it changes nothing."""
        mailbox = await self._opened(token, Purpose.CONFIRM)
        if mailbox is None:
            return self._invalid()
        if await self._is_done(mailbox):
            return self._already(mailbox)
        return Answer(page=confirm_page(_action(Purpose.CONFIRM, token), choices_of(self._fresh(mailbox))))

    async def confirm(self, token: str, form: Form) -> Answer:
        """Subscribe the mailbox with what its owner chose, and confirm it; a second time changes nothing."""
        mailbox = await self._opened(token, Purpose.CONFIRM)
        if mailbox is None:
            return self._invalid()
        if await self._is_done(mailbox):
            return self._already(mailbox)
        made = await self._chosen(entered(form), self._fresh(mailbox))
        if isinstance(made, Choices):
            return Answer(page=confirm_page(_action(Purpose.CONFIRM, token), made), status=_WRONG)
        await self.mailboxes.confirmed(mailbox)
        return Answer(
            page=said_page(
                gettext("You are subscribed"),
                gettext("You get {content}.", content=described(made.subscription)),
                _next(made),
                gettext("Every mail has links to change this and to unsubscribe. You can close this page."),
                links=[(gettext("Your preferences"), self._link(mailbox, Purpose.PREFERENCES))],
            )
        )

    def _fresh(self, mailbox: Mailbox) -> Subscription:
        name = subscription_id(mailbox)
        language = "" if current() == ENGLISH else current().code
        return Subscription(id=name, channel=mailbox.channel, timezone=self.settings.timezone, language=language)

    async def _is_done(self, mailbox: Mailbox) -> bool:
        # A process that ended between the two left a subscription whose mailbox is not confirmed: it is made again.
        return mailbox.confirmed is not None and bool(await self.mailboxes.subscriptions(mailbox))

    def _already(self, mailbox: Mailbox) -> Answer:
        page = said_page(
            gettext("This link was used already"),
            gettext("You are subscribed; nothing was changed."),
            links=[(gettext("Your preferences"), self._link(mailbox, Purpose.PREFERENCES))],
        )
        return Answer(page=page, status=_GONE)

    # ── preferences ──────────────────────────────────────────────────────────────────────────────────────────────────

    async def preferences(self, token: str, wanted: str = "") -> Answer:
        """Return the page with a subscription's form.

        Args:
            token: the link's.
            wanted: the id of one of the mailbox's subscriptions; empty for the first.
        """
        mailbox = await self._opened(token, Purpose.PREFERENCES)
        if mailbox is None:
            return self._invalid()
        return await self._form(token, mailbox, wanted)

    async def _form(self, token: str, mailbox: Mailbox, wanted: str, said: str = "") -> Answer:
        held = await self.mailboxes.subscriptions(mailbox)
        kept = _named(held, wanted)
        if kept is None:
            leave = self._link(mailbox, Purpose.UNSUBSCRIBE)
            page = said_page(
                gettext("You have no subscription"), links=[(gettext("Unsubscribe and delete everything"), leave)]
            )
            return Answer(page=page)
        return Answer(page=self._page(token, mailbox, held, kept, choices_of(kept), said))

    def _page(
        self, token: str, mailbox: Mailbox, held: Sequence[Subscription], kept: Subscription, chosen: Choices, said: str
    ) -> str:
        action = _action(Purpose.PREFERENCES, token)
        return preferences_page(
            action,
            chosen,
            kept,
            leave=self._link(mailbox, Purpose.UNSUBSCRIBE),
            said=said or ("" if kept.enabled else gettext("This subscription is paused.")),
            paused=kept.rests(self.service.clock()),
            others=[(described(each), f"{action}&s={each.id}") for each in held if each.id != kept.id],
        )

    async def change(self, token: str, form: Form) -> Answer:
        """Carry out what was pressed on the page of preferences."""
        mailbox = await self._opened(token, Purpose.PREFERENCES)
        if mailbox is None:
            return self._invalid()
        given = dict(form)
        if given.get("do") == "download":
            return Answer(file=await self.mailboxes.exported(mailbox))
        held = await self.mailboxes.subscriptions(mailbox)
        kept = _named(held, given.get("subscription", ""))
        if kept is None:
            return await self._form(token, mailbox, "")
        if given.get("do") in ("pause", "resume"):
            return await self._switched(token, mailbox, kept, given["do"])
        made = await self._chosen(entered(form), kept)
        if isinstance(made, Choices):
            return Answer(page=self._page(token, mailbox, held, kept, made, ""), status=_WRONG)
        return await self._form(token, mailbox, kept.id, sentences(gettext("Saved."), _next(made)))

    async def _switched(self, token: str, mailbox: Mailbox, kept: Subscription, what: str) -> Answer:
        asked: requests.Pause | requests.Resume = (
            requests.Pause(channel=kept.channel, subscription_id=kept.id)
            if what == "pause"
            else requests.Resume(channel=kept.channel, subscription_id=kept.id)
        )
        reply = await self.service.answer(asked)
        if isinstance(reply, replies.Problem):
            said = sentences(reply.message, reply.hint)
        else:
            said = gettext("Paused: no mail until you resume.") if what == "pause" else gettext("Resumed.")
        return await self._form(token, mailbox, kept.id, said)

    async def _chosen(self, chosen: Choices, kept: Subscription) -> replies.Subscribed | Choices:
        """Store a subscription as its reader chose, or return the form with what is wrong."""
        wanted = read_choices(chosen, kept)
        if isinstance(wanted, Choices):
            return wanted
        # What the operator chose for a reader, such as a file, stays when the reader changes the time.
        trusted = wanted.sources == kept.sources
        asked = requests.Subscribe(channel=kept.channel, subscription=wanted, trusted=trusted)
        if errors := self.service.source_errors(wanted.sources, asked):
            return replace(chosen, wrong={"source": errors[0]})
        reply = await self.service.answer(asked)
        if isinstance(reply, replies.Subscribed):
            return reply
        problem = (
            reply if isinstance(reply, replies.Problem) else replies.Problem(message=gettext("It could not be saved."))
        )
        return replace(chosen, wrong={"source": sentences(problem.message, problem.hint)})

    # ── leaving ──────────────────────────────────────────────────────────────────────────────────────────────────────

    async def ask_to_leave(self, token: str) -> Answer:
        """Return the page with the button that unsubscribes; opening it changes nothing."""
        mailbox = await self._opened(token, Purpose.UNSUBSCRIBE)
        if mailbox is None:
            return self._invalid()
        return Answer(page=leave_page(_action(Purpose.UNSUBSCRIBE, token), self._link(mailbox, Purpose.PREFERENCES)))

    async def leave(self, token: str) -> Answer:
        """Delete everything of a mailbox; pressed on the page, or sent by a mail reader (RFC 8058)."""
        mailbox = await self._opened(token, Purpose.UNSUBSCRIBE)
        if mailbox is None:
            return self._invalid()
        await self.mailboxes.forget(mailbox)
        page = said_page(
            gettext("You are unsubscribed"),
            gettext("You get no more mail, and everything that was stored for your address is deleted."),
            links=[(gettext("Sign up again"), f"{BASE}/sign-up")] if self.settings.sign_up else [],
        )
        return Answer(page=page)

    def _invalid(self) -> Answer:
        """Return the same page for every link that does not work: it tells nothing about any mailbox."""
        page = said_page(
            gettext("This link does not work"),
            gettext(
                "It has expired, is incomplete, or everything stored for its address has been deleted: then no more "
                "mail comes."
            ),
            links=[(gettext("Sign up"), f"{BASE}/sign-up")] if self.settings.sign_up else [],
        )
        return Answer(page=page, status=_GONE)

    def _link(self, mailbox: Mailbox, purpose: Purpose) -> str:
        return Links(public_url=self.settings.public_url).of(mailbox, purpose, self.service.clock())


def _action(purpose: Purpose, token: str) -> str:
    return f"{BASE}/{purpose}?t={token}"


def _named(held: Sequence[Subscription], wanted: str) -> Subscription | None:
    """Return the subscription with an id among those of one mailbox; the first if there is none."""
    return next((each for each in held if each.id == wanted), held[0] if held else None)


def _next(item: replies.Subscribed) -> str:
    due = subscription_text.due_text(item)
    return sentence(f"{due[:1].upper()}{due[1:]}")
