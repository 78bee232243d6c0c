"""Django's settings, made from the typed environment of `course.env`.

docs/reference/settings.md explains what an operator may set. This file knows the upper floors only
as strings. Nothing here reads os.environ a second time.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from course import keyfile, sqlite
from course.env import EnvironmentProblems, read_environment
from course.env_values import MailServer

BASE_DIR = Path(__file__).resolve().parent.parent
try:
    ENVIRONMENT = read_environment(os.environ, root=BASE_DIR)
    DATA_DIR = keyfile.prepare_data_directory(ENVIRONMENT.data_dir)
    SECRET_KEY = ENVIRONMENT.secret_key or keyfile.read_or_create(DATA_DIR / "secret-key")
except EnvironmentProblems as problems:
    raise ImproperlyConfigured(str(problems)) from None

# --- Where we are reached ---------------------------------------------------------------------
DEBUG = ENVIRONMENT.debug
SECRET_KEY_FALLBACKS = list(ENVIRONMENT.secret_key_fallbacks)
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.site_url]
KENALI_SITE_URL = ENVIRONMENT.site_url
KENALI_TRUSTED_NETWORK = ENVIRONMENT.trusted_network
KENALI_PROXY_COUNT = ENVIRONMENT.proxy_count
KENALI_ADMIN = ENVIRONMENT.admin
KENALI_TIME_ZONE = ENVIRONMENT.time_zone
KENALI_CERTIFICATE_MONTHS = ENVIRONMENT.certificate_months
KENALI_FORGET_LEFT_MONTHS = ENVIRONMENT.forget_left_months
KENALI_MINIMUM_CELL = ENVIRONMENT.minimum_cell
KENALI_RECENT_SIGN_IN = timedelta(minutes=ENVIRONMENT.recent_sign_in_minutes)
KENALI_EXPORT_ROWS_PER_HOUR = ENVIRONMENT.export_rows_per_hour

# --- What it is made of -----------------------------------------------------------------------
INSTALLED_APPS = [
    "modules",
    "quizzes",
    "course",
    "crispy_forms",
    *(["course.admin_config.OperatorAdminConfig"] if KENALI_ADMIN else []),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    # Outside everything that can answer by itself, so that no answer leaves without its headers:
    # not the redirect to https, not a static file, not an error.
    "course.middleware.SecurityHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # decision 0015
    "django.contrib.sessions.middleware.SessionMiddleware",
    # Before anything looks at who is signed in: an expired session must not name anybody.
    "course.middleware.SessionLimitsMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "course.access.ContextMiddleware",
]
ROOT_URLCONF = "course.urls"
WSGI_APPLICATION = "course.wsgi.application"
AUTH_USER_MODEL = "course.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Django adds the cached loader by itself while DEBUG is off.
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]
CRISPY_ALLOWED_TEMPLATE_PACKS = "kenali"
CRISPY_TEMPLATE_PACK = "kenali"
CRISPY_FAIL_SILENTLY = False

# --- Databases --------------------------------------------------------------------------------
# ATOMIC_REQUESTS stays off: with IMMEDIATE transactions every page view would take the write lock.
PERSISTENT_SECONDS = 60


def _sqlite(name: str) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA_DIR / f"{name}.sqlite3",
        "OPTIONS": sqlite.connection_options(),
        "CONN_MAX_AGE": PERSISTENT_SECONDS,
        "TEST": {"NAME": DATA_DIR / f"test-{name}.sqlite3"},
    }


def _postgresql() -> dict[str, Any]:
    address = ENVIRONMENT.database
    assert address is not None  # noqa: S101 -- for the type checker; the caller has looked
    patience = "-c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"
    standard = {"connect_timeout": "5", "tcp_user_timeout": "30000", "options": patience}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "OPTIONS": standard | address.options,
        "CONN_MAX_AGE": PERSISTENT_SECONDS,
        "CONN_HEALTH_CHECKS": True,
        # Server-side cursors die behind a pooler in transaction mode.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }


if ENVIRONMENT.database:
    DATABASES = {"default": _postgresql()}
else:
    DATABASES = {"default": _sqlite("kenali"), "transient": _sqlite("transient")}
    DATABASE_ROUTERS = ["course.routers.TransientRouter"]

# No shared cache is needed. A memory cache would count separately in each process, so that limits
# built on it would be too generous; the dummy cache makes such a mistake visible at once.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

# --- Signing in -------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["course.backends.PersonBackend"]
PASSWORD_HASHERS = [
    "course.hashers.ModestArgon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
LOGIN_URL = "course:sign_in"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Due dates of what comes back are moved a little by chance, so that not all fall on one day.
KENALI_SPREAD_REVIEWS = True

SESSION_ENGINE = "django.contrib.sessions.backends.db"
KENALI_SESSION_LONGEST = timedelta(hours=8)
KENALI_SESSION_IDLE = timedelta(minutes=60)
KENALI_SESSION_OWN_DEVICE = timedelta(days=14)
SESSION_COOKIE_AGE = int(KENALI_SESSION_LONGEST.total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True  # a phone is shared until its owner says otherwise
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# The __Host- prefix makes the browser refuse the cookie unless it is Secure, without a domain, on
# the root path; a neighbouring site can then not plant one.
KENALI_COOKIE_PREFIX = "__Host-" if ENVIRONMENT.secure else ""
SESSION_COOKIE_NAME = f"{KENALI_COOKIE_PREFIX}sid"
CSRF_COOKIE_NAME = f"{KENALI_COOKIE_PREFIX}csrf"
LANGUAGE_COOKIE_NAME = f"{KENALI_COOKIE_PREFIX}language"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ENVIRONMENT.secure
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# --- Transport and headers --------------------------------------------------------------------
SECURE_SSL_REDIRECT = ENVIRONMENT.secure
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked by the proxy's own probe, over plain HTTP
SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds()) if ENVIRONMENT.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.secure
# Preloading cannot be taken back within months: that is the owner of the domain's decision.
SECURE_HSTS_PRELOAD = False
if ENVIRONMENT.secure and KENALI_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Not "no-referrer": with it browsers send `Origin: null` on every form, which Django's protection
# against forged requests rightly refuses. Other sites learn nothing with this value either.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Same name and shape as in Django 6, so that the upgrade deletes our middleware.
SECURE_CSP = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "require-trusted-types-for": ["'script'"],
}
SILENCED_SYSTEM_CHECKS = [
    "security.W002",  # X-Frame-Options comes from our own headers middleware
    "security.W021",  # HSTS preload, see above
]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
DATA_UPLOAD_MAX_NUMBER_FILES = 1  # a list of people
FILE_UPLOAD_HANDLERS = ["course.uploads.BoundedUpload"]

# --- Language and time ------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("ms", "Bahasa Melayu")]
LOCALE_PATHS = [BASE_DIR / "course" / "locale"]
FORMAT_MODULE_PATH = ["course.formats"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"  # what is kept; people see KENALI_TIME_ZONE

# --- Static files -----------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is uploaded
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True

# --- Mail and logs ----------------------------------------------------------------------------
# Whether mails leave at all; without a server they wait, and everything works without them.
KENALI_MAIL = ENVIRONMENT.mail is not None
_MAIL = ENVIRONMENT.mail or MailServer()
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL.host else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_SSL, EMAIL_USE_TLS = _MAIL.encrypted_from_start, _MAIL.starttls
EMAIL_TIMEOUT = 10  # seconds for each exchange; `modules.services.reminding` relies on it
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail_from
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Error messages may quote what somebody typed; they are written on one's own machine only.
    "formatters": {"json": {"()": "course.logs.JsonFormatter", "quotes_errors": DEBUG}},
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "json",
        },
    },
    "root": {"handlers": ["stdout"], "level": "INFO"},
    # Django's own handlers (console, mail to admins) are replaced, or lines would come twice.
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
