"""The tables: rows of a tenant carry its id; queried values are columns, the rest of a record is JSON."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Time,
    UniqueConstraint,
)

from bots.store.columns import AnyText, Instant

metadata = MetaData(
    # A later migration cannot change a constraint without a name.
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _tenant_id(*, primary_key: bool = False) -> Column[int]:
    return Column("tenant_id", ForeignKey("tenant.id"), nullable=False, primary_key=primary_key)


#: One workspace on one platform, created at its first use.
tenant = Table(
    "tenant",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("platform", AnyText, nullable=False),
    Column("workspace", AnyText, nullable=False),
    Column("status", AnyText, nullable=False),
    Column("deleted_at", Instant),
    UniqueConstraint("platform", "workspace"),
)

#: A workspace's permission to post there. `_secrets.py` encrypts its token and its other secrets.
installation = Table(
    "installation",
    metadata,
    _tenant_id(primary_key=True),
    Column("sealed", LargeBinary, nullable=False),
    Column("key_id", AnyText, nullable=False),
    Column("enterprise", Boolean, nullable=False),
    Column("bot_user", AnyText, nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("installed_by", AnyText, nullable=False),
    Column("installed_at", Instant, nullable=False),
)

#: A mail address, a tenant of its own: it is deleted with everything that belongs to it.
mailbox = Table(
    "mailbox",
    metadata,
    _tenant_id(primary_key=True),
    Column("address", AnyText, nullable=False),
    Column("address_key", AnyText, nullable=False),
    Column("secret", AnyText, nullable=False),
    Column("created", Instant, nullable=False),
    Column("confirmed", Instant),
    UniqueConstraint("address_key"),
)

#: Who is signed in at the web page: a row for each workspace of the person.
sign_in = Table(
    "sign_in",
    metadata,
    Column("key", AnyText, primary_key=True),
    _tenant_id(primary_key=True),
    Column("user", AnyText, nullable=False),
    Column("name", AnyText, nullable=False),
    Column("operator", Boolean, nullable=False),
    Column("created", Instant, nullable=False),
    Column("expires", Instant, nullable=False),
)

#: What other programs read from Paperwire with, and what it writes to them with. `_secrets.py` encrypts `sealed`.
credential = Table(
    "credential",
    metadata,
    Column("kind", AnyText, primary_key=True),
    Column("id", AnyText, primary_key=True),
    _tenant_id(),
    Column("channel", AnyText, nullable=False),
    Column("created", Instant, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("sealed", LargeBinary),
    Column("key_id", AnyText, nullable=False),
    Index(None, "tenant_id", "channel"),
)

#: Subscriptions. An ended one keeps its row, so that its runs still have an owner.
subscription = Table(
    "subscription",
    metadata,
    Column("id", AnyText, primary_key=True),
    _tenant_id(),
    Column("channel", AnyText, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("created", Instant),
    Column("body", JSON, nullable=False),
    Index(None, "tenant_id", "channel"),
)

#: `subscription_id` is not a foreign key: a digest requested by hand has a run and no subscription.
digest_run = Table(
    "digest_run",
    metadata,
    Column("key", AnyText, primary_key=True),
    _tenant_id(),
    Column("subscription_id", AnyText, nullable=False),
    Column("slot_day", Date, nullable=False),
    Column("slot_time", Time, nullable=False),
    Column("state", AnyText, nullable=False),
    Column("created", Instant, nullable=False),
    Column("started", Instant),
    Column("finished", Instant),
    Column("not_before", Instant),
    Column("claimed_by", AnyText),
    #: The channel that its digest is being made for, while the run is claimed: `channel_key`.
    Column("making", AnyText, index=True),
    Column("missing", AnyText, nullable=False, server_default=""),
    Column("note", AnyText, nullable=False),
    Index(None, "subscription_id", "slot_day", "slot_time"),
    Index(None, "state", "created"),
)

delivery = Table(
    "delivery",
    metadata,
    Column("key", AnyText, primary_key=True),
    Column("run_key", ForeignKey("digest_run.key"), nullable=False),
    _tenant_id(),
    Column("channel", AnyText, nullable=False),
    Column("number", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("payload", JSON, nullable=False),
    Column("paper_ids", JSON, nullable=False),
    Column("state", AnyText, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("lease_until", Instant),
    Column("first_attempt_at", Instant),
    Column("posted_after", Instant),
    Column("message_id", AnyText, nullable=False),
    Column("last_error", AnyText, nullable=False),
    UniqueConstraint("run_key", "tenant_id", "channel", "number"),
    Index(None, "state"),
    #: A reaction names the message it is on.
    Index(None, "message_id"),
)

#: A paper is never repeated in a channel; each of its names has a row of its own.
posted_paper = Table(
    "posted_paper",
    metadata,
    _tenant_id(primary_key=True),
    Column("channel", AnyText, primary_key=True),
    Column("paper", AnyText, primary_key=True),
    #: No foreign key: the part is deleted long before this row, which stays.
    Column("delivery_key", AnyText, nullable=False),
    Column("posted_at", Instant, nullable=False),
)

#: Known papers, by canonical id. A search scans the two columns of words.
paper = Table(
    "paper",
    metadata,
    Column("id", AnyText, primary_key=True),
    Column("published", Instant),
    Column("title_words", AnyText, nullable=False),
    Column("abstract_words", AnyText, nullable=False),
    Column("body", JSON, nullable=False),
)

#: Every name of a paper, including its canonical id.
paper_name = Table(
    "paper_name",
    metadata,
    Column("name", AnyText, primary_key=True),
    Column("paper", ForeignKey("paper.id"), nullable=False, index=True),
)

#: Which source listed a paper, on which day and under which name.
sighting = Table(
    "sighting",
    metadata,
    Column("source", AnyText, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("paper", AnyText, primary_key=True),
    # What all sources listed on a day is read from it alone.
    Index(None, "day", "source", "paper"),
    Index(None, "paper"),
)

#: Public papers as they are searched, see `bots.search.entries`. Triggers keep a full-text index of the three texts in
#: step, `search_text`: FTS5 in SQLite, a tsvector in Postgres. A changed paper gets a new number.
search_entry = Table(
    "search_entry",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("paper", ForeignKey("paper.id"), nullable=False, unique=True),
    Column("key", AnyText, nullable=False),
    Column("title", AnyText, nullable=False),
    Column("body", AnyText, nullable=False),
    Column("names", AnyText, nullable=False),
    Column("marks", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

#: The vectors of indexed papers, packed. A new vector gets a new number.
search_vector = Table(
    "search_vector",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("paper", ForeignKey("paper.id"), nullable=False, unique=True),
    Column("model", AnyText, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

#: The words of titles and authors' names of public papers, against which typing errors are corrected.
search_word = Table(
    "search_word",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("word", AnyText, nullable=False, unique=True),
    sqlite_autoincrement=True,
)

#: Papers of private sources: rows of their owner, a workspace, or a channel where the platform has none.
private_paper = Table(
    "private_paper",
    metadata,
    _tenant_id(primary_key=True),
    #: Empty if the owner is the whole workspace.
    Column("channel", AnyText, primary_key=True),
    Column("id", AnyText, primary_key=True),
    #: The last day on which its source listed it.
    Column("listed", Date, nullable=False, index=True),
    Column("published", Instant),
    Column("title_words", AnyText, nullable=False),
    Column("abstract_words", AnyText, nullable=False),
    Column("body", JSON, nullable=False),
)

#: Every name of a private paper, including its canonical id.
private_name = Table(
    "private_name",
    metadata,
    _tenant_id(primary_key=True),
    Column("channel", AnyText, primary_key=True),
    Column("name", AnyText, primary_key=True),
    Column("paper", AnyText, nullable=False),
    Index(None, "tenant_id", "channel", "paper"),
)

#: Which private source listed a paper, on which day and under which name.
private_sighting = Table(
    "private_sighting",
    metadata,
    _tenant_id(primary_key=True),
    Column("channel", AnyText, primary_key=True),
    Column("source", AnyText, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("paper", AnyText, primary_key=True),
)

#: Blurbs by their input; the key covers text, style, engine and model.
summary_cache = Table(
    "summary_cache",
    metadata,
    Column("key", AnyText, primary_key=True),
    Column("engine", AnyText, nullable=False),
    Column("model", AnyText, nullable=False),
    Column("created", Instant, nullable=False),
    Column("body", JSON, nullable=False),
)

#: A paper as it was when a person saved it: it stays when the shelf is cleared.
saved_paper = Table(
    "saved_paper",
    metadata,
    _tenant_id(primary_key=True),
    Column("user", AnyText, primary_key=True),
    Column("paper", AnyText, primary_key=True),
    Column("saved_at", Instant, nullable=False),
    Column("title_words", AnyText, nullable=False),
    Column("abstract_words", AnyText, nullable=False),
    Column("body", JSON, nullable=False),
)

#: Papers that a person turned down for a channel.
turned_down = Table(
    "turned_down",
    metadata,
    _tenant_id(primary_key=True),
    Column("channel", AnyText, primary_key=True),
    Column("paper", AnyText, primary_key=True),
    Column("user", AnyText, primary_key=True),
    Column("at", Instant, nullable=False),
)

#: What people said of papers in a channel, with the paper as it was then: the channel's ranking learns from it.
feedback = Table(
    "feedback",
    metadata,
    _tenant_id(primary_key=True),
    Column("channel", AnyText, primary_key=True),
    Column("paper", AnyText, primary_key=True),
    Column("user", AnyText, primary_key=True),
    Column("sign", AnyText, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("body", JSON, nullable=False),
    #: How many papers the statement was about: a reaction is on a whole message.
    Column("among", Integer, nullable=False, server_default="1"),
)

#: What is followed: by a person, whose rows have no channel, or by a channel, whose rows have no person.
follow = Table(
    "follow",
    metadata,
    _tenant_id(primary_key=True),
    Column("channel", AnyText, primary_key=True),
    Column("user", AnyText, primary_key=True),
    Column("kind", AnyText, primary_key=True),
    #: The text in lower case.
    Column("key", AnyText, primary_key=True),
    Column("text", AnyText, nullable=False),
    Column("at", Instant, nullable=False),
)

#: Who agreed to be mentioned in a channel; the row without a person is the channel's own switch.
consent = Table(
    "consent",
    metadata,
    _tenant_id(primary_key=True),
    Column("channel", AnyText, primary_key=True),
    Column("user", AnyText, primary_key=True),
    #: The workspace that the person's follows are stored for: empty on platforms where people belong to none.
    Column("home", AnyText, nullable=False),
    Column("at", Instant, nullable=False),
)

#: Vectors of public texts by the text they were made from; the key covers text and model.
vector_cache = Table(
    "vector_cache",
    metadata,
    Column("key", AnyText, primary_key=True),
    Column("created", Instant, nullable=False),
    Column("vector", LargeBinary, nullable=False),
)

#: Events that a platform may send twice, by the platform's own id; deleted after a day.
event = Table(
    "event",
    metadata,
    Column("kind", AnyText, primary_key=True),
    Column("key", AnyText, primary_key=True),
    Column("at", Instant, nullable=False, index=True),
)

#: What one process has for itself until a time; `process` names one of this machine, whose end is known.
lease = Table(
    "lease",
    metadata,
    Column("kind", AnyText, primary_key=True),
    Column("name", AnyText, primary_key=True),
    Column("holder", AnyText, nullable=False),
    Column("until", Instant, nullable=False),
    Column("note", AnyText, nullable=False),
    Column("process", AnyText),
)

#: Usage per day; an empty user stands for the whole workspace.
quota_counter = Table(
    "quota_counter",
    metadata,
    _tenant_id(primary_key=True),
    Column("user", AnyText, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("kind", AnyText, primary_key=True),
    Column("used", Integer, nullable=False),
)

#: What the operator allows a workspace; an empty column is the limit that everybody has.
plan = Table(
    "plan",
    metadata,
    _tenant_id(primary_key=True),
    Column("subscriptions", Integer),
    Column("person_requests", Integer),
    Column("requests", Integer),
    Column("pastes", Integer),
)

#: Who changed what in a workspace.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    _tenant_id(),
    Column("at", Instant, nullable=False),
    Column("actor", AnyText, nullable=False),
    Column("action", AnyText, nullable=False),
    Index(None, "tenant_id", "at"),
)
