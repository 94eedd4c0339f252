"""For tests of what several people do at the same moment: real threads, real transactions, PostgreSQL."""

import threading
from time import monotonic

from django.db import connection, connections, transaction

PATIENCE = 20  # seconds


def at_once(*works, expected: type[Exception] | tuple = ()) -> list:
    """Runs each work in a thread of its own, all released at the same moment. → what they returned, in order.

    An error that is `expected` stands among the results; any other is raised here.
    """
    gate, results, unexpected = threading.Barrier(len(works)), [None] * len(works), []

    def run(number, work):
        try:
            gate.wait(PATIENCE)
            results[number] = work()
        except expected as error:
            results[number] = error
        except BaseException as error:  # noqa: BLE001 (raised below, in the thread of the test)
            unexpected.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(3 * PATIENCE)
    if unexpected:
        raise unexpected[0]
    assert not any(thread.is_alive() for thread in threads), "a thread is still waiting"
    return results


def while_it_waits(first, second, *, then=lambda: None, expected: type[Exception] | tuple = ()):
    """`second` comes while `first` has its locks, and waits until it is committed. → what `second` returned.

    `then` is what the first one does once the other waits. An error that is `expected` is returned.
    """
    has_locks = threading.Event()

    def hold():
        with transaction.atomic():
            first()
            has_locks.set()
            _until_another_waits()
            then()

    def come():
        has_locks.wait(PATIENCE)
        return second()

    return at_once(hold, come, expected=expected)[1]


def _until_another_waits():
    """Returns once another connection waits for a lock that this one holds."""
    late = monotonic() + PATIENCE
    with connection.cursor() as cursor:
        while monotonic() < late:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            )
            if cursor.fetchone()[0]:
                return
    raise AssertionError("nobody waits for this lock")
