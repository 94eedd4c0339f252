"""The bench's database: 100,000 posts in 5,000 threads by 1,200 members. Built once, kept until the schema changes."""

import hashlib
import itertools
import random
import tomllib
import uuid
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django_tasks_db.models import DBTaskResult

from community.models import CommunityPage, Post, ReadMarker, SpacePage, SpaceStatistics, Tag, Thread, ThreadTag
from directory.models import SupplierListing
from events.models import EventIndexPage, EventPage
from lib import markup
from members.models import Activity, Member, Notification, Organisation, Session
from members.sessions import SessionStore

VERSION = 1  # raise it when what is built here changes
POSTS, THREADS, MEMBERS = 100_000, 5_000, 1_200
COUNCILS, SUPPLIERS, EVENTS = 120, 60, 24
LONG, MIDDLE, LIVE = "The thread of 10,000 posts", "The thread of 100 posts", "The thread that a thousand people watch"
SIZES = {LONG: 10_000, MIDDLE: 100, LIVE: 20}
SPACES = {  # title: audience, share of the threads
    "Open to all": ("everyone", 0.90),
    "What we learned": ("everyone", 0.01),
    "AI and assistants": ("members", 0.05),
    "Officers only": ("officers", 0.03),
    "Reorganisation": ("group", 0.01),
}
MANY, FEW = "open-to-all", "what-we-learned"
BODY_CHARACTERS = 2_000
MARKERS_PER_MEMBER = 60
BATCH = 2_000


def stamp() -> str:
    """Changes with the schema and with what is built here: then the database is built anew."""
    migrations = sorted(settings.BASE_DIR.glob("*/migrations/*.py"))
    return hashlib.sha256(b"".join([b"%d" % VERSION, *(path.read_bytes() for path in migrations)])).hexdigest()[:16]


def is_built() -> bool:
    with connection.cursor() as cursor:
        if "bench_stamp" not in connection.introspection.table_names(cursor):
            return False
        cursor.execute("SELECT stamp FROM bench_stamp")
        return cursor.fetchone() == (stamp(),)


def build(say=print):
    """Fills an empty database, in a few minutes. The stamp comes last: what was broken off is begun anew."""
    call_command("migrate", verbosity=0)
    chance = random.Random(2026)
    now = timezone.now()
    say("members and organisations …")
    members = _members(chance)
    say("spaces, events and listings …")
    spaces = _spaces(members)
    _events(now)
    _listings(now)
    say("threads …")
    threads = _threads(chance, spaces, members, now)
    say("posts …")
    _posts(chance, threads, members, say)
    say("read markers and counters …")
    _markers(chance, threads, members, now)
    _count(spaces)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_stamp (stamp varchar(16))")
        cursor.execute("INSERT INTO bench_stamp VALUES (%s)", [stamp()])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def tidy():
    """Takes away what an earlier run has left behind: its replies, their book-keeping, its sessions."""
    live = Thread.objects.get(title=LIVE)
    size = SIZES[LIVE]
    with transaction.atomic():
        Notification.objects.all().delete()
        Activity.objects.all().delete()
        live.posts.filter(number__gt=size).delete()
        last = live.posts.select_related("author").get(number=size)
        live.version = live.post_count = size
        live.last_post_at, live.last_post_by = last.created_at, last.author
        live.save()
        live.read_markers.all().delete()
        Session.objects.all().delete()
        Member.objects.update(unread_count=0)
        _count(SpacePage.objects.all())
        DBTaskResult.objects.all().delete()


def sign_in(members) -> list[str]:
    """A session for each of the members → their cookies' values."""
    rows = []
    for member in members:
        store = SessionStore()
        store._session_key = store._get_new_session_key()
        rows.append(
            store.create_model_instance(
                {
                    SESSION_KEY: str(member.pk),
                    BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
                    HASH_SESSION_KEY: member.get_session_auth_hash(),
                }
            )
        )
    Session.objects.bulk_create(rows)
    return [row.session_key for row in rows]


# --- The parts ----------------------------------------------------------------------------------


def _members(chance: random.Random) -> list[Member]:
    now = timezone.now()
    organisations = Organisation.objects.bulk_create(
        Organisation(kind=kind, name=name, short_name=name, slug=slugify(name), region="London")
        for kind, name in [
            *(("public_body", f"Council {n}") for n in range(COUNCILS)),
            *(("supplier", f"Supplier {n}") for n in range(SUPPLIERS)),
        ]
    )
    members = []
    for n in range(MEMBERS):
        standing = "supplier" if n % 12 == 11 else "officer"
        of_kind = organisations[COUNCILS:] if standing == "supplier" else organisations[:COUNCILS]
        members.append(
            Member(
                email=f"member-{n}@bench.example",
                name=f"{chance.choice(FIRST)} {chance.choice(LAST)}",
                handle=f"member-{n}",
                job_title=chance.choice(JOBS),
                organisation=chance.choice(of_kind),
                standing=standing,
                verified_at=now,
                password="!",  # nobody signs in with one here
            )
        )
    return Member.objects.bulk_create(members)


def _spaces(members: list[Member]) -> dict[str, SpacePage]:
    parent = CommunityPage.objects.get()
    made = {}
    for title, (audience, _) in SPACES.items():
        made[title] = parent.add_child(
            instance=SpacePage(
                title=title,
                slug=slugify(title),
                summary=f"{title}: what was tried, what it cost, whether it lasted.",
                guidelines="Speak as a peer. Say what it cost. No selling.",
                audience=audience,
            )
        )
        SpaceStatistics.objects.create(space=made[title])
    return made


def _events(now):
    parent = EventIndexPage.objects.get()
    for n in range(EVENTS):
        starts_at = (now + timedelta(days=n - EVENTS // 2, hours=1)).replace(minute=0, second=0, microsecond=0)
        parent.add_child(
            instance=EventPage(
                title=f"Round table {n}: leaving legacy systems",
                slug=f"round-table-{n}",
                summary="What three councils did, and what they would do again.",
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=1),
                attendance="online",
                joining_url="https://meet.example/room",
            )
        )


def _listings(now):
    for supplier in Organisation.objects.filter(kind="supplier"):
        SupplierListing.objects.create(
            supplier=supplier,
            strapline="Data matching for councils",
            description="We match records between systems, and say how sure we are. " * 12,
            size="small",
            people=30,
            status="approved",
            submitted_at=now,
            approved_at=now,
            moved_at=now,
            created_at=now,
        )


def _threads(chance, spaces, members, now) -> list[Thread]:
    titles = [
        *SIZES,
        *(f"{chance.choice(OPENINGS)} {chance.choice(SUBJECTS)} ({n})" for n in range(THREADS - len(SIZES))),
    ]
    sizes = [*SIZES.values(), *_sizes(chance, THREADS - len(SIZES), POSTS - sum(SIZES.values()))]
    tags = Tag.objects.bulk_create(Tag(name=name, slug=name) for name in TAGS)
    shares = [share for _, share in SPACES.values()]
    threads = []
    for title, size in zip(titles, sizes, strict=True):
        space = spaces["Open to all"] if title in SIZES else chance.choices(list(spaces.values()), shares)[0]
        last_post_at = now - timedelta(minutes=chance.randrange(10, 60 * 24 * 500))
        threads.append(
            Thread(
                space=space,
                title=title,
                author=chance.choice(members),
                tag_names=chance.sample(TAGS, 2),
                created_at=last_post_at - timedelta(minutes=size),
                version=size,
                post_count=size,
                last_post_at=last_post_at,
                last_post_by=chance.choice(members),
            )
        )
    threads = Thread.objects.bulk_create(threads, batch_size=BATCH)
    by_name = {tag.name: tag for tag in tags}
    ThreadTag.objects.bulk_create(
        (ThreadTag(content_object=thread, tag=by_name[name]) for thread in threads for name in thread.tag_names),
        batch_size=BATCH,
    )
    return threads


def _sizes(chance, count: int, total: int) -> list[int]:
    """How many posts each of `count` threads has: mostly few, sometimes many, `total` together."""
    weights = [chance.paretovariate(1.5) for _ in range(count)]
    share = (total - count) / sum(weights)
    sizes = [1 + int(weight * share) for weight in weights]
    for n in range(total - sum(sizes)):
        sizes[n % count] += 1
    return sizes


def _posts(chance, threads, members, say):
    paragraphs = _paragraphs(chance)

    def posts():
        for thread in threads:
            for number in range(1, thread.post_count + 1):
                chosen, length = [], 0
                while length < BODY_CHARACTERS:
                    chosen.append(chance.choice(paragraphs))
                    length += len(chosen[-1][1])
                is_last = number == thread.post_count
                author = thread.author if number == 1 else thread.last_post_by if is_last else chance.choice(members)
                yield Post(
                    thread=thread,
                    number=number,
                    version=number,
                    author=author,
                    source="\n\n".join(source for source, _, _ in chosen),
                    html="".join(html for _, html, _ in chosen),
                    text="\n".join(text for _, _, text in chosen),
                    token=uuid.UUID(int=chance.getrandbits(128)),
                    created_at=thread.last_post_at - timedelta(minutes=thread.post_count - number),
                )

    stream, done = posts(), 0
    with _without_search_index():
        while batch := list(itertools.islice(stream, BATCH)):
            Post.objects.bulk_create(batch)
            done += len(batch)
            if done % 20_000 < BATCH:
                say(f"posts … {done:,}")
        say("search index …")
    # The last post is its author's: a thread of one post was last written by who started it.
    Thread.objects.filter(post_count=1).update(last_post_by=F("author"))


@contextmanager
def _without_search_index():
    """On PostgreSQL it is several times quicker to make a GIN index of many rows at once."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'community_post_search'")
        (definition,) = cursor.fetchone()
        cursor.execute("DROP INDEX community_post_search")
        yield
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute(definition)


def _paragraphs(chance, count=4_000) -> list[tuple[str, str, str]]:
    """Paragraphs as (source, HTML, text), mixed from the sentences of the demo's discussions."""
    sentences = []
    for path in sorted((settings.BASE_DIR / "cdoforum/demo/threads").glob("*.toml")):
        for thread in tomllib.loads(path.read_text())["thread"]:
            for post in thread.get("post", []):
                sentences += [
                    line.strip() for line in post["body"].replace("\n", " ").split(". ") if 40 < len(line) < 220
                ]
    sentences = [sentence.lstrip("#>-*0123456789. ") for sentence in sentences]
    made = []
    for _ in range(count):
        source = ". ".join(chance.sample(sentences, 3)).rstrip(".") + "."
        if chance.random() < 0.15:
            source = "\n".join(f"- {sentence}" for sentence in chance.sample(sentences, 3))
        html = markup.render(source)
        made.append((source, html, markup.plain_text(html)))
    return made


def _markers(chance, threads, members, now):
    markers = (
        ReadMarker(member=member, thread=thread, number=chance.randint(1, thread.post_count), updated_at=now)
        for member in members
        for thread in chance.sample(threads, MARKERS_PER_MEMBER)
    )
    while batch := list(itertools.islice(markers, BATCH)):
        ReadMarker.objects.bulk_create(batch)


def _count(spaces):
    for space in spaces.values() if isinstance(spaces, dict) else spaces:
        threads = Thread.objects.filter(space=space)
        SpaceStatistics.objects.filter(space=space).update(
            thread_count=threads.count(),
            post_count=Post.objects.filter(thread__space=space).count(),
            latest_thread=threads.order_by("-last_post_at", "-pk").first(),
        )


FIRST = [
    "Ada",
    "Ben",
    "Cleo",
    "Dev",
    "Esi",
    "Farah",
    "Gita",
    "Hugh",
    "Ines",
    "Jo",
    "Kofi",
    "Lena",
    "Mei",
    "Nia",
    "Omar",
    "Priya",
    "Rhys",
    "Siobhan",
    "Tom",
    "Una",
]
LAST = [
    "Okafor",
    "Hartley",
    "Marsh",
    "Shah",
    "Owusu",
    "Khan",
    "Rivers",
    "Farrell",
    "Lindqvist",
    "Barrow",
    "Evans",
    "Novak",
    "Begum",
    "Clarke",
    "Doyle",
]
JOBS = ["Chief Digital Officer", "Head of Digital", "Director of Technology", "Data lead", "Service designer"]
OPENINGS = ["How did you leave", "What did it cost to replace", "Who has tried", "Lessons from", "A question on"]
SUBJECTS = [
    "the old revenues system",
    "a shared service desk",
    "assistants in social care",
    "single sign-on for residents",
    "the housing repairs pilot",
    "open data on planning",
    "a data platform for three councils",
    "cyber exercises with members",
]
TAGS = [
    "ai",
    "assistants",
    "cyber",
    "data",
    "procurement",
    "legacy",
    "shared-services",
    "inclusion",
    "identity",
    "planning",
    "housing",
    "cloud",
]
