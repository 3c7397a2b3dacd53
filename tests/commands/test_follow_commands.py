"""The commands about what is followed, in people's own words, and about being mentioned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.commands import parse_command, write_command
from bots.domain.channels import Channel
from bots.domain.errors import RequestError
from bots.domain.follows import FollowKind, MentionStep
from bots.domain.requests import Follow, Following, Lookup, Mentions, Request, Subscribe, Unfollow, Unsubscribe

HERE = Channel(platform="fakechat", workspace="T", channel="C")


def read(text: str) -> Request:
    """Return the request of a text."""
    return parse_command(text, channel=HERE)


def follow(kind: FollowKind, text: str, *, everyone: bool = False) -> Follow:
    """Return a request to follow something."""
    return Follow(channel=HERE, kind=kind, text=text, everyone=everyone)


AUTHOR, TOPIC, QUERY = FollowKind
SAID = (
    ("follow author Yoshua Bengio", follow(AUTHOR, "Yoshua Bengio")),
    ("follow the author “Yoshua Bengio” here", follow(AUTHOR, "Yoshua Bengio", everyone=True)),
    ("please follow the author Ada Lovelace", follow(AUTHOR, "Ada Lovelace")),
    ("follow authors: Ada Lovelace", follow(AUTHOR, "Ada Lovelace")),
    ("follow papers by Yoshua Bengio please", follow(AUTHOR, "Yoshua Bengio")),
    ("follow topic protein folding for us", follow(TOPIC, "protein folding", everyone=True)),
    ("follow new papers about graph learning", follow(TOPIC, "graph learning")),
    ("can you follow topic diffusion models for everyone?", follow(TOPIC, "diffusion models", everyone=True)),
    ('Follow query "kv cache" upvotes:>5', follow(QUERY, '"kv cache" upvotes:>5')),
    ("follow topic graphs for me", follow(TOPIC, "graphs")),
    ("follow", Following(channel=HERE)),
    ("unfollow", Following(channel=HERE)),
    ("who do I follow?", Following(channel=HERE)),
    ("unfollow 2", Unfollow(channel=HERE, text="2")),
    ("unfollow 2 here", Unfollow(channel=HERE, text="2", everyone=True)),
    ("unfollow Ada Lovelace", Unfollow(channel=HERE, text="Ada Lovelace")),
    ("unfollow the author Ada Lovelace", Unfollow(channel=HERE, kind=AUTHOR, text="Ada Lovelace")),
    ("unfollow arxiv cs.CL", Unsubscribe(channel=HERE, subscription_id="arxiv cs.CL")),
    ("mentions", Mentions(channel=HERE)),
    ("mentions on", Mentions(channel=HERE, step=MentionStep.ON)),
    ("don't mention me", Mentions(channel=HERE, step=MentionStep.OFF)),
    ("mentions off for everyone", Mentions(channel=HERE, step=MentionStep.FORBID)),
    ("mentions allow", Mentions(channel=HERE, step=MentionStep.ALLOW)),
    ("Follow the leader", Lookup(channel=HERE, text="Follow the leader")),
    ("Mentions of climate change in parliament", Lookup(channel=HERE, text="Mentions of climate change in parliament")),
)


@pytest.mark.parametrize(("text", "request_"), SAID)
def test_people_say_it_in_their_own_words(text: str, request_: Request) -> None:
    """Each text means this request, and the request can be written and read again."""
    assert request_ == read(text)
    assert request_ == read(write_command(request_))


@pytest.mark.parametrize("text", ["follow arxiv cs.CL", "follow cs.CL at 9am", "follow Hugging Face"])
def test_following_a_source_is_a_subscription(text: str) -> None:
    """What names a source or a time still subscribes."""
    assert isinstance(read(text), Subscribe)


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        ("follow Yoshua Bengio", "may be an author, a topic or a query", "follow author Yoshua Bengio"),
        ("follow us", "may be an author, a topic or a query", "follow topic us"),
        ("follow author", "Which author?", "For example"),
        ("follow topic ???", "Which topic?", "For example"),
        ("follow query upvote:>5", "no field “upvote:”", "Did you mean upvotes:?"),
        ("follow query NOT surveys", "only excludes papers", "Name what they should contain"),
        ("follow author " + "a" * 301, "301 characters long; 300 is the most", "For example"),
        ("mentions bogus", "is not something to do with mentions", "Write on or off"),
        ("following all of it", "takes nothing more", "For example"),
    ],
)
def test_what_cannot_be_followed_is_told_with_the_remedy(text: str, said: str, hint: str) -> None:
    """The error names what is wrong and how to write it."""
    with pytest.raises(RequestError) as error:
        read(text)
    assert said in str(error.value)
    assert hint in error.value.hint


@given(st.sampled_from(FollowKind), st.text(min_size=1, max_size=40), st.booleans())
def test_whatever_is_followed_can_be_written_and_read_again(kind: FollowKind, text: str, everyone: bool) -> None:
    """If a text is read as a follow, its command is read as the same follow; nothing else than our errors is raised."""
    typed = f"follow {kind} {text}{' here' if everyone else ''}"
    try:
        request = read(typed)
    except RequestError:
        return
    if isinstance(request, Follow):
        assert request == read(write_command(request))
