"""Which modules get faults, which tests shall find them, and which faults change nothing."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Modules that one set of tests holds."""

    #: Patterns of paths in the checkout.
    modules: tuple[str, ...]
    #: The smallest tests that should find a fault there.
    tests: tuple[str, ...]
    #: Dearer tests, for what those leave.
    further: tuple[str, ...] = ()
    #: Faults in the sample.
    count: int = 20


#: The slow tests as well, and one that holds the flags of every dataclass.
_MORE = ("-m", "slow or not slow", "tests/project/test_structure.py::test_every_dataclass_of_the_core_is_a_record")
GROUPS: Mapping[str, Group] = {
    "slots": Group(
        modules=("bots/domain/slots.py",),
        tests=("tests/domain/test_slots.py",),
        further=(*_MORE, "tests/domain", "tests/delivery/test_due_runs.py"),
    ),
    "delivery": Group(
        modules=("bots/delivery/*.py",),
        tests=("tests/delivery",),
        further=(*_MORE, "tests/plugins/test_posting.py", "tests/cli/test_ledger.py", "tests/slack/delivery"),
        count=30,
    ),
    "ledger": Group(
        modules=("bots/store/_ledger.py", "bots/store/_claims.py", "bots/store/_claimants.py"),
        tests=(
            "tests/store/test_claimants.py",
            "tests/contracts/test_store_runs.py",
            "tests/contracts/test_store_parts.py",
            "tests/contracts/test_store_clocks.py",
        ),
        further=(*_MORE, "tests/store", "tests/contracts/test_store_tenants.py", "tests/delivery"),
    ),
    "grounding": Group(
        modules=("summarizer/grounding/*.py",),
        tests=("tests/summarizer/grounding",),
        further=(*_MORE, "tests/summarizer/engines"),
    ),
    "http": Group(
        modules=("bots/sources/_http.py", "bots/sources/_politeness.py", "bots/sources/_body.py"),
        tests=(
            "tests/sources/test_http.py",
            "tests/sources/test_http_bounds.py",
            "tests/sources/test_turns.py",
            "tests/sources/test_pace.py",
            "tests/sources/test_addresses.py",
        ),
        further=(*_MORE, "tests/sources", "tests/contracts/test_sources.py"),
    ),
    "endpoints": Group(
        modules=("bots/endpoints/*.py",),
        tests=("tests/endpoints",),
        further=(*_MORE, "tests/slack/test_http.py", "tests/slack/test_bodies.py", "tests/discord/test_http.py"),
        count=15,
    ),
    "slack": Group(
        modules=("bots/slack/poster.py", "bots/slack/http.py"),
        tests=("tests/slack/test_http.py", "tests/slack/test_bodies.py", "tests/slack/delivery"),
        further=(*_MORE, "tests/slack"),
        count=15,
    ),
    "discord": Group(
        modules=("bots/discord/poster.py", "bots/discord/http.py"),
        tests=(
            "tests/discord/test_delivery.py",
            "tests/discord/test_parts.py",
            "tests/discord/test_http.py",
            "tests/discord/test_refused.py",
            "tests/discord/test_transport.py",
        ),
        further=(*_MORE, "tests/discord"),
        count=15,
    ),
}  # fmt: skip

#: Faults that survive because nobody can tell the program with them from the one without: by module and changed line.
EQUIVALENT: Mapping[tuple[str, str], str] = {
    ("bots/domain/slots.py", "while subscription.enabled and day != last:"): (
        "no slot of the day after the last instant is due by then, and the horizon is days longer than any gap"
    ),
    (
        "summarizer/grounding/evidence.py",
        "readings = [read(text, words) for text, words in zip(texts, found, strict=False)]",
    ): "both lists are made of the same sentences",
    (
        "bots/sources/_politeness.py",
        "async with asyncio.timeout(None if end == inf else max( -1.0, end - self._clock())):",
    ): "a timeout that ended a second ago ends as one that ends now does",
    # Numbers of choice: another one of the same size would serve as well, and a test would only repeat it.
    ("bots/sources/_http.py", "_KEPT_BYTES = 16 * 1023 * 1024"): "a choice: the memory for pages that may not change",
    ("bots/sources/_http.py", "deadline: float = 59.0,"): "a choice: how long one request may take",
    ("bots/endpoints/limits.py", "large_bodies: int = 5"): "a choice: how many large bodies are read at once",
    ("bots/sources/_politeness.py", "_LONGEST_WAIT = 86401.0"): "a choice: a day, the longest pause that is believed",
}
