"""Adds the index of public papers: their stems, signatures and vectors, and the full-text index of the database."""

import sqlalchemy as sa
from alembic.operations import Operations

revision = "0009"
down_revision = "0008"

#: The texts are stems already, so the tokenizer only splits them.
_SQLITE = (
    """
    CREATE VIRTUAL TABLE search_text USING fts5(
        title, body, names, content='search_entry', content_rowid='number', tokenize='unicode61 remove_diacritics 0'
    )
    """,
    # A word of a title or a name counts twice.
    "INSERT INTO search_text(search_text, rank) VALUES ('rank', 'bm25(2.0, 1.0, 2.0)')",
    "CREATE VIRTUAL TABLE search_text_words USING fts5vocab(search_text, row)",
    """
    CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry BEGIN
        INSERT INTO search_text(rowid, title, body, names) VALUES (new.number, new.title, new.body, new.names);
    END
    """,
    """
    CREATE TRIGGER search_entry_gone AFTER DELETE ON search_entry BEGIN
        INSERT INTO search_text(search_text, rowid, title, body, names)
        VALUES ('delete', old.number, old.title, old.body, old.names);
    END
    """,
)
_POSTGRES = (
    """
    CREATE TABLE search_text (
        number integer PRIMARY KEY REFERENCES search_entry (number) ON DELETE CASCADE,
        words tsvector NOT NULL,
        heads tsvector NOT NULL
    )
    """,
    "CREATE INDEX ix_search_text_words ON search_text USING gin (words)",
    "CREATE INDEX ix_search_text_heads ON search_text USING gin (heads)",
    """
    CREATE FUNCTION search_entry_added() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO search_text (number, words, heads) VALUES (
            NEW.number,
            array_to_tsvector(array_remove(
                string_to_array(concat_ws(' ', NEW.title, NEW.body, NEW.names), ' '), ''
            )),
            array_to_tsvector(array_remove(string_to_array(concat_ws(' ', NEW.title, NEW.names), ' '), ''))
        );
        RETURN NULL;
    END $$
    """,
    """
    CREATE TRIGGER search_entry_added AFTER INSERT ON search_entry
    FOR EACH ROW EXECUTE FUNCTION search_entry_added()
    """,
)


def upgrade(tables: Operations) -> None:
    """Create the index, empty: papers that are stored already are indexed by the running program, some each minute."""
    tables.create_table(
        "search_entry",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("paper", _text(), nullable=False),
        *(sa.Column(name, _text(), nullable=False) for name in ("key", "title", "body", "names")),
        sa.Column("marks", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_search_entry"),
        sa.ForeignKeyConstraint(["paper"], ["paper.id"], name="fk_search_entry_paper"),
        sa.UniqueConstraint("paper", name="uq_search_entry_paper"),
        sqlite_autoincrement=True,
    )
    tables.create_table(
        "search_vector",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("paper", _text(), nullable=False),
        sa.Column("model", _text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_search_vector"),
        sa.ForeignKeyConstraint(["paper"], ["paper.id"], name="fk_search_vector_paper"),
        sa.UniqueConstraint("paper", name="uq_search_vector_paper"),
        sqlite_autoincrement=True,
    )
    tables.create_table(
        "search_word",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("word", _text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_search_word"),
        sa.UniqueConstraint("word", name="uq_search_word_word"),
        sqlite_autoincrement=True,
    )
    for statement in _SQLITE if tables.get_bind().dialect.name == "sqlite" else _POSTGRES:
        tables.execute(sa.text(statement))


def _text() -> "sa.types.TypeEngine[str]":
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
