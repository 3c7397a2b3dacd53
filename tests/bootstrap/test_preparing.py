"""Which processes condense papers ahead."""

from collections.abc import Sequence

import pytest

from bots.bootstrap.preparing import prepares
from bots.domain.queues import DIGESTS, INDEXING, SUMMARIES


@pytest.mark.parametrize(
    ("expected", "queues", "workers"),
    [
        (True, None, False),
        (False, None, True),
        (True, (), True),
        (True, (DIGESTS, INDEXING), True),
        (False, (SUMMARIES,), True),
        (False, (DIGESTS,), True),
    ],
)
def test_who_condenses_ahead(expected: bool, queues: Sequence[str] | None, workers: bool) -> None:
    """Without workers the one process does; with them those whose queue nobody waits for, and never one of blurbs."""
    assert expected is prepares(queues, workers=workers)
