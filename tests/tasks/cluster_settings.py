"""The real settings, for clusters under test: they look for work more often, speak English and can be held."""

import os

from backoffice.settings import *  # noqa: F403  all of them
from backoffice.settings import INSTALLED_APPS, Q_CLUSTER

INSTALLED_APPS = [*INSTALLED_APPS, "tests.tasks.held.HeldConfig"]
Q_CLUSTER = Q_CLUSTER | {"poll": 0.1, "guard_cycle": float(os.environ.get("GUARD_CYCLE", "1"))}
LANGUAGE_CODE = "en"  # that of notices
