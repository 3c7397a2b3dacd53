"""The JSON API over HTTP: the requests of the chats, tokens and rights, errors that say what to do, pages."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from bots.domain.channels import Channel, Reader
from bots.domain.credentials import CredentialKind
from bots.rest.api import OPERATIONS
from bots.rest.openapi import document
from bots.rest.tokens import Right, is_genuine, new_token, read_token
from tests.contracts.test_store_archive import numbered, post
from tests.rest.conftest import HERE, ID, THERE, Program, a_program, a_token, fill
from tests.support.factories import NOW, a_paper, a_subscription

ABSTRACT = a_paper().abstract
DOCUMENT = document(OPERATIONS, url="https://p.example/api/v1", version="1")


def checked(answer: httpx.Response, schema: str, status: int = 200) -> Any:
    """Return the JSON of an answer after a check against its schema in the document."""
    assert status == answer.status_code, answer.text
    value = answer.json()
    Draft202012Validator({**DOCUMENT, "$ref": f"#/components/schemas/{schema}"}).validate(value)
    return value


def refused(answer: httpx.Response, status: int) -> Any:
    """Return the problem that an answer reports."""
    assert "application/problem+json" == answer.headers["Content-Type"]
    problem = checked(answer, "Problem", status)
    assert status == problem["status"]
    return problem


# ── what it answers ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_papers_are_found(program: Program) -> None:
    """A search lists stored papers with blurbs, as in the chats."""
    found = checked(await program.get("/search", q="bert"), "EntryPage")
    assert ["arxiv:1810.04805"] == [item["paper"]["id"] for item in found["items"]]
    assert found["items"][0]["blurb"]["text"]


async def test_a_search_is_paged(program: Program) -> None:
    """The cursor of a page leads to the next one, sorted as was asked, until there is none."""
    await program.store.remember(numbered(*range(23)), source="arxiv:cs.CL", day=NOW.date())
    cursor: Any = ""
    seen, pages = list[str](), 0
    while cursor is not None:
        page = checked(await program.get("/search", q="paper", limit=10, order="newest", cursor=cursor), "EntryPage")
        seen += [item["paper"]["id"] for item in page["items"]]
        cursor, pages = page["next_cursor"], pages + 1
        assert 23 == page["total"]
    assert (23, 3) == (len(set(seen)), pages)
    assert len(seen) == len(set(seen))


@pytest.mark.parametrize("named", ["1706.03762", "arxiv:1706.03762", "https://arxiv.org/abs/1706.03762"])
async def test_a_paper_is_shown(program: Program, named: str) -> None:
    """A paper is shown by its id or address, with abstract and blurb."""
    entry = checked(await program.get(f"/papers/{named}"), "Entry")
    assert ("arxiv:1706.03762", ABSTRACT) == (entry["paper"]["id"], entry["paper"]["abstract"])


async def test_an_abstract_is_condensed(program: Program) -> None:
    """A pasted abstract gets a blurb in the style that was asked for."""
    body = {"text": ABSTRACT, "title": "Attention", "style": "short"}
    summary = checked(await program.ask("POST", "/summaries", json=body), "Summary")
    assert ("Attention", True) == (summary["title"], bool(summary["blurb"]["text"]))


async def test_the_trending_list_is_paged(program: Program) -> None:
    """The newest list comes first by popularity, page by page."""
    first = checked(await program.get("/trending", limit=3), "TrendingPage")
    rest = checked(await program.get("/trending", limit=3, cursor=first["next_cursor"]), "TrendingPage")
    votes = [item["paper"]["signals"]["upvotes"] for item in first["items"] + rest["items"]]
    assert sorted(votes, reverse=True) == votes
    assert (5, None) == (len(votes), rest["next_cursor"])
    week = checked(await program.get("/trending", period="week", day="2026-11-24", order="newest"), "TrendingPage")
    assert ("2026-11-18", "2026-11-24") == (week["first_day"], week["last_day"])


async def test_what_was_posted_is_paged(program: Program) -> None:
    """The papers of a channel come by message, and the cursor leads to the messages before."""
    page = checked(await program.get("/posted", limit=1), "PostedPage")
    assert ["arxiv:2004.15011", "arxiv:2205.14135"] == [item["paper"]["id"] for item in page["items"]]
    rest = checked(await program.get("/posted", limit=1, cursor=page["next_cursor"]), "PostedPage")
    assert (3, None) == (len(rest["items"]), rest["next_cursor"])
    assert NOW.isoformat() == rest["items"][0]["posted_at"]


async def test_papers_are_saved_listed_and_exported(program: Program) -> None:
    """A paper is saved for the token's person, listed, exported and removed; a chat would see the same list."""
    assert "Saved" in checked(await program.ask("PUT", "/saved/2004.15011"), "Noted")["said"]
    assert "before" in checked(await program.ask("PUT", "/saved/2004.15011"), "Noted")["said"]
    await program.ask("PUT", "/saved/1706.03762")
    first = checked(await program.get("/saved", limit=1), "PaperPage")
    second = checked(await program.get("/saved", limit=1, cursor=first["next_cursor"]), "PaperPage")
    assert {"arxiv:2004.15011", "arxiv:1706.03762"} == {page["items"][0]["id"] for page in (first, second)}
    answer = await program.get("/export", format="ris")
    assert 2 == answer.text.count("TY  - ")
    assert 'attachment; filename="papers.ris"' == answer.headers["Content-Disposition"]
    assert "@misc{vaswani2026attention" in (await program.get("/export", paper="1706.03762")).text
    checked(await program.ask("DELETE", "/saved/2004.15011"), "Noted")
    assert 1 == checked(await program.get("/saved"), "PaperPage")["total"]


async def test_a_token_may_act_for_a_person() -> None:
    """A token that names a person reads that person's list, and no other."""
    person = Channel(platform="fakechat", workspace="T1", channel="ada")
    async with a_program(a_token(person=person)) as program:
        paper = (await fill(program.store))[0]
        reader = Reader(platform="fakechat", workspace="T1", user="ada")
        await program.store.save_paper(reader, paper, now=NOW)
        await program.store.save_paper(Reader(platform="fakechat", workspace="T1", user="bob"), paper, now=NOW)
        assert 1 == checked(await program.get("/saved"), "PaperPage")["total"]


async def test_subscriptions_are_created_listed_and_ended(program: Program) -> None:
    """A subscription is created with the options of the chats, listed with its next digest, and ended."""
    body = {"source": "told", "query": "agents", "at": "08:30", "zone": "Europe/Berlin", "limit": "3"}
    made = checked(await program.ask("POST", "/subscriptions", json=body), "Subscribed")["subscription"]
    assert (str(HERE), ["08:30"], 3) == (made["channel"], made["times"], made["limit"])
    listed = checked(await program.get("/subscriptions"), "SubscriptionList")["items"]
    assert [made["id"]] == [item["subscription"]["id"] for item in listed]
    assert 204 == (await program.ask("DELETE", f"/subscriptions/{made['id']}")).status_code
    assert [] == checked(await program.get("/subscriptions"), "SubscriptionList")["items"]
    refused(await program.ask("DELETE", f"/subscriptions/{made['id']}"), 404)


# ── tokens ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer pw_0123456789ab_" + "x" * 43,
        "Basic YTpi",
        "Bearer pw_ffffffffffff_" + "x" * 43,
        "x" * 4000,
    ],
)
async def test_without_a_token_nothing_is_told(program: Program, header: str) -> None:
    """A call without a token, or with a wrong one, is refused with how to send one."""
    answer = await program.ask("GET", "/subscriptions", headers={"Authorization": header})
    problem = refused(answer, 401)
    assert "Bearer" in problem["hint"]
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_revoked_or_expired_token_ends() -> None:
    """A token is refused from its last instant on, and at once when it is revoked."""
    async with a_program(a_token(expires=NOW + timedelta(hours=1))) as program:
        assert 200 == (await program.get("/saved")).status_code
        program.browser.bench.clock.turn(seconds=3600)
        assert 401 == (await program.get("/saved")).status_code
    async with a_program() as program:
        await program.store.drop_credential(CredentialKind.API_TOKEN, ID)
        assert 401 == (await program.get("/saved")).status_code


def test_only_a_hash_is_stored() -> None:
    """What is stored of a token is not enough to make it; reading it back gives everything else."""
    token = a_token(person=THERE, expires=NOW)
    text, kept = new_token(token)
    assert token == read_token(kept)
    assert text.rpartition("_")[2] not in repr(dict(kept.facts))
    assert is_genuine(text, kept)
    assert not is_genuine(text[:-1] + ("x" if text[-1] != "x" else "y"), kept)


#: A call of each operation.
CALLS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "search": ("GET", "/search?q=x", {}),
    "getPaper": ("GET", "/papers/1706.03762", {}),
    "summarize": ("POST", "/summaries", {"json": {"text": ABSTRACT}}),
    "trending": ("GET", "/trending", {}),
    "posted": ("GET", "/posted", {}),
    "listSubscriptions": ("GET", "/subscriptions", {}),
    "subscribe": ("POST", "/subscriptions", {"json": {"source": "told"}}),
    "unsubscribe": ("DELETE", "/subscriptions/x", {}),
    "listSaved": ("GET", "/saved", {}),
    "save": ("PUT", "/saved/1706.03762", {}),
    "unsave": ("DELETE", "/saved/1706.03762", {}),
    "export": ("GET", "/export", {}),
}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
async def test_each_operation_needs_its_right(operation: Any) -> None:
    """With every right but its own, an operation is refused, and the problem names the right."""
    method, path, more = CALLS[operation.name]
    async with a_program(a_token(rights=frozenset(Right) - {operation.right})) as program:
        await fill(program.store)
        assert f"`{operation.right}`" in refused(await program.ask(method, path, **more), 403)["detail"]


async def test_no_operation_shows_another_workspace() -> None:
    """With a token of one workspace, no operation returns a word of what another one has."""
    secret = a_paper(title="Canary draft", abstract=f"Canary. {ABSTRACT}", private=True)
    async with a_program() as program:
        await post(program.store, (secret,), channel=THERE)
        await program.store.save_paper(
            Reader(platform="fakechat", workspace="T2", user=a_token().user), secret, now=NOW
        )
        await program.store.keep_subscription(a_subscription(id="theirs", channel=THERE, query="Canary"))
        calls = {**CALLS, "unsubscribe": ("DELETE", "/subscriptions/theirs", {}), "q": ("GET", "/search?q=canary", {})}
        for method, path, more in calls.values():
            assert "canary" not in (await program.ask(method, path, **more)).text.casefold().replace("?q=canary", "")
        assert 403 == (await program.get("/posted", channel=str(THERE))).status_code
        assert await program.store.subscription("theirs") is not None
