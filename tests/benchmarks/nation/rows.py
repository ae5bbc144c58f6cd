"""What PostgreSQL did for one piece of work: queries, seconds and rows read, by its own counters."""

import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.db import connection, transaction

from evaluation.models import Agency, Assessment, Cycle, Line, Mark, Notice, Province, TransitionLog

READ = "SELECT COALESCE(SUM(seq_tup_read + idx_tup_fetch), 0) FROM pg_stat_xact_user_tables"
COUNTED = (Province, Cycle, Agency, Assessment, Line, Mark, TransitionLog, Notice)


@dataclass
class Work:
    """`database` and `processor`: seconds that PostgreSQL and this process worked; `read`: rows that scans fetched, of
    tables and of indexes.
    """

    queries: int = 0
    database: float = 0.0
    processor: float = 0.0
    read: int = 0

    @property
    def seconds(self):
        return self.database + self.processor


@contextmanager
def watched():
    """The Work of the block. All that it writes is taken back, since the counters are those of one transaction."""
    work = Work()

    def count(execute, sql, params, many, context):
        work.queries += 1
        return execute(sql, params, many, context)

    with transaction.atomic():
        before, worked, started = rows_read(), seconds_of_database(), time.process_time()
        with connection.execute_wrapper(count):
            yield work
        work.processor, work.database = time.process_time() - started, seconds_of_database() - worked
        work.read = rows_read() - before
        transaction.set_rollback(True)


def seconds_of_database():
    """Seconds for which the process of this connection was on a processor: waiting on a shared machine is not counted.

    From Linux, which counts nanoseconds; the cluster of a measurement runs on the same machine.
    """
    process = connection.connection.info.backend_pid
    return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9


def work_alone():
    """From now on PostgreSQL works for this connection in one process: the seconds of its parallel workers would not be
    counted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")


def copy_database(name):
    """A second database of the same cluster with everything that stands in this one; nobody may be connected to it."""
    copied = connection.settings_dict["NAME"]
    connection.close()
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {copied}")


def rows_read():
    with connection.cursor() as cursor:
        cursor.execute(READ)
        return int(cursor.fetchone()[0])


def vacuum():
    """What PostgreSQL does by itself in the background, which the cluster of a measurement has switched off."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def counted():
    """{name of a table: its rows}, and the size of the database in MiB."""
    found = {model.__name__: model.objects.count() for model in COUNTED}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return found | {"MiB": cursor.fetchone()[0] // 2**20}
