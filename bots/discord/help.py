"""Help topics for Discord, in the syntax of its commands. Pure functions."""

from bots.domain.replies import HelpReply, Topic

TOPICS: tuple[Topic, ...] = (
    Topic(
        name="lookup",
        form="/paper lookup paper:<id, address, DOI or words of a title>",
        says="Shows one paper with its blurb. While you type, it suggests papers that Paperwire knows.",
        example="/paper lookup paper:1706.03762",
    ),
    Topic(
        name="search",
        form="/paper search words:<words> limit:<number>",
        says="Lists papers that match some words; OR, NOT and -word in it are obeyed.",
        example='/paper search words:"KV cache" pruning limit:3',
    ),
    Topic(
        name="digest",
        form="/paper digest source:… query:… interests:… limit:… style:… sort:… day:…",
        says="Makes a digest now, for you alone. The query takes words, "
        '"phrases", AND OR NOT, -word, (), ti: au: cat:, and a star at the end of a word.',
        example="/paper digest source:arxiv:cs.CL query:agents -survey",
    ),
    Topic(
        name="subscribe",
        form="/paper subscribe channel:<channel, thread or forum>",
        says="Subscribes a channel to a digest at set times: fill in the form, check the draft, see with Preview what "
        "it would post now, and press Subscribe.",
        example="/paper subscribe channel:#papers",
    ),
    Topic(
        name="subscriptions",
        form="/paper subscriptions",
        says="Lists this channel's subscriptions; each can be edited, paused or ended.",
        example="/paper subscriptions",
    ),
    Topic(
        name="saved",
        form="/paper saved words:<words>",
        says="Lists the papers that you saved, wherever you did, and gives them as BibTeX.",
        example="/paper saved words:attention",
    ),
    Topic(
        name="hidden",
        form="/paper hidden",
        says="Lists the papers that are hidden from this channel's digests, who hid them and when, each with Undo.",
        example="/paper hidden",
    ),
    Topic(
        name="summarize",
        form="/summarize file:<text file> style:…",
        says="Condenses an abstract that you paste into a window, or a text file.",
        example="/summarize",
    ),
    Topic(
        name="menu",
        form="Right-click a message, Apps, Summarize",
        says="Condenses the text of a message, or shows the papers that it links to.",
        example="Apps, Summarize",
    ),
    Topic(
        name="buttons",
        form="Abstract, Save, More like this, Not for us, BibTeX",
        says="Buttons under every paper. Not for us asks once, then keeps a paper out of the channel's digests until "
        "someone presses Undo; Share, under an answer that only you see, shows it to all.",
        example="Share",
    ),
)


def help_reply(topic: str) -> HelpReply:
    """Return the help on one topic; on all topics if none is named or the name is unknown."""
    asked = topic.strip().casefold()
    return HelpReply(topics=tuple(each for each in TOPICS if not asked or each.name == asked) or TOPICS)
