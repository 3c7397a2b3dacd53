"""Claims about real models: a tiny T5, BART and chat model, saved and loaded as any other. They need torch."""

import asyncio
import json
import pickle
import shutil
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from summarizer import Abstract, BadModel, EngineDown, Style
from summarizer.engines.generative.engine import Device, GenerativeEngine, GenerativeSettings
from summarizer.engines.generative.model_files import fingerprint, write_manifest
from tests.summarizer.engines.generative import tiny_models
from tests.summarizer.engines.generative.tiny_models import BLURBS, PAPERS, STRUCTURED

pytestmark = [
    # Not imported to find out: that takes seconds, and the quick tests leave all of these out.
    pytest.mark.skipif(not find_spec("torch"), reason="needs torch: python3 dev.py install --extra transformers"),
    pytest.mark.slow,
    # Three models are taught before the first test; on a busy machine that takes over a minute.
    pytest.mark.timeout(240),
    # Raised by a C extension that torch and tokenizers bring along, on some versions of Python.
    pytest.mark.filterwarnings("ignore:builtin type .* has no __module__ attribute:DeprecationWarning"),
]
BUILDERS: dict[str, Callable[[Path], Path]] = {
    "t5": tiny_models.save_t5,
    "bart": tiny_models.save_bart,
    "chat": tiny_models.save_chat,
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one folder for each kind of model."""
    base = tmp_path_factory.mktemp("models")
    for name, build in BUILDERS.items():
        build(base / name)
    return base


@pytest.fixture
def copy(models: Path, tmp_path: Path) -> Path:
    """Return a T5 that the test may damage."""
    return Path(shutil.copytree(models / "t5", tmp_path / "t5"))


def engine_of(folder: Path, **settings: object) -> GenerativeEngine:
    """Return an engine on the CPU, so that every machine has the same results."""
    return GenerativeEngine(
        GenerativeSettings(**{"model": str(folder), "device": Device.CPU, **settings})  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("kind", BUILDERS)
async def test_every_kind_of_model_writes_its_blurbs(models: Path, kind: str) -> None:
    """Three concurrent abstracts get their own blurbs, each with evidence, engine and model."""
    engine = engine_of(models / kind, window=5.0, max_batch=3)
    blurbs = await asyncio.gather(*map(engine.summarize, PAPERS))
    assert list(BLURBS.values()) == [blurb.text for blurb in blurbs]
    assert {("generative", kind, ())} == {(blurb.engine, blurb.model, blurb.warnings) for blurb in blurbs}
    assert all(
        0 <= span.start < span.end <= len(p.text) for p, b in zip(PAPERS, blurbs, strict=True) for span in b.evidence
    )
    assert all(blurb.evidence for blurb in blurbs)


@pytest.mark.parametrize("kind", BUILDERS)
@pytest.mark.parametrize("num_beams", [1, 3])
async def test_alone_and_together_the_model_says_the_same(models: Path, kind: str, num_beams: int) -> None:
    """An abstract has the same blurb alone and in a batch: padding does not change it, and decoding is not random."""
    together = engine_of(models / kind, window=5.0, max_batch=3, num_beams=num_beams)
    alone = engine_of(models / kind, max_batch=1, num_beams=num_beams)
    assert [await alone.summarize(paper) for paper in PAPERS] == await asyncio.gather(*map(together.summarize, PAPERS))


async def test_a_chat_model_is_asked_for_all_parts_at_once(models: Path) -> None:
    """One answer of a chat model becomes all lines of a structured blurb, each with its evidence."""
    blurb = await engine_of(models / "chat").summarize(PAPERS[0], Style.STRUCTURED)
    assert STRUCTURED == blurb.text
    assert 3 == len(blurb.evidence)


async def test_a_model_that_only_shortens_is_asked_part_by_part(models: Path) -> None:
    """Each part is written from the sentences of its roles."""
    blurb = await engine_of(models / "t5").summarize(PAPERS[0], Style.STRUCTURED)
    assert [*tiny_models.part_blurbs(PAPERS[0]).values()] == [
        line.partition(": ")[2] for line in blurb.text.splitlines()
    ]


@pytest.mark.parametrize(("kind", "limit"), [("t5", 70), ("bart", 70), ("chat", 300)])
async def test_marks_in_an_abstract_never_reach_the_model(models: Path, kind: str, limit: int) -> None:
    """Control tokens in an abstract are removed before the model reads it: with them, the text would not fit."""
    marks = "<pad>" * 300
    steering = Abstract(title=f"{PAPERS[0].title}{marks}", text=PAPERS[0].text.replace("sive. We", f"sive{marks}. We"))
    blurb = await engine_of(models / kind, max_input_tokens=limit).summarize(steering)
    assert (BLURBS[PAPERS[0]], ()) == (blurb.text, blurb.warnings)


async def test_a_model_that_has_learnt_nothing_is_down(tmp_path: Path) -> None:
    """A model with random weights raises EngineDown, and its text is not posted."""
    engine = engine_of(tiny_models.save_t5(tmp_path / "untaught", taught=False))
    with pytest.raises(EngineDown):
        await engine.summarize(PAPERS[0])


async def test_a_model_that_makes_numbers_up_is_down(tmp_path: Path) -> None:
    """A fluent sentence with a number that the abstract does not have raises EngineDown."""
    invented = {PAPERS[0]: "A method sends only the 77 largest entries of each gradient."}
    engine = engine_of(tiny_models.save_t5(tmp_path / "invents", invented))
    with pytest.raises(EngineDown):
        await engine.summarize(PAPERS[0])


async def test_what_does_not_fit_the_model_is_said(models: Path) -> None:
    """Words beyond the model's limit are left out, and a warning says how many."""
    paper = Abstract(title=PAPERS[0].title, text=f"{PAPERS[0].text} {'More is said of it here. ' * 60}")
    blurb = await engine_of(models / "t5", max_input_tokens=47).summarize(paper)
    assert BLURBS[PAPERS[0]] == blurb.text
    [warning] = blurb.warnings
    assert "left out" in warning


@pytest.mark.parametrize(("kind", "limit"), [("chat", 40), ("t5", 1)])
async def test_a_model_that_can_read_nothing_is_down(models: Path, kind: str, limit: int) -> None:
    """If not even one word of the abstract fits, EngineDown is raised."""
    with pytest.raises(EngineDown, match="too few"):
        await engine_of(models / kind, max_input_tokens=limit).summarize(PAPERS[0])


async def test_one_caller_who_gives_up_harms_nobody(models: Path) -> None:
    """A call cancelled while its batch waits or runs does not affect the other calls."""
    engine = engine_of(models / "t5", window=0.2)
    calls = [asyncio.create_task(engine.summarize(paper)) for paper in PAPERS]
    await asyncio.sleep(0)
    calls[1].cancel()
    found = await asyncio.gather(*calls, return_exceptions=True)
    assert isinstance(found[1], asyncio.CancelledError)
    wanted = list(BLURBS.values())
    assert [wanted[0], wanted[2]] == [getattr(found[index], "text", found[index]) for index in (0, 2)]


async def test_the_event_loop_is_free_while_the_model_writes(models: Path) -> None:
    """Loading and writing happen on a thread: the loop's own thread never works for 0.3 s without a pause."""
    engine = engine_of(models / "chat")
    call = asyncio.create_task(engine.summarize(PAPERS[0]))
    longest, before = 0.0, time.thread_time()
    while not call.done():
        await asyncio.sleep(0.005)
        longest, before = max(longest, time.thread_time() - before), time.thread_time()
    assert BLURBS[PAPERS[0]] == (await call).text
    assert longest < 0.3


# -- what is not loaded ---------------------------------------------------------------------------


class Canary:
    """Creates a file when it is unpickled."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """Make unpickling create the file."""
        return (Path.touch, (self.trace,))


@pytest.mark.parametrize("beside", [True, False], ids=["beside safetensors", "alone"])
async def test_pickled_weights_are_never_opened(copy: Path, tmp_path: Path, beside: bool) -> None:
    """Code in a .bin file does not run, whether there are other weights or not."""
    trace = tmp_path / "trace"
    (copy / "pytorch_model.bin").write_bytes(pickle.dumps(Canary(trace)))
    if beside:
        assert BLURBS[PAPERS[0]] == (await engine_of(copy).summarize(PAPERS[0])).text
    else:
        (copy / "model.safetensors").unlink()
        with pytest.raises(BadModel, match=r"pytorch_model\.bin"):
            await engine_of(copy).summarize(PAPERS[0])
    assert not trace.exists()
    pickle.loads((copy / "pytorch_model.bin").read_bytes())  # noqa: S301  the canary itself: it does sing
    assert trace.exists()


async def test_programs_in_a_model_folder_do_not_run(copy: Path, tmp_path: Path) -> None:
    """Code that a configuration names is not imported, and the model is refused."""
    trace = tmp_path / "trace"
    (copy / "own.py").write_text(f"from pathlib import Path\nPath({str(trace)!r}).touch()\n")
    config = json.loads((copy / "config.json").read_text())
    config |= {"model_type": "of-its-own", "auto_map": {"AutoConfig": "own.Config", "AutoModelForSeq2SeqLM": "own.M"}}
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(BadModel, match="cannot be"):
        await engine_of(copy).summarize(PAPERS[0])
    assert not trace.exists()


async def test_weights_that_do_not_fit_are_refused(copy: Path) -> None:
    """A model whose file lacks a layer is refused, instead of filling the layer with random numbers."""
    config = json.loads((copy / "config.json").read_text())
    (copy / "config.json").write_text(json.dumps(config | {"num_layers": 2}))
    with pytest.raises(BadModel, match=r"encoder\.block\.1"):
        await engine_of(copy).summarize(PAPERS[0])


@pytest.mark.parametrize(("name", "content"), [("tokenizer.json", "{"), ("tokenizer_config.json", "[")])
async def test_a_damaged_tokenizer_is_refused(copy: Path, name: str, content: str) -> None:
    """An error in the tokenizer is reported as one of the tokenizer, not of the weights."""
    (copy / name).write_text(content)
    with pytest.raises(BadModel, match="tokenizer"):
        await engine_of(copy).summarize(PAPERS[0])


async def test_an_altered_model_is_refused_and_named(copy: Path) -> None:
    """With a manifest, one changed byte of the weights is found before they are loaded, and the file is named."""
    write_manifest(copy)
    engine = engine_of(copy)
    assert (f"t5@{fingerprint(copy)}", BLURBS[PAPERS[0]]) == (engine.model, (await engine.summarize(PAPERS[0])).text)
    weights = bytearray((copy / "model.safetensors").read_bytes())
    weights[-1] ^= 1
    (copy / "model.safetensors").write_bytes(weights)
    with pytest.raises(BadModel, match=r"model\.safetensors was altered"):
        await engine_of(copy).summarize(PAPERS[0])


async def test_a_refused_model_stays_refused_without_another_look(copy: Path) -> None:
    """A damaged model is refused for every abstract, without reading the files again."""
    (copy / "config.json").rename(copy / "away.json")
    engine = engine_of(copy)
    for _ in range(2):
        with pytest.raises(BadModel, match=r"config\.json"):
            await engine.summarize(PAPERS[0])
        if (copy / "away.json").exists():
            (copy / "away.json").rename(copy / "config.json")


async def test_a_chat_model_without_a_template_is_refused(tmp_path: Path) -> None:
    """A model that only continues text is refused, because it cannot follow instructions."""
    folder = tiny_models.save_chat(tmp_path / "base", template=None)
    with pytest.raises(BadModel, match="no chat template"):
        await engine_of(folder).summarize(PAPERS[0])


async def test_a_device_that_is_not_there_is_named(models: Path) -> None:
    """A configured graphics card that does not exist raises EngineDown, which names the device."""
    import torch

    if torch.cuda.is_available():
        pytest.skip("needs a machine without CUDA")
    with pytest.raises(EngineDown, match="no cuda device"):
        await engine_of(models / "t5", device=Device.CUDA).summarize(PAPERS[0])


async def test_auto_finds_a_device(models: Path) -> None:
    """With "auto", the best available device writes the same blurb."""
    blurb = await engine_of(models / "t5", device=Device.AUTO).summarize(PAPERS[0])
    assert BLURBS[PAPERS[0]] == blurb.text
