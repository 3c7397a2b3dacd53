"""Signed links: only who has the key can make one, for one subject, one purpose and a time."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.pages.signed_links import signed, subject_of, verified
from tests.support.factories import NOW

TOKEN = signed("subject", secret="key", purpose="leave", now=NOW)


def works(token: str, **changes: object) -> bool:
    """Return whether a token works; `changes` are arguments of `verified`."""
    given_ = {"secret": "key", "purpose": "leave", "now": NOW, **changes}
    return verified(token, **given_)  # type: ignore[arg-type]  # each test gives the right types


def test_a_token_works() -> None:
    """A token works for its purpose, names its subject, and can be part of an address."""
    assert works(TOKEN)
    assert "subject" == subject_of(TOKEN)
    assert TOKEN.replace(".", "").replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize("changes", [{"secret": "other"}, {"purpose": "stay"}])
def test_another_key_or_purpose(changes: dict[str, object]) -> None:
    """With another key, or for another purpose, it does not work."""
    assert not works(TOKEN, **changes)


def test_a_token_ages() -> None:
    """It works up to its age and not after it; a token from the future does not work; without an age it always does."""
    longest = timedelta(days=2)
    assert works(TOKEN, now=NOW + longest, longest=longest)
    assert not works(TOKEN, now=NOW + longest + timedelta(seconds=1), longest=longest)
    assert works(TOKEN, now=NOW - timedelta(minutes=4), longest=longest)
    assert not works(TOKEN, now=NOW - timedelta(minutes=6), longest=longest)
    assert works(TOKEN, now=NOW + timedelta(days=9999))


@given(st.integers(0, len(TOKEN) - 1), st.sampled_from("aZ0.-_=\u0430 "))
def test_no_character_may_change(place: int, char: str) -> None:
    """A token with any one character changed does not work, except for unused bits of the last one."""
    changed = TOKEN[:place] + char + TOKEN[place + 1 :]
    assert changed == TOKEN or place == len(TOKEN) - 1 or not works(changed)


@given(st.text(max_size=400))
def test_whatever_comes_is_refused(token: str) -> None:
    """Any text from outside is refused and raises nothing."""
    assert not works(token)
    subject_of(token)


def test_a_subject_has_no_dot() -> None:
    """A subject with a dot could not be told from its signature."""
    with pytest.raises(ValueError, match="dot"):
        signed("a.b", secret="key", purpose="leave", now=NOW)
