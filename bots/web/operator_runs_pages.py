"""The operator's pages on the ledger: what was due, what became of it, and posting again what was given up."""

from bots.chat.phrases import clean, counted
from bots.chat.secret_texts import without_secrets
from bots.delivery.operator_results import PartRow, Retried, RunRow
from bots.domain.errors import BadCommand, PaperwireError
from bots.domain.runs import DeliveryState, RunState
from bots.web.addresses import with_query
from bots.web.operator_pages import HOME, operations_of
from bots.web.rendering import page
from bots.web.site import Route, Site
from bots.web.times import instant
from bots.web.visits import Answer, Need, Visit

RUNS = f"{HOME}/runs"
_MOST_RUNS, _MOST_PARTS = 100, 200
_GIVEN_UP = (DeliveryState.DEAD, DeliveryState.AMBIGUOUS)
_WRONG = 422
#: Retries a minute: each may post several messages.
_RETRIES = 12


async def runs(site: Site, visit: Visit) -> Answer:
    """Return the newest runs, of one state or of all."""
    asked = visit.query.get("state", "")
    state = RunState(asked) if asked in set(RunState) else None
    found = await operations_of(site).operator.runs(state=state, limit=_MOST_RUNS)
    tabs = [("All", RUNS, state is None)]
    tabs += [(str(each).capitalize(), with_query(RUNS, {"state": str(each)}), each is state) for each in RunState]
    return page(
        site,
        visit,
        "operator_runs.html",
        "Runs",
        tab="runs",
        states=tabs,
        all=state is None,
        runs=[_run(site, each) for each in found],
        most=_MOST_RUNS if len(found) == _MOST_RUNS else 0,
    )


def _run(site: Site, row: RunRow) -> dict[str, object]:
    run = row.run
    return {
        "key": run.key,
        "address": with_query(f"{HOME}/run", {"key": run.key}),
        "channel": str(row.subscription.channel) if row.subscription else "",
        "subscription": row.subscription.id if row.subscription else "",
        "state": str(run.state),
        "created": instant(site, run.created),
        "finished": instant(site, run.finished),
        "note": without_secrets(clean(run.note)),
        "missing": without_secrets(clean(run.missing)),
    }


async def run(site: Site, visit: Visit) -> Answer:
    """Return one run with its parts."""
    return await _run_page(site, visit, visit.query.get("key", ""))


async def retry(site: Site, visit: Visit) -> Answer:
    """Post again what was given up of a run, and return its page with what came of it."""
    key = visit.fields.get("key", "")
    try:
        done = await operations_of(site).operator.retry(key, repost=visit.fields.get("repost") == "yes")
    except PaperwireError as error:
        said = without_secrets(f"{error} {error.hint}".strip())
        return await _run_page(site, visit, key, wrong=said, status=_WRONG)
    return await _run_page(site, visit, key, said=_told(done))


def _told(done: Retried) -> str:
    where = "was carried out" if done.here else "is queued for the program that is connected to its platform"
    left = f" {counted(done.left, 'part')} left as they are." if done.left else ""
    return f"{counted(done.revived, 'part')} to be posted again; the run {where}.{left}"


async def _run_page(
    site: Site, visit: Visit, key: str, *, said: str = "", wrong: str = "", status: int = 200
) -> Answer:
    operator = operations_of(site).operator
    held = await site.service.store.run(key)
    if held is None:
        raise BadCommand("There is no such run.", hint="The list of runs has the newest.")
    parts = await operator.parts(run=key, limit=_MOST_PARTS)
    subscription = await site.service.store.subscription(held.subscription_id)
    return page(
        site, visit, "operator_run.html", "A run", status=status, has_form=True, tab="runs",
        run=_run(site, RunRow(run=held, subscription=subscription)), parts=[_part(site, each) for each in parts],
        can_retry=_can_retry(held.state, parts), unsure=any(_state(each) is DeliveryState.AMBIGUOUS for each in parts),
        said=said, wrong=wrong,
    )  # fmt: skip


def _can_retry(state: RunState, parts: tuple[PartRow, ...]) -> bool:
    return state in (RunState.FAILED, RunState.SKIPPED) or any(_state(each) in _GIVEN_UP for each in parts)


def _state(row: PartRow) -> DeliveryState:
    return row.part.state


def _part(site: Site, row: PartRow) -> dict[str, object]:
    part = row.part
    return {
        "number": part.part.number,
        "of": part.part.total,
        "papers": len(part.part.paper_ids),
        "state": str(part.state),
        "attempts": part.attempts,
        "first": instant(site, part.first_attempt_at),
        "error": without_secrets(clean(part.last_error)),
        "message": clean(part.message_id),
    }


ROUTES = (
    Route(method="GET", path=RUNS, view=runs, needs=Need.OPERATOR),
    Route(method="GET", path=f"{HOME}/run", view=run, needs=Need.OPERATOR),
    Route(method="POST", path=f"{HOME}/run", view=retry, needs=Need.OPERATOR, per_minute=_RETRIES),
)
