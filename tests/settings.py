"""The real settings, in a scratch folder of this process, but for the lines below."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

SCRATCH = Path(tempfile.mkdtemp(prefix="evaluation-tests-"))
atexit.register(shutil.rmtree, SCRATCH, ignore_errors=True)
os.environ["DATA_DIR"] = str(SCRATCH)
for name in (
    "SITE_URL",
    "ALLOWED_HOSTS",
    "DEBUG",
    "REDIS_URL",
    "S3_BUCKET",
    "SMTP_HOST",
    "UPLOAD_MB",
    "SECRET_KEY",
    "FILE_KINDS",
    "CLAMD_SOCKET",
    "CLAMD_HOST",
):
    os.environ.pop(name, None)

from backoffice.settings import *  # noqa: E402, F403  after the environment is made
from backoffice.settings import DATABASES, LOGGING, MIDDLEWARE, ON_SQLITE, STORAGES  # noqa: E402  as above

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # the slow one costs seconds a test
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
LOGGING["handlers"]["stderr"]["level"] = "ERROR"  # pages are refused by the thousand
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
if ON_SQLITE:
    # A file: with an in-memory database the live server nests transactions.
    DATABASES["default"]["TEST"] = {"NAME": SCRATCH / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
