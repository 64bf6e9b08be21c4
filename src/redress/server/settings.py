"""Django's settings: fixed choices here, an installation's own by environment (see environment.py)."""

import os
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

from redress.plumbing.postgres import APP, DATABASE, PORT, Cluster
from redress.server import environment, secret_keys

_ENVIRONMENT = environment.read(os.environ)
_HOME = _ENVIRONMENT.home
REDRESS_HOME: Path = _HOME.path
REDRESS_ENVIRONMENT = _ENVIRONMENT
# What kind of installation this is, was settled when its folder was made.
REDRESS_DEMONSTRATION: bool = _HOME.is_demonstration()
if REDRESS_DEMONSTRATION:
    environment.refuse_in_demonstration(_ENVIRONMENT)

DEBUG = False
SECRET_KEY = secret_keys.value(_ENVIRONMENT, secret_keys.SESSION).hex()
USE_TZ = True
TIME_ZONE = "Europe/London"
LANGUAGE_CODE = "en-gb"  # whatever the browser asks for: the words are the council's
LANGUAGES = [("en-gb", "English")]
USE_I18N = True
DATE_FORMAT = "j F Y"
FORMAT_MODULE_PATH: list[str] = []
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ROOT_URLCONF = "redress.server.urls"
WSGI_APPLICATION = "redress.server.wsgi.application"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *_ENVIRONMENT.public_hosts]
APPEND_SLASH = True

# -------------------------------------------------------------------------------------------------------------- parts

RECORD_FOLDERS = (
    "access",
    "council",
    "staff",
    "people",
    "cases",
    "documents",
    "correspondence",
    "tasks",
    "learning",
    "quality",
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "redress.plumbing",
    "redress.server",
    *(f"redress.{folder}" for folder in RECORD_FOLDERS),
]

AUTH_USER_MODEL = "staff.Officer"

MIDDLEWARE = [
    "redress.server.proxies.OnlyTrusted",
    "django.middleware.security.SecurityMiddleware",
    "redress.server.safety.SafetyHeaders",
    "redress.server.safety.AddressesAreText",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "redress.server.proxies.OnlyByHttps",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "redress.server.doorkeeper.SessionsEnd",
    "redress.server.doorkeeper.DeskDoor",
]

_SOURCE = Path(__file__).resolve().parents[1]
_TEMPLATE_FOLDERS = [
    _SOURCE / "server" / "templates",
    _SOURCE / "desk" / "templates",
    _SOURCE / "portal" / "templates",
    _SOURCE / "plumbing" / "templates",
]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": _TEMPLATE_FOLDERS,
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "redress.server.mark.on_every_page",
                "redress.server.front.on_account_pages",
            ],
        },
    }
]

# ----------------------------------------------------------------------------------------------------------- database


def _database() -> dict[str, Any]:
    """Return the address of the database as the role that owns nothing; commands that migrate take on the owner."""
    fixed = {
        "ENGINE": "django.db.backends.postgresql",
        # A thread of the web server keeps its connection for a minute, and looks first whether it still lives.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "ATOMIC_REQUESTS": False,
    }
    if _ENVIRONMENT.database_url:
        return {**fixed, **_ENVIRONMENT.database_url}
    cluster = Cluster(home=_HOME, account_name=_ENVIRONMENT.database_account)
    return {
        **fixed,
        "HOST": str(cluster.sockets),
        "PORT": str(PORT),
        "NAME": DATABASE,
        "USER": APP,
        "PASSWORD": cluster.passwords()[APP] if (_HOME.keys / "database.json").exists() else "",
    }


DATABASES: dict[str, dict[str, Any]] = {"default": _database()}
REDRESS_APP_ROLE: str = DATABASES["default"]["USER"] or APP

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "redress_cache",
    }
}

# --------------------------------------------------------------------------------------------------------------- jobs

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
# Every module of the timetable; the worker imports them, others queue their jobs by name.
PROCRASTINATE_IMPORT_PATHS = sorted(
    f"redress.jobs.{found.name}" for found in iter_modules([str(_SOURCE / "jobs")]) if not found.name.startswith("_")
)
PROCRASTINATE_WORKER_DEFAULTS: dict[str, Any] = {"concurrency": 2, "delete_jobs": "never"}

# ------------------------------------------------------------------------------------------------------------ sign-in

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/desk/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
# After so many minutes without a click, and so many hours in all, a session ends (doorkeeper.py says so to the person).
REDRESS_IDLE_MINUTES: int = _ENVIRONMENT.session_minutes
REDRESS_SESSION_HOURS = 12
SESSION_COOKIE_AGE = (REDRESS_SESSION_HOURS + 12) * 3600  # longer, so that the person can still be told why
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
REDRESS_FIELD_KEY: bytes = secret_keys.value(_ENVIRONMENT, secret_keys.SECOND_FACTOR)
# The key that a rotation was changing to when it was cut off: what it had done already is read with it.
REDRESS_NEXT_FIELD_KEY: bytes | None = secret_keys.next_value(_ENVIRONMENT, secret_keys.SECOND_FACTOR)
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator makes the accounts; nobody signs up
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
ACCOUNT_ADAPTER = "redress.server.accounts.Accounts"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_FORMS = {
    "login": "redress.server.accounts.SignIn",
    "change_password": "redress.server.accounts.ChangePassword",
    "reauthenticate": "redress.server.accounts.Again",
}
MFA_ADAPTER = "redress.server.accounts.SecondFactor"
MFA_FORMS = {
    "authenticate": "redress.server.accounts.Code",
    "reauthenticate": "redress.server.accounts.CodeAgain",
    "activate_totp": "redress.server.accounts.SetUp",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Redress"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # the address was given by an administrator, not by whoever signs in

# ------------------------------------------------------------------------------------------------------------- safety

_HTTPS = _ENVIRONMENT.behind_https
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _HTTPS else None
# Behind our own web server the address of the person is the last that it added to X-Forwarded-For.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if _HTTPS else 0
REDRESS_TRUSTED_PROXIES: tuple[str, ...] = _ENVIRONMENT.trusted_proxies if _HTTPS else ()
REDRESS_ONLY_BY_HTTPS: bool = _HTTPS
# The signing key of the seals, where it is not kept in the folder of keys.
_SEAL = secret_keys.find(_ENVIRONMENT, secret_keys.SEAL)
REDRESS_SEAL_KEY: bytes | None = _SEAL.content if _SEAL is not None and not _SEAL.ours else None
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in _ENVIRONMENT.public_hosts]
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600
REDRESS_UPLOAD_BYTES: int = _ENVIRONMENT.upload_mb * 1024 * 1024

# ------------------------------------------------------------------------------------------------------ styles, mail

STATIC_URL = "/static/"
STATICFILES_DIRS = [_SOURCE / "plumbing" / "static"]
# Served straight from the package: nothing to collect. An address changes with what it serves, so it may be kept.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 86_400
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # nothing is kept by Django's own ways
    "staticfiles": {"BACKEND": "redress.server.styles.Versioned"},
}

REDRESS_SMTP: dict[str, Any] | None = _ENVIRONMENT.smtp_url
REDRESS_MAIL_DOMAIN: str = _ENVIRONMENT.mail_domain
REDRESS_CLAMD: str | None = _ENVIRONMENT.clamd
# Django's own mail (allauth) takes the same way out as letters do.
EMAIL_BACKEND = "redress.server.account_mail.Outgoing"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "redress.server.log_lines.Masked",
            "fmt": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": _ENVIRONMENT.log_level},
    "loggers": {
        "django": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
        "procrastinate": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
        "granian": {"level": "WARNING", "handlers": ["stderr"], "propagate": False},
    },
}
