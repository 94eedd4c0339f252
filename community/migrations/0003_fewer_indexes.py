"""Indexes of foreign keys go where another index, or a constraint, begins with the same column.

As SQL, and not as changes of the fields: for those SQLite would build the tables anew, and lose the triggers of the
search index on the way (0002_search).
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CASCADE, PROTECT = django.db.models.deletion.CASCADE, django.db.models.deletion.PROTECT


def drop(table: str, column: str, digest: str) -> migrations.RunSQL:
    index = f"{table}_{column}_{digest}"
    return migrations.RunSQL(f"DROP INDEX {index}", f"CREATE INDEX {index} ON {table} ({column})")


def without_index(model: str, name: str, to: str, related_name: str, on_delete) -> migrations.AlterField:
    field = models.ForeignKey(db_index=False, on_delete=on_delete, related_name=related_name, to=to)
    return migrations.AlterField(model, name, field)


class Migration(migrations.Migration):
    dependencies = [("community", "0002_search"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                drop("community_post", "thread_id", "67d7c63c"),
                drop("community_post", "author_id", "a6c5f564"),
                drop("community_postrevision", "post_id", "3583dc55"),
                drop("community_readmarker", "member_id", "810a8cdc"),
                drop("community_thread", "space_id", "3aa09681"),
            ],
            state_operations=[
                without_index("post", "thread", "community.thread", "posts", PROTECT),
                without_index("post", "author", settings.AUTH_USER_MODEL, "posts", PROTECT),
                without_index("postrevision", "post", "community.post", "revisions", CASCADE),
                without_index("readmarker", "member", settings.AUTH_USER_MODEL, "read_markers", CASCADE),
                without_index("thread", "space", "community.spacepage", "threads", PROTECT),
            ],
        )
    ]
