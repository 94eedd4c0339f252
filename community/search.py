"""The search over threads and posts: our own index, because Wagtail's takes seconds for posts (docs/decisions).

PostgreSQL: a generated tsvector column with a GIN index. SQLite: an FTS5 table, kept by triggers. Both are made by the
migrations named *_search*, live in the database, and need no code when a post is written. Access is part of the query
itself, so that neither a rank nor a count tells of what the viewer may not read.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from lib.pages import Page, numbered
from lib.search_words import words_of

from . import access
from .models import Post, SpacePage

PER_PAGE = 20
COUNT_UP_TO = 500  # results are counted, and shown, up to here: "more than 500"
START, STOP = "\x02", "\x03"  # around a match, until the text is escaped
LESS, MORE = "\x04", "\x05"  # < and > on their way through PostgreSQL, which would take what is between for a tag
IN_RESULTS = (  # of a post; each column more costs time in each row
    *("number", "text", "created_at", "thread__title", "thread__tag_names", "thread__space__title"),
    *("author__name", "author__job_title", "author__standing", "author__erased_at"),
    "author__organisation__short_name",
)


@dataclass(frozen=True)
class Result:
    """A post that matches, or whose thread's title or tags do."""

    post: Post
    title: SafeString
    excerpt: SafeString
    url: str


@dataclass(frozen=True)
class Results:
    found: list[Result]
    count: int  # at most COUNT_UP_TO
    page: Page
    has_more: bool = False  # than are counted


def search(viewer, q: str, *, page: int = 1) -> Results:
    """The posts that the viewer may read and that contain all the words, best first. Past the end it begins anew."""
    words = words_of(q)
    readable = list(access.spaces(viewer).values_list("pk", flat=True)) if words else []
    if not readable:
        return Results([], 0, numbered(1, 1))
    engine = _postgresql if connection.vendor == "postgresql" else _sqlite
    counted, rows = engine(words, readable, limit=PER_PAGE, offset=(page - 1) * PER_PAGE)
    if page > 1 and not rows:
        return search(viewer, q)
    ids = [post_id for post_id, _, _ in rows]
    posts = Post.objects.select_related("thread__space", "author__organisation").only(*IN_RESULTS).in_bulk(ids)
    found = [
        Result(posts[post_id], _marked(title), _excerpt(excerpt, posts[post_id].text), posts[post_id].url_in_thread)
        for post_id, title, excerpt in rows
        if post_id in posts
    ]
    shown = numbered(page, -(-min(counted, COUNT_UP_TO) // PER_PAGE))
    return Results(found, min(counted, COUNT_UP_TO), shown, has_more=counted > COUNT_UP_TO)


def spaces(viewer, q: str) -> QuerySet[SpacePage]:
    """The spaces that the viewer may read and whose names hold all the words."""
    found = access.spaces(viewer)
    for word in words_of(q):
        found = found.filter(title__icontains=word)
    return found


def _marked(text: str) -> SafeString:
    """Text with the index's marks → HTML with <mark>. Escaped first: it is people's text."""
    return mark_safe(escape(text).replace(START, "<mark>").replace(STOP, "</mark>"))  # noqa: S308


def _excerpt(excerpt: str, text: str) -> SafeString:
    """A part of the text as HTML, with … where more of it stands before or after."""
    plain = excerpt.replace(START, "").replace(STOP, "")
    before, after = ("" if text.startswith(plain) else "…"), ("" if text.endswith(plain) else "…")
    return _marked(f"{before}{excerpt.strip()}{after}" if plain else "")


# Each engine: words and readable spaces → (count, at most CANDIDATES; [(post id, title, excerpt)] of one page), matches
# between marks.

# Rank the newest CANDIDATES matches: ranking tens of thousands for a common word would take longer than a person waits,
# and what is older than hundreds of newer matches is not what a person looks for.
CANDIDATES = COUNT_UP_TO + 1

# Written out wherever it is asked: only of a constant does the planner know how common the words are.
ALL_WORDS = "plainto_tsquery('english', %(words)s)"
ANY_WORD = f"replace({ALL_WORDS}::text, '&', '|')::tsquery"

POSTGRESQL = f"""
WITH in_text AS (
    SELECT id, ts_rank(search, {ALL_WORDS}) AS rank FROM (
        SELECT post.id, post.search FROM community_post post JOIN community_thread thread ON thread.id = post.thread_id
        WHERE post.search @@ {ALL_WORDS} AND post.deleted_at IS NULL AND thread.space_id = ANY(%(spaces)s)
        ORDER BY {{newest_first}} LIMIT {CANDIDATES}
    ) newest
), in_title AS (
    -- A title is found with the words of its first post: some may stand in the one, some in the other.
    SELECT post.id, 2 * ts_rank(thread.search, {ANY_WORD}) AS rank FROM (
        SELECT id, search FROM community_thread
        WHERE search @@ {ANY_WORD} AND space_id = ANY(%(spaces)s)
        ORDER BY search @@ {ALL_WORDS} DESC, id DESC LIMIT {CANDIDATES}
    ) thread JOIN community_post post ON post.thread_id = thread.id AND post.number = 1
    WHERE thread.search @@ {ALL_WORDS}
        OR post.deleted_at IS NULL AND thread.search || post.search @@ {ALL_WORDS}
), matching AS (
    SELECT id, sum(rank) AS rank FROM (SELECT * FROM in_text UNION ALL SELECT * FROM in_title) both_ GROUP BY id
), best AS (
    SELECT id, rank, count(*) OVER () AS found
    FROM matching ORDER BY rank DESC, id DESC LIMIT %(limit)s OFFSET %(offset)s
)
SELECT best.found, best.id,
    ts_headline('english', thread.title, {ALL_WORDS}, %(whole)s),
    CASE WHEN post.deleted_at IS NULL
        THEN translate(
            ts_headline('english', translate(left(post.text, 5000), '<>', %(brackets)s), {ALL_WORDS}, %(fragment)s),
            %(brackets)s, '<>'
        ) ELSE '' END
FROM best
JOIN community_post post ON post.id = best.id
JOIN community_thread thread ON thread.id = post.thread_id
ORDER BY best.rank DESC, best.id DESC
"""


# Up to this many matches it is quicker to sort them all than to read posts backwards until enough have been found.
MANY = 20_000
POSTGRESQL_MATCHES = f"EXPLAIN (FORMAT JSON) SELECT FROM community_post WHERE search @@ {ALL_WORDS}"


def _newest_first(cursor, words: str) -> str:
    """The order for which PostgreSQL takes the quicker road to the newest matches.

    Left alone it would read backwards for rarer words, too, since it takes opening a post's index entry for cheap; what
    it can't read in order, it sorts.
    """
    cursor.execute(POSTGRESQL_MATCHES, {"words": words})
    (plan,) = cursor.fetchone()[0]
    return "post.id DESC" if plan["Plan"]["Plan Rows"] > MANY else "post.id + 0 DESC"


def _postgresql(words: list[str], spaces: list[int], *, limit: int, offset: int):
    marks = f"StartSel={START}, StopSel={STOP}"
    asked = " ".join(words)
    with connection.cursor() as cursor:
        cursor.execute(
            POSTGRESQL.format(newest_first=_newest_first(cursor, asked)),
            {
                "words": asked,
                "spaces": spaces,
                "limit": limit,
                "offset": offset,
                "whole": f"{marks}, HighlightAll=true",
                "fragment": f"{marks}, MaxFragments=1, MaxWords=36, MinWords=18, ShortWord=0",
                "brackets": LESS + MORE,
            },
        )
        rows = cursor.fetchall()
    return min(rows[0][0], CANDIDATES) if rows else 0, [row[1:] for row in rows]


SQLITE = """
FROM community_search
JOIN community_post post ON post.id = community_search.rowid
JOIN community_thread thread ON thread.id = post.thread_id
WHERE community_search MATCH %s AND thread.space_id IN ({spaces}) AND (post.deleted_at IS NULL OR post.number = 1)
"""
SQLITE_COUNT = f"SELECT count(*) FROM (SELECT 1 {SQLITE} LIMIT {CANDIDATES})"
SQLITE_PAGE = f"""
SELECT post.id, thread.title, highlight(community_search, 0, %s, %s), snippet(community_search, 1, %s, %s, '', 36)
{SQLITE} ORDER BY bm25(community_search, 4.0, 1.0, 2.0), post.id DESC LIMIT %s OFFSET %s
"""


def _sqlite(words: list[str], spaces: list[int], *, limit: int, offset: int):
    query = " ".join(f'"{word}"' for word in words)  # quoted, so that nothing in it is an operator
    places = ", ".join(["%s"] * len(spaces))
    with connection.cursor() as cursor:
        cursor.execute(SQLITE_COUNT.format(spaces=places), [query, *spaces])
        (count,) = cursor.fetchone()
        marks = [START, STOP, START, STOP]
        cursor.execute(SQLITE_PAGE.format(spaces=places), [*marks, query, *spaces, limit, offset])
        rows = cursor.fetchall()
    # Only a thread's first post carries the title in the index; the others show it without marks.
    return count, [(post_id, marked or title, excerpt) for post_id, title, marked, excerpt in rows]
