"""What people say of papers reaches the ranking of their channel, can be shown, exported and forgotten."""

from dataclasses import replace
from typing import Any

from bots.domain import replies
from bots.domain.channels import Channel
from bots.domain.feedback import Sign
from bots.domain.paper_ids import PaperRef
from bots.domain.papers import Paper
from bots.domain.requests import MoreLike, NotForUs, Save, Taste, TasteStep, Unhide, Unsave, changes_channel
from bots.ports import SourceQuery
from bots.sources.sample import SampleDay
from bots.store.memory import MemoryStore
from tests.support.doubles import Bench, ToldSource, a_bench
from tests.support.factories import CHANNEL, DAY, a_subscription


async def sample_papers() -> tuple[Paper, ...]:
    """Return the papers of the sample day."""
    return (await SampleDay().recent(SourceQuery(day=DAY))).papers


def named(papers: tuple[Paper, ...], title: str) -> Paper:
    """Return the paper whose title begins with this text."""
    return next(paper for paper in papers if paper.title.startswith(title))


async def said(bench: Bench, step: TasteStep, *papers: Paper) -> str:
    """Return what a request about the ranking answers."""
    refs = tuple(PaperRef(id=paper.id) for paper in papers)
    reply = await bench.service.answer(Taste(channel=CHANNEL, user="ada", step=step, papers=refs))
    assert isinstance(reply, replies.Noted)
    return reply.said


async def test_saving_asking_for_more_and_hiding_are_learned_and_taken_back() -> None:
    """Each of the three is a statement of its person; Unsave and Undo take theirs back."""
    papers = await sample_papers()
    first, second, third = papers[:3]
    async with a_bench(MemoryStore(), told=ToldSource(papers=papers)) as bench:
        answer, here = bench.service.answer, dict[str, Any](channel=CHANNEL, user="ada")
        await answer(Save(paper_id=first.id, **here))
        await answer(MoreLike(paper_id=second.id, **here))
        await answer(NotForUs(paper_id=third.id, sure=False, **here))
        signs = {each.paper.id: each.sign for each in await bench.store.feedback(CHANNEL)}
        assert {first.id: Sign.SAVED, second.id: Sign.MORE} == signs
        await answer(NotForUs(paper_id=third.id, **here))
        assert Sign.HIDDEN in {each.sign for each in await bench.store.feedback(CHANNEL)}
        await answer(Unhide(paper_id=third.id, channel=CHANNEL, user="bob"))
        await answer(Unsave(paper_id=first.id, channel=CHANNEL, user="bob"))
        assert {first.id, second.id} == {each.paper.id for each in await bench.store.feedback(CHANNEL)}
        await answer(Unsave(paper_id=first.id, **here))
        assert [second.id] == [each.paper.id for each in await bench.store.feedback(CHANNEL)]


async def test_a_private_save_teaches_the_channel_the_person_is_in() -> None:
    """The list is the person's, but the ranking that learns is that of the place where they pressed the button."""
    papers = await sample_papers()
    own = Channel(platform=CHANNEL.platform, channel="D1")
    async with a_bench(MemoryStore(), told=ToldSource(papers=papers)) as bench:
        await bench.service.answer(Save(channel=own, place=CHANNEL, user="ada", paper_id=papers[0].id))
        assert (1, 0) == (len(await bench.store.feedback(CHANNEL)), len(await bench.store.feedback(own)))


async def test_examples_bring_their_like_to_the_top_and_say_so() -> None:
    """After three examples on reinforcement and control a digest without interests starts with such papers."""
    papers = await sample_papers()
    docking, tape = named(papers, "DiffDock"), named(papers, "Evaluating Protein")
    async with a_bench(MemoryStore(), told=ToldSource(papers=papers)) as bench:
        build = bench.service.digest_builder.digest
        before = await build(a_subscription(sources=("told",), limit=28), [DAY])
        assert "Learned from 1 example: “DiffDock" in (await said(bench, TasteStep.LIKE, docking))
        after = await build(a_subscription(sources=("told",), limit=28), [DAY])
        assert len(before.entries) == len(after.entries)
        assert after.paper_ids.index(tape.id) < before.paper_ids.index(tape.id)


async def test_it_is_shown_exported_and_forgotten() -> None:
    """The summary counts and names the liked papers, the export is BibTeX, and a reset leaves nothing."""
    papers = await sample_papers()
    async with a_bench(MemoryStore(), told=ToldSource(papers=papers)) as bench:
        assert "has learned from no paper yet" in await said(bench, TasteStep.SHOW)
        assert "nothing to forget" in await said(bench, TasteStep.RESET)
        assert "nothing to export" in await said(bench, TasteStep.EXPORT)
        await said(bench, TasteStep.LIKE, *papers[:2])
        await bench.service.answer(NotForUs(channel=CHANNEL, user="bob", paper_id=papers[2].id))
        shown = await said(bench, TasteStep.SHOW)
        assert "learned from 2 liked papers and 1 disliked, by 2 people. Words of the liked ones: " in shown
        assert f"“{papers[1].title}”" in shown
        exported = await bench.service.answer(Taste(channel=CHANNEL, step=TasteStep.EXPORT))
        assert isinstance(exported, replies.Citation)
        assert (2, 2) == (exported.papers, exported.text.count("@"))
        assert "Forgotten: 3 statements" in await said(bench, TasteStep.RESET)
        assert () == await bench.store.feedback(CHANNEL)


async def test_a_channel_learns_from_its_own_only() -> None:
    """What is said in one channel changes no other."""
    papers = await sample_papers()
    other = replace(CHANNEL, channel="C9")
    async with a_bench(MemoryStore(), told=ToldSource(papers=papers)) as bench:
        await said(bench, TasteStep.LIKE, *papers[-3:])
        build = bench.service.digest_builder.digest
        there = await build(a_subscription(sources=("told",), channel=other, limit=28), [DAY])
    async with a_bench(MemoryStore(), told=ToldSource(papers=papers)) as bench:
        plain = await bench.service.digest_builder.digest(a_subscription(sources=("told",), limit=28), [DAY])
    assert plain.paper_ids == there.paper_ids


def test_teaching_and_forgetting_change_the_channel() -> None:
    """Only these two need the right to change what everyone in the channel reads."""
    changing = [step for step in TasteStep if changes_channel(Taste(channel=CHANNEL, step=step))]
    assert [TasteStep.LIKE, TasteStep.RESET] == changing
