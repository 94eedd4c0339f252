"""A thread is found by its tags, too: see community/search.py."""

from importlib import import_module

from django.db import migrations

before = import_module("community.migrations.0002_search")

POSTGRESQL = """
ALTER TABLE community_thread DROP COLUMN search;
ALTER TABLE community_thread ADD COLUMN search tsvector GENERATED ALWAYS AS (
    to_tsvector('english', title) || jsonb_to_tsvector('english', tag_names, '["string"]')
) STORED;
CREATE INDEX community_thread_search ON community_thread USING gin (search);
"""
POSTGRESQL_REVERSE = """
ALTER TABLE community_thread DROP COLUMN search;
ALTER TABLE community_thread ADD COLUMN search tsvector
    GENERATED ALWAYS AS (to_tsvector('english', title)) STORED;
CREATE INDEX community_thread_search ON community_thread USING gin (search);
"""

# Beside the title, in the row of a thread's first post.
SQLITE = [
    *before.SQLITE_REVERSE,
    """CREATE VIRTUAL TABLE community_search
        USING fts5(title, text, tags, tokenize = 'porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER community_search_insert AFTER INSERT ON community_post BEGIN
        INSERT INTO community_search (rowid, title, text, tags) SELECT
            new.id,
            CASE new.number WHEN 1 THEN title ELSE '' END,
            CASE WHEN new.deleted_at IS NULL THEN new.text ELSE '' END,
            CASE new.number WHEN 1 THEN tag_names ELSE '' END
        FROM community_thread WHERE id = new.thread_id;
    END""",
    before.SQLITE[2],
    before.SQLITE[3],
    """CREATE TRIGGER community_search_title AFTER UPDATE OF title, tag_names ON community_thread BEGIN
        UPDATE community_search SET title = new.title, tags = new.tag_names
        WHERE rowid = (SELECT id FROM community_post WHERE thread_id = new.id AND number = 1);
    END""",
    """INSERT INTO community_search (rowid, title, text, tags) SELECT
        post.id,
        CASE post.number WHEN 1 THEN thread.title ELSE '' END,
        CASE WHEN post.deleted_at IS NULL THEN post.text ELSE '' END,
        CASE post.number WHEN 1 THEN thread.tag_names ELSE '' END
    FROM community_post post JOIN community_thread thread ON thread.id = post.thread_id""",
]
SQLITE_REVERSE = [
    *before.SQLITE_REVERSE,
    *before.SQLITE,
    """INSERT INTO community_search (rowid, title, text) SELECT
        post.id,
        CASE post.number WHEN 1 THEN thread.title ELSE '' END,
        CASE WHEN post.deleted_at IS NULL THEN post.text ELSE '' END
    FROM community_post post JOIN community_thread thread ON thread.id = post.thread_id""",
]


def make(apps, schema_editor):
    for statement in [POSTGRESQL] if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    for statement in [POSTGRESQL_REVERSE] if schema_editor.connection.vendor == "postgresql" else SQLITE_REVERSE:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("community", "0003_fewer_indexes")]
    operations = [migrations.RunPython(make, unmake, elidable=False)]
