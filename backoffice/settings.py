"""One settings file for every place; what differs between places comes from the environment.

DATA_DIR      folder of the database, uploads, collected static files and the secret key (./var)
SITE_URL      the address that people type (http://localhost:8000); https turns the transport rules on
ALLOWED_HOSTS further host names, separated by commas
BEHIND_PROXY  1: a reverse proxy that we trust sets X-Forwarded-Proto and adds the sender to X-Forwarded-For
DEBUG         1: error pages with source code; never for real data
SECRET_KEY    else one is made in DATA_DIR; set it where several machines share the work
DATABASE_URL  postgres://…; else SQLite in DATA_DIR
REDIS_URL     broker of the background work and cache; else the database, and files or the database
S3_BUCKET     evidence goes to an S3-compatible store (S3_ENDPOINT, S3_KEY, S3_SECRET, S3_REGION)
SMTP_HOST     outgoing mail (SMTP_PORT, SMTP_USER, SMTP_PASSWORD, SMTP_TLS, MAIL_FROM); else the console
UPLOAD_MB     largest file a person may upload (20)
FILE_KINDS    accepted suffixes, separated by commas (pdf, images, Office, txt, csv, zip, mp4; add rar or 7z here)
QUOTA_LINE_MB, QUOTA_AGENCY_MB, QUOTA_CYCLE_MB  files of an indicator's line, of an agency in a cycle, of a cycle (100,
              2000, 100000; 0: no limit)
FREE_DISK_MB  what uploads leave free on the disk of the store (500)
CLAMD_SOCKET  or CLAMD_HOST and CLAMD_PORT (3310): a ClamAV daemon that looks at each upload
WORKERS       background processes of one cluster (2)
WEB_STATEMENT_TIMEOUT  PostgreSQL: seconds that one statement of a web request may take (30; 0: no limit)
LOG_LEVEL     INFO; with DEBUG also whole tracebacks, else a failure is one line
DEMO          1: `serve --prepare` fills an empty database with demo data; `make run` sets it on a loopback address
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from django.utils.translation import gettext_lazy as _

from backoffice.environment import flag, number, secret_key, words
from backoffice.theme import UNFOLD  # noqa: F401  Unfold reads it from here
from backoffice.time_limit import connection_options

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = flag("DEBUG")
SECRET_KEY = secret_key(DATA_DIR)
SITE_URL = os.environ.get("SITE_URL", "http://localhost:8000").rstrip("/")
SITE = urlsplit(SITE_URL)
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", SITE.hostname, *words("ALLOWED_HOSTS")]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

INSTALLED_APPS = [
    "unfold.apps.BasicAppConfig",  # before the admin, whose templates it replaces; the site is ours
    "unfold.contrib.filters",
    "unfold.contrib.forms",
    "unfold.contrib.import_export",
    "backoffice.apps.BackofficeAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_fsm",
    "import_export",
    "django_q",
    "evaluation.apps.EvaluationConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backoffice.uploads.RolledBackUploadsMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "backoffice.language.CookieLocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "backoffice.sending.SendingMiddleware",
    "backoffice.time_limit.TimeLimitMiddleware",
    "evaluation.middleware.CommitmentsMiddleware",
    "evaluation.middleware.MenuCountsMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "backoffice.urls"
WSGI_APPLICATION = "backoffice.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    ["backoffice.templates.Filesystem", "backoffice.templates.AppDirectories"],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# -- Database: no ATOMIC_REQUESTS, the verbs open their own transactions -------------------------

ON_SQLITE = not os.environ.get("DATABASE_URL")

if ON_SQLITE:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "db.sqlite3",
            "CONN_MAX_AGE": number("CONNECTION_SECONDS", 0),
            "OPTIONS": {
                # Writers queue up for 20 seconds; with DEFERRED a quarter of the requests under load failed.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
            },
        }
    }
else:
    DATABASES = {"default": dj_database_url.config(conn_max_age=600, conn_health_checks=True)}
    DATABASES["default"].setdefault("OPTIONS", {}).update(connection_options(number("STATEMENT_TIMEOUT", 0)))

# -- Cache and background work ------------------------------------------------------------------

REDIS_URL = os.environ.get("REDIS_URL")

# Web and worker must share the cache: django-q2 reports the health of its clusters through it, imports their progress.
ENTRIES = {"MAX_ENTRIES": 2_000}  # above these Django throws a third away, whichever
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
elif ON_SQLITE:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": DATA_DIR / "cache",
            "OPTIONS": ENTRIES,
        }
    }
else:
    CACHES = {
        "default": {
            "BACKEND": "backoffice.database_cache.OneStatementCache",
            "LOCATION": "cache",
            "OPTIONS": ENTRIES,
        }
    }

Q_CLUSTER = {
    "name": "evaluation",
    "label": _("Background work"),
    "workers": number("WORKERS", 2),
    "timeout": 300,
    "retry": 3600,  # twice `tasks.MAX_IMPORT_SECONDS`, else a task is delivered again while it runs
    "max_attempts": 3,
    "catch_up": False,  # after a standstill each schedule runs once; the tasks make up for lost time themselves
    "save_limit": 200,
    "save_limit_per": "func",  # a job of each minute must not push the others out of the list
    "poll": 1,
    "guard_cycle": 1,
    **({"redis": REDIS_URL} if REDIS_URL else {"orm": "default"}),
}

# -- Files --------------------------------------------------------------------------------------

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "media/"  # no view serves it: evidence goes out through pages that ask for rights

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if DEBUG:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
if os.environ.get("S3_BUCKET"):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": os.environ["S3_BUCKET"],
            "endpoint_url": os.environ.get("S3_ENDPOINT"),
            "access_key": os.environ.get("S3_KEY"),
            "secret_key": os.environ.get("S3_SECRET"),
            "region_name": os.environ.get("S3_REGION"),
            "default_acl": "private",
            "file_overwrite": False,
        },
    }

UPLOAD_MAX_BYTES = number("UPLOAD_MB", 20) * 1024 * 1024
FILE_KINDS = [kind.lower().removeprefix(".") for kind in words("FILE_KINDS")] or (
    "pdf jpg jpeg png tif tiff doc docx xls xlsx ods odt odp ppt pptx txt csv zip mp4".split()
)
QUOTA_LINE_BYTES = number("QUOTA_LINE_MB", 100) * 1024 * 1024
QUOTA_AGENCY_BYTES = number("QUOTA_AGENCY_MB", 2_000) * 1024 * 1024
QUOTA_CYCLE_BYTES = number("QUOTA_CYCLE_MB", 100_000) * 1024 * 1024
FREE_DISK_BYTES = number("FREE_DISK_MB", 500) * 1024 * 1024
CLAMD_SOCKET = os.environ.get("CLAMD_SOCKET", "")
CLAMD_HOST, CLAMD_PORT = os.environ.get("CLAMD_HOST", ""), number("CLAMD_PORT", 3310)
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # form fields alone; files are measured by UPLOAD_MAX_BYTES
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # one page carries every line of an assessment
DATA_UPLOAD_MAX_NUMBER_FILES = 100

IMPORT_EXPORT_USE_TRANSACTIONS = True
IMPORT_EXPORT_IMPORT_PERMISSION_CODE = "import"
IMPORT_EXPORT_EXPORT_PERMISSION_CODE = "export"

# -- Language and time --------------------------------------------------------------------------

LANGUAGE_CODE = "fa"
LANGUAGES = [("fa", "فارسی"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "evaluation" / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Tehran"
USE_TZ = True

# -- People -------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["evaluation.rules.backend.MembershipBackend"]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
LOGOUT_REDIRECT_URL = "admin:login"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "backoffice.passwords.LeastLength"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

# -- Transport ----------------------------------------------------------------------------------

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = SITE.scheme == "https"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
if SITE.scheme == "https":
    SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
BEHIND_PROXY = flag("BEHIND_PROXY")
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# -- Mail and log -------------------------------------------------------------------------------

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
if os.environ.get("SMTP_HOST"):
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = os.environ["SMTP_HOST"]
    EMAIL_PORT = number("SMTP_PORT", 587)
    EMAIL_HOST_USER = os.environ.get("SMTP_USER", "")
    EMAIL_HOST_PASSWORD = os.environ.get("SMTP_PASSWORD", "")
    EMAIL_USE_TLS = flag("SMTP_TLS", default=True)
    EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = os.environ.get("MAIL_FROM", f"evaluation@{SITE.hostname}")

LOG_LEVEL = os.environ.get("LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "backoffice.log.LineFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
            "whole": LOG_LEVEL == "DEBUG",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {  # the one tells four lines a minute else, the other one at each start
        "django-q": {"level": "WARNING"},
        "pikepdf": {"level": "WARNING"},
    },
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
}
