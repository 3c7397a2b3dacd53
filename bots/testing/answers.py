"""One reply of every kind, with the words that its readers must see."""

from dataclasses import replace

from bots.domain import replies
from bots.domain.replies import Reply
from bots.testing.clock import NOW
from bots.testing.samples import NOTES, a_blurb, a_digest, a_paper, a_subscription, an_entry

SUBSCRIBED = replies.Subscribed(subscription=a_subscription(), next_due=NOW)
OFFER = replies.Offer(step=replies.NextStep.HIDE, paper_id=a_paper().id)
HIDDEN = replies.HiddenPaper(paper_id=a_paper().id, at=NOW, by=("ada",), paper=a_paper())
CITED = "@misc{a2026one,\n  title = {One},\n}\n\n@misc{b2026two,\n  title = {Two},\n}\n"
HELP = replies.Topic(name="search", form="search WORDS", says="Finds papers.", example="search kv cache")
REPLIES: tuple[tuple[Reply, str], ...] = (
    (replies.Card(entry=an_entry()), "Attention Is All You Need"),
    (replies.CardList(words="attention", entries=(an_entry(),), notes=("arXiv is silent",)), "arXiv is silent."),
    (replies.CardList(words="phlogiston"), "No paper matches “phlogiston”."),
    (replies.BlurbReply(blurb=a_blurb(text="One.\nTwo."), title="A title"), "Two."),
    (replies.DigestReply(digest=a_digest(notes=NOTES)), "5 papers for Tuesday 24 November 2026"),
    (SUBSCRIBED, "weekdays at 9:00, UTC"),
    (replies.Unsubscribed(subscription=a_subscription()), "Unsubscribed"),
    (replies.Paused(item=replace(SUBSCRIBED, paused=True)), "Paused"),
    (replies.Resumed(item=SUBSCRIBED), "Resumed"),
    (replies.SubscriptionList(items=(SUBSCRIBED, SUBSCRIBED)), "2 subscriptions"),
    (replies.SubscriptionList(), "There are no subscriptions."),
    (replies.WholeAbstract(paper=a_paper()), "Our model achieves 28.4 BLEU on the WMT 2014"),
    (replies.WholeAbstract(paper=a_paper(abstract="It is so. " * 1000)), "It is so. " * 1000),
    (replies.WholeAbstract(paper=a_paper(abstract=" \u200b")), "Its source gives no abstract."),
    (replies.SavedList(papers=(a_paper(),)), "1706.03762"),
    (replies.SavedList(words="phlogiston"), "No saved paper for “phlogiston”."),
    (replies.SavedList(), "You have saved no papers yet."),
    (replies.Citation(text=CITED, papers=2), "title = {One},"),
    (replies.Noted(said="Saved"), "Saved."),
    (replies.Noted(said="Hide it?", offer=OFFER), "Hide it?"),
    (replies.HiddenList(), "No paper is hidden here."),
    (replies.HiddenList(papers=(HIDDEN,), total=1), "1 paper hidden here"),
    (replies.HiddenList(papers=(HIDDEN,), total=1), "Attention Is All You Need"),
    (replies.HiddenList(papers=(replace(HIDDEN, paper=None),), total=1), "1706.03762"),
    (replies.HelpReply(topics=(HELP,)), "search kv cache"),
    (replies.HelpReply(topics=(HELP,)), "Finds papers."),
    (replies.Problem(message="That is no paper id", hint="Give an id."), "That is no paper id."),
)
