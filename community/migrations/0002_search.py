"""The search index of threads and posts: see community/search.py."""

from django.db import migrations

POSTGRESQL = """
ALTER TABLE community_post ADD COLUMN search tsvector
    GENERATED ALWAYS AS (to_tsvector('english', left(text, 100000))) STORED;
ALTER TABLE community_thread ADD COLUMN search tsvector
    GENERATED ALWAYS AS (to_tsvector('english', title)) STORED;
CREATE INDEX community_post_search ON community_post USING gin (search);
CREATE INDEX community_thread_search ON community_thread USING gin (search);
"""
POSTGRESQL_REVERSE = """
ALTER TABLE community_post DROP COLUMN search;
ALTER TABLE community_thread DROP COLUMN search;
"""

# A deleted post's words leave the index; a thread's first post carries its title there.
SQLITE = [
    """CREATE VIRTUAL TABLE community_search USING fts5(title, text, tokenize = 'porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER community_search_insert AFTER INSERT ON community_post BEGIN
        INSERT INTO community_search (rowid, title, text) VALUES (
            new.id,
            CASE new.number WHEN 1 THEN (SELECT title FROM community_thread WHERE id = new.thread_id) ELSE '' END,
            new.text
        );
    END""",
    """CREATE TRIGGER community_search_update AFTER UPDATE OF text, deleted_at ON community_post BEGIN
        UPDATE community_search SET text = CASE WHEN new.deleted_at IS NULL THEN new.text ELSE '' END WHERE rowid = new.id;
    END""",
    """CREATE TRIGGER community_search_delete AFTER DELETE ON community_post BEGIN
        DELETE FROM community_search WHERE rowid = old.id;
    END""",
    """CREATE TRIGGER community_search_title AFTER UPDATE OF title ON community_thread BEGIN
        UPDATE community_search SET title = new.title
        WHERE rowid = (SELECT id FROM community_post WHERE thread_id = new.id AND number = 1);
    END""",
]
SQLITE_REVERSE = [
    "DROP TRIGGER community_search_title",
    "DROP TRIGGER community_search_delete",
    "DROP TRIGGER community_search_update",
    "DROP TRIGGER community_search_insert",
    "DROP TABLE community_search",
]


def make(apps, schema_editor):
    statements = [POSTGRESQL] if schema_editor.connection.vendor == "postgresql" else SQLITE
    for statement in statements:
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    statements = [POSTGRESQL_REVERSE] if schema_editor.connection.vendor == "postgresql" else SQLITE_REVERSE
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("community", "0001_initial")]
    operations = [migrations.RunPython(make, unmake, elidable=False)]
