"""The cache in a table of PostgreSQL, where keeping a value is one statement."""

import base64
import itertools
import pickle
from datetime import UTC, datetime
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.db import connections, router

LOOK_EVERY = 100  # values kept by a process before it looks whether the table has grown too long


class OneStatementCache(DatabaseCache):
    """Django counts the table, opens a savepoint, looks for the key, writes and releases: five statements a value.

    The menu keeps its counts while a page is made, so `set` inserts or updates at once. Every LOOK_EVERY-th value of
    a process goes Django's way, which throws old entries away. `add`, on which locks rest, stays as it is.
    """

    values_kept = itertools.count(1)  # of this process, whichever thread keeps them

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        """Keep the value under the key for `timeout` seconds."""
        until = self.get_backend_timeout(timeout)
        if until is None or next(self.values_kept) % LOOK_EVERY == 0:
            super().set(key, value, timeout, version)
            return
        connection = connections[router.db_for_write(self.cache_model_class)]
        expires = datetime.fromtimestamp(int(until), UTC)
        kept = base64.b64encode(pickle.dumps(value, self.pickle_protocol)).decode("latin1")
        table = connection.ops.quote_name(self._table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (cache_key, value, expires) VALUES (%s, %s, %s) "
                "ON CONFLICT (cache_key) DO UPDATE SET value = excluded.value, expires = excluded.expires",
                [
                    self.make_and_validate_key(key, version=version),
                    kept,
                    connection.ops.adapt_datetimefield_value(expires),
                ],
            )
