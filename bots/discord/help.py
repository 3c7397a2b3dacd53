"""Help topics for Discord, with examples in the syntax of its commands. Pure functions."""

from bots.commands.topics import in_words
from bots.domain.replies import HelpReply, Topic
from bots.translation.speech import gettext_noop

TOPICS: tuple[Topic, ...] = (
    Topic(
        name="lookup",
        form="/paper lookup",
        says=gettext_noop(
            "Shows one paper with its blurb: by its id, address or DOI, or by words of its title. While you type, it "
            "suggests papers that Paperwire knows."
        ),
        example="/paper lookup paper:1706.03762",
    ),
    Topic(
        name="search",
        form="/paper search",
        says=gettext_noop(
            "Finds papers by their words. OR and NOT between words are obeyed; a minus before a word leaves it out."
        ),
        example='/paper search words:"KV cache" pruning limit:3',
    ),
    Topic(
        name="digest",
        form="/paper digest",
        says=gettext_noop(
            "Shows a digest now, to you alone, from the sources, about the subjects and of the day that you choose."
        ),
        example="/paper digest source:Hugging Face query:agents -survey",
    ),
    Topic(
        name="subscribe",
        form="/paper subscribe",
        says=gettext_noop(
            "Subscribes a channel, thread or forum to a digest at set times: fill in the form, check the draft, see "
            "with Preview what it would post now, and press Subscribe."
        ),
        example="/paper subscribe channel:#papers",
    ),
    Topic(
        name="subscriptions",
        form="/paper subscriptions",
        says=gettext_noop("Lists the subscriptions of a channel; each can be edited, paused or ended."),
        example="/paper subscriptions",
    ),
    Topic(
        name="saved",
        form="/paper saved",
        says=gettext_noop("Lists the papers that you saved, wherever you did, and gives them as BibTeX."),
        example="/paper saved words:attention",
    ),
    Topic(
        name="hidden",
        form="/paper hidden",
        says=gettext_noop(
            "Lists the papers that are hidden from this channel's digests, who hid them and when, each with Undo."
        ),
        example="/paper hidden",
    ),
    Topic(
        name="follow",
        form="/paper follow",
        says=gettext_noop(
            "Follows a person, a subject or a filter, for you or for this channel: their papers come first in your "
            "own digest, in direct messages, or in the channel's."
        ),
        example="/paper follow kind:Author text:Yoshua Bengio",
    ),
    Topic(
        name="unfollow",
        form="/paper unfollow",
        says=gettext_noop("Ends following something, by its words or by its number in the list."),
        example="/paper unfollow text:Yoshua Bengio",
    ),
    Topic(
        name="following",
        form="/paper following",
        says=gettext_noop("Lists what you follow and what this channel follows; each can be ended."),
        example="/paper following",
    ),
    Topic(
        name="mentions",
        form="/paper mentions",
        says=gettext_noop(
            "Lets digests here mention you under papers that fit what you follow, or ends that. By default nobody is "
            "mentioned; whoever may change this channel's subscriptions allows it first."
        ),
        example="/paper mentions step:Mention me here",
    ),
    Topic(
        name="interests",
        form="/paper interests",
        says=gettext_noop(
            "Shows what the ranking of this channel's digests has learned from Save, More like this and Not for us; "
            "lets it learn from papers that you name, gives the liked ones as BibTeX, or forgets everything."
        ),
        example="/paper interests papers:2004.15011 1706.03762",
    ),
    Topic(
        name="summarize",
        form="/summarize",
        says=gettext_noop("Condenses an abstract that you paste into a window, or a text file."),
        example="/summarize",
    ),
    Topic(
        name="menu",
        form="Apps, Summarize",
        says=gettext_noop(
            "Right-click a message, then choose Apps and Summarize: it condenses the text of the message, or shows "
            "the papers that it links to."
        ),
        example="",
    ),
    Topic(
        name="buttons",
        form="Abstract, Save, More like this, Not for us, BibTeX",
        says=gettext_noop(
            "Under every paper are buttons or a menu: Abstract, Save, More like this, Not for us, BibTeX. Not for us "
            "asks once, then keeps a paper out of the channel's digests until someone presses Undo. Share, under an "
            "answer "
            "that only you see, shows it to all."
        ),
        example="",
    ),
)


def help_reply(topic: str) -> HelpReply:
    """Return the help on one topic; on all topics if none is named or the name is unknown."""
    asked = topic.strip().casefold()
    found = tuple(each for each in TOPICS if not asked or each.name == asked) or TOPICS
    return HelpReply(topics=tuple(map(in_words, found)))
