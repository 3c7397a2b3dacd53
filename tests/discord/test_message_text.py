"""The papers that a Discord message names: addresses, ids in a sentence, and no other numbers."""

import pytest

from bots.discord.message_text import bare, papers_in

LINK = "https://arxiv.org/abs/2004.15011v2"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"{LINK}.", [LINK]),
        (f"||{LINK}||", [LINK]),
        (f"[TLDR](<{LINK}>)", [LINK]),
        ("<@123>: 1706.03762", ["1706.03762"]),
        ("see arXiv:1706.03762 and 2004.15011v2", ["1706.03762", "2004.15011v2"]),
        (f"{LINK} and arXiv:2004.15011", [LINK]),
        ("https://arxiv.org/abs/1706.03762,https://arxiv.org/abs/2004.15011", ["1706.03762", "2004.15011"]),
        ("we moved to CUDA 12.4 on 2020.12 at 192.168.12.1", []),
        (f"{'We study words. ' * 20} Compared with arXiv:1706.03762 it is better.", []),
    ],
)
def test_the_papers_of_a_message_are_found(text: str, named: list[str]) -> None:
    """Addresses count in any message, ids only in one that is too short for an abstract; each paper counts once."""
    assert named == list(papers_in(bare(text)))
