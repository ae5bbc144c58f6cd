from backoffice.settings import *  # noqa: F403  the tests run the real settings, but for the lines below
from backoffice.settings import DATA_DIR, DATABASES, MIDDLEWARE, ON_SQLITE, STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if ON_SQLITE:
    # A file: with an in-memory database the live server nests transactions.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
