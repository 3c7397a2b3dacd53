"""Faults that the tests once did not find, each with the tests that shall: `python -m tests.bench.named_mutants`.

Each is planted by hand in a copy of the checkout, where its text stands exactly once. `--only WORDS` plants those whose
name has the words.
"""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.mutants import copy_checkout
from tests.bench.planting import Named, failing, planted

_RUNS = ("tests/delivery/test_run_executor.py", "tests/delivery/test_half_posted.py")
_AS_ASKED = "tests/delivery/test_run_executor_as_asked.py"
_PARTS = ("tests/delivery/test_part_delivery.py",)
NAMED: tuple[Named, ...] = (
    Named(
        name="a run is withdrawn without looking",
        file="bots/delivery/part_delivery.py",
        before="        if delivery.state is DeliveryState.SENDING:\n            known",
        after="        if delivery.state is DeliveryState.SENDING and not withdrawn:\n            known",
        tests=(*_RUNS, *_PARTS),
    ),
    Named(
        name="a run of which half is dead counts as done",
        file="bots/delivery/endings.py",
        before="    if len(sent) == len(parts):",
        after="    if sent:",
        tests=_RUNS,
    ),
    Named(
        name="a claim is not renewed while a run waits",
        file="bots/delivery/run_executor.py",
        before="            await self._renew(run, step.until + self.claim)\n",
        after="",
        tests=(*_RUNS, _AS_ASKED, "tests/delivery/test_run_executor_elsewhere.py"),
    ),
    Named(
        name="quiet hours end once parts are planned",
        file="bots/delivery/run_executor.py",
        before="        if quiet := quiet_until(subscription, now):",
        after="        if (quiet := quiet_until(subscription, now)) and not kept:",
        tests=(*_RUNS, _AS_ASKED),
    ),
    Named(
        name="a part is refused for ever",
        file="bots/delivery/part_delivery.py",
        before="        if delivery.attempts + 1 >= MAX_ATTEMPTS:",
        after="        if False:",
        tests=(*_PARTS, *_RUNS),
    ),
    Named(
        name="a failing history is asked for ever",
        file="bots/delivery/part_delivery.py",
        before="            if (enough := self._faults.enough(delivery)) is not None:",
        after="            if (enough := self._faults.enough(delivery)) is not None and False:",
        tests=_RUNS,
    ),
    Named(
        name="a refusal's pause is not kept",
        file="bots/delivery/part_delivery.py",
        before="        await rate_limiter.rest(delivery.part.channel, wait.total_seconds()",
        after="        await rate_limiter.rest(delivery.part.channel, 0",
        tests=_PARTS,
    ),
    Named(
        name="a post under way is cancelled with its caller",
        file="bots/delivery/part_delivery.py",
        before="        return await asyncio.shield(task)",
        after="        return await task",
        tests=(*_PARTS, *_RUNS),
    ),
    Named(
        name="the next slot is sought for a month only",
        file="bots/domain/slots.py",
        before="_HORIZON = timedelta(days=39)",
        after="_HORIZON = timedelta(days=30)",
        tests=("tests/domain/test_slots.py",),
    ),
    Named(
        name="a wait until the slot's own time is over at once",
        file="bots/domain/slots.py",
        before="subscription.wait <= due.slot.time",
        after="subscription.wait < due.slot.time",
        tests=("tests/domain/test_slots.py",),
    ),
    Named(
        name="a digest reads eleven days",
        file="bots/domain/slots.py",
        before="MOST_DAYS = 10",
        after="MOST_DAYS = 11",
        tests=("tests/domain/test_slots.py",),
    ),
    Named(
        name="a tail with `than` is cut off",
        file="summarizer/compression/clauses.py",
        before='r"without|than|albeit',
        after='r"without|albeit',
        tests=("tests/summarizer/compression",),
    ),
    Named(
        name="a clause may be cut off that limits its claim",
        file="summarizer/compression/clauses.py",
        before='r"without|than|albeit|subject to|may|might|could|despite|'
        'under|whereas|when|until|per|at least|at most|up to)\\b"',
        after='r"without)\\b"',
        tests=("tests/summarizer/compression",),
    ),
    Named(
        name="a name with a number is known by its pieces",
        file="summarizer/grounding/check.py",
        before="not any(map(_has_digit, core)) and ",
        after="",
        tests=("tests/summarizer/grounding",),
    ),
    Named(
        name="an answer of Slack without ts is a message",
        file="bots/slack/poster.py",
        before='        if not answer.get("ts"):',
        after="        if False:",
        tests=("tests/slack/delivery", "tests/slack/test_second_ways.py"),
    ),
    Named(
        name="Slack has no quota",
        file="bots/slack/permissions.py",
        before="        await self.quotas.spend(request.reader, self.policy.quota)\n",
        after="",
        tests=("tests/slack/test_quotas.py",),
    ),
    Named(
        name="Slack's signatures are checked of every method but POST",
        file="bots/slack/http.py",
        before='        if request.method != "POST":',
        after='        if request.method == "POST":',
        tests=("tests/slack/test_http.py",),
    ),
    Named(
        name="only GET is not checked for Slack's signature",
        file="bots/slack/http.py",
        before='        if request.method != "POST":',
        after='        if request.method in ("GET", "PUT", "DELETE", "PATCH"):',
        tests=("tests/slack/test_http.py", "tests/slack/test_bodies.py"),
    ),
    Named(
        name="a broken database refuses what Slack signed",
        file="bots/slack/http.py",
        before='extra={"error": str(error)})\n            return True',
        after='extra={"error": str(error)})\n            return False',
        tests=("tests/slack/test_repeats.py",),
    ),
    Named(
        name="Discord's messages of others are taken for ours",
        file="bots/discord/poster.py",
        before='if str((message.get("author") or {}).get("id")) == me and carries(message, key):',
        after="if carries(message, key):",
        tests=("tests/discord/test_delivery.py", "tests/discord/test_parts.py"),
    ),
    Named(
        name="a body has no limit",
        file="bots/endpoints/bodies.py",
        before="        if size is not None and size > self._limits.body_bytes:",
        after="        if False:",
        tests=("tests/endpoints", "tests/discord/test_http.py"),
    ),
    Named(
        name="Discord's bodies have no limit of the library",
        file="bots/discord/http.py",
        before="web.Application(client_max_size=limits.body_bytes)",
        after="web.Application(client_max_size=0)",
        tests=("tests/discord/test_http.py",),
    ),
    Named(
        name="Discord's signatures are forgotten at once",
        file="bots/discord/http.py",
        before="        self._seen.setdefault(signature, now)\n",
        after="",
        tests=("tests/discord/test_http.py",),
    ),
    Named(
        name="Discord's signatures are forgotten within their time",
        file="bots/discord/http.py",
        before="> 2 * _FRESH:",
        after="> _FRESH / 2:",
        tests=("tests/discord/test_http.py",),
    ),
    Named(
        name="rights in the channel of a form are not asked",
        file="bots/discord/permissions.py",
        before="    held = location.permissions if theirs is None else theirs\n",
        after="    held = location.permissions\n",
        tests=("tests/discord/test_elsewhere.py",),
    ),
    Named(
        name="follow-ups on Discord are public",
        file="bots/discord/responses.py",
        before="partial(self._rest.follow_up, self.location.token, quiet, message.files)",
        after="partial(self._rest.follow_up, self.location.token, body, message.files)",
        tests=("tests/discord/test_manners.py",),
    ),
    Named(
        name="a thread that exists is an error",
        file="bots/discord/poster.py",
        before="            if error.code == error_translation.THREAD_EXISTS:\n                return True\n",
        after="",
        tests=("tests/discord/test_delivery.py", "tests/discord/test_parts.py"),
    ),
    Named(
        name="who may not write may share",
        file="bots/discord/permissions.py",
        before="    return not location.channel.workspace or not missing(location.permissions, right)",
        after="    return True",
        tests=("tests/discord/test_listener.py",),
    ),
    Named(
        name="Discord gets 26 suggestions",
        file="bots/discord/autocomplete.py",
        before="_MOST = 25",
        after="_MOST = 26",
        tests=("tests/discord/test_suggestions.py",),
    ),
    Named(
        name="packages are installed without hashes",
        file="devenv.py",
        before='        self.fetch(*self.anew, *options, "--require-hashes", "-r",',
        after='        self.fetch(*self.anew, *options, "-r",',
        tests=("tests/project/test_hashes.py",),
    ),
    Named(
        name="the installer is installed without hashes",
        file="devenv.py",
        before='"--only-binary=:all:", "--require-hashes", "-r", lock]',
        after='"--only-binary=:all:", "-r", lock]',
        tests=("tests/project/test_hashes.py",),
    ),
)  # fmt: skip


def main() -> int:
    """Plant each fault and print the test that finds it; return 1 if one survived."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.named_mutants", description=__doc__)
    parser.add_argument("--only", default="", help="plant only those whose name has these words")
    only = parser.parse_args().only
    survived = 0
    with TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        copy_checkout(tree)
        for each in NAMED:
            if only in each.name:
                found = _found_by(each, tree)
                survived += not found
                sys.stdout.write(f"{each.name}: {found or 'SURVIVED'}\n")
                sys.stdout.flush()
    return min(survived, 1)


def _found_by(fault: Named, tree: Path) -> str:
    """Return a test that fails with a fault; empty if none does."""
    with planted(fault, tree):
        return min(failing(fault.tests, tree), default="")


if __name__ == "__main__":
    raise SystemExit(main())
