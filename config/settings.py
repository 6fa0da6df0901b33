"""All settings. The environment decides; every default is right for development.

In production the site refuses to start while something unsafe is left at its
development value: see `config/checks.py` and `docs/operations.md`.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from config import valkey
from config.database import database
from config.logs import logging_settings
from config.oidc import oidc_apps
from config.storage import file_storage
from config.timetable import TIMETABLE
from fans.limits import allauth_rates, allauth_second_factor_rates

BASE_DIR = Path(__file__).resolve().parent.parent

# Everything the running site writes; never in version control.
VAR_DIR = Path(os.environ.get("VAR_DIR", BASE_DIR / "var"))
VAR_DIR.mkdir(parents=True, exist_ok=True)

# `development` (the default) or `production`.
ENVIRONMENT = os.environ.get("ENVIRONMENT", "development")
if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured(
        f"ENVIRONMENT is {ENVIRONMENT!r}; it must be «development» or «production»."
    )
IN_PRODUCTION = ENVIRONMENT == "production"
IN_DEVELOPMENT = not IN_PRODUCTION

# Tracebacks in the browser; never in production.
DEBUG = IN_DEVELOPMENT and os.environ.get("DEBUG", "off") == "on"

# Signs cookies and tokens. A production site brings its own, of 50 characters or more.
SECRET_KEY = os.environ.get("SECRET_KEY", "" if IN_PRODUCTION else "development-only-key-" * 3)
# Former keys, separated by commas: what they signed or encrypted stays readable.
SECRET_KEY_FALLBACKS = [*filter(None, os.environ.get("SECRET_KEY_FALLBACKS", "").split(","))]

# What was given and cannot be understood; told all at once by config/checks.py.
CONFIGURATION_PROBLEMS: list[str] = []


def _number(name: str, default: int) -> int:
    given = os.environ.get(name, str(default))
    if given.isdecimal():
        return int(given)
    CONFIGURATION_PROBLEMS.append(f"{name} is {given!r}; it must be a whole number.")
    return default


# The address people type; links in mails and feeds are built from it alone.
SITE_URL = os.environ.get("SITE_URL", f"http://localhost:{os.environ.get('PORT', '8000')}").rstrip(
    "/"
)
_site = urlsplit(SITE_URL)

# Host names the site answers to, separated by commas; the host of SITE_URL if unset.
_development_hosts = [] if IN_PRODUCTION else ["localhost", "127.0.0.1", "[::1]", "testserver"]
ALLOWED_HOSTS = [
    *filter(None, os.environ.get("ALLOWED_HOSTS", _site.hostname or "").split(",")),
    *_development_hosts,
]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# How many proxies of ours stand in front (0: none). Only that many addresses at
# the end of X-Forwarded-For are believed.
TRUSTED_PROXIES = _number("TRUSTED_PROXIES", 0)
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# Web processes that bin/run starts.
WEB_WORKERS = _number("WEB_WORKERS", 1)

# `off` lets a benchmark measure the pages and not the limits; refused in production.
RATE_LIMITS = os.environ.get("RATE_LIMITS", "on") == "on"

# --- Apps -----------------------------------------------------------------

INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "events",
    "community",
    "fans",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "config.apps.OurAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "config.ready_pages.ReadyPages",
    "config.requests.RequestLog",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.requests.PrivateAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "fans.accounts.middleware.FanLanguage",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "fans.limits.middleware.CountEveryRequest",
]

# How long a stranger's page is kept ready (config/ready_pages.py); 0: never.
READY_PAGE_SECONDS = 1.0

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database, cache, queue -----------------------------------------------

_database_url = os.environ.get("DATABASE_URL", f"sqlite:///{VAR_DIR / 'orangery.sqlite3'}")
DATABASES = {"default": database(_database_url, VAR_DIR)}
USES_SQLITE = DATABASES["default"]["ENGINE"].endswith("sqlite3")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Redis or Valkey. Unset, bin/run starts a Valkey of its own on this socket.
VALKEY_SOCKET = valkey.socket_in(VAR_DIR)
REDIS_URL = os.environ.get("REDIS_URL", f"unix://{VALKEY_SOCKET}")
CACHES = {
    "default": {
        "BACKEND": "config.cache.PatientRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "orangery",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    }
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    # A dead worker's messages come back in seconds, not in 100.
    "unacked_restore_interval": 2,
    "unacked_restore_throttle": 1,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SOFT_TIME_LIMIT = 60
CELERY_TASK_TIME_LIMIT = 90
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")
CELERY_BEAT_SCHEDULE = TIMETABLE

# --- People ----------------------------------------------------------------

AUTH_USER_MODEL = "fans.Fan"
# Handles are unique whatever their case, by a constraint on Lower("handle").
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["fans.tiers.backends.StandingBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("display_name", "handle", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
PASSWORD_RESET_TIMEOUT = 30 * 60

ACCOUNT_ADAPTER = "fans.accounts.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "handle"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "fans.accounts.forms.NewFanForm"
ACCOUNT_FORMS = {
    "login": "fans.accounts.login.LoginForm",
    "signup": "fans.accounts.login.SignUpForm",
}
# One answer to everybody: nobody learns from a form whether an address has an account.
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = 30 * 60
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_CHANGE_EMAIL = True  # one address; the old one stays until the new one is proved
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a mail whenever a key to the account was changed
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_RATE_LIMITS = allauth_rates() if RATE_LIMITS else False
MFA_RATE_LIMITS = allauth_second_factor_rates() if RATE_LIMITS else False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session stays, every other one ends

MFA_ADAPTER = "fans.accounts.adapters.SecondFactorAdapter"
MFA_FORMS = {"add_webauthn": "fans.accounts.second_factor.AddPasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers allow passkeys on http://localhost; nowhere else without https.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = IN_DEVELOPMENT
MFA_TOTP_TOLERANCE = 1
# Ours is proved at sign-up; else nobody with a key could change it.
MFA_ALLOW_UNVERIFIED_EMAIL = True

SOCIALACCOUNT_ADAPTER = "fans.accounts.adapters.SocialAccountAdapter"
# A link and not a form: our policy lets no form lead to another site (form-action).
SOCIALACCOUNT_LOGIN_ON_GET = True
# Sign-in through a company's own OpenID Connect: a JSON list of objects with the keys
# `id`, `name`, `client_id`, `secret` and `server_url` (the issuer). Empty by default.
OIDC_PROVIDERS = os.environ.get("OIDC_PROVIDERS", "")
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": oidc_apps(OIDC_PROVIDERS)}}

# What somebody can be moderator of besides the whole site: each `() -> [(key, words), …]`.
MODERATION_SCOPES = ["community.threads.scopes.boards"]
# The modules that name the kinds of notice people can get.
NOTICES: list[str] = [
    "community.feedback.notices",
    "fans.tiers.notices",
    "community.feature_requests.notices",
    "events.rsvps.notices",
    "events.check_ins.notices",
    "community.fridays.notices",
]
# What a letter is made of: each `(reader, since, until) -> Section | None`.
DIGEST_SECTIONS: list[str] = [
    "fans.digests.unread.unread_notices",
    "community.feedback.digest.answers",
    "events.check_ins.digest.meetups_near",
    "community.fridays.digest.published_weeks",
    "community.fridays.digest.own_credits",
    "community.feature_requests.digest.own_wishes",
    "community.feature_requests.digest.most_wanted",
]
# What each room holds about people: modules with `export`, `withdraw` and `erase`.
PERSONAL_DATA: list[str] = [
    "fans.notifications.personal_data",
    "fans.digests.personal_data",
    "fans.ledger.personal_data",
    "fans.tiers.personal_data",
    "fans.measures.personal_data",
    "community.feature_requests.personal_data",
    "community.feedback.personal_data",
    "events.check_ins.personal_data",
    "community.fridays.personal_data",
]
# Sections other rooms offer on a fan's page: each `(owner, reader) -> Section | None`.
PROFILE_SECTIONS = [
    "community.threads.profile.recent_threads",
    "community.threads.profile.recent_replies",
    "community.fridays.profile.own_credits",
    "community.feature_requests.profile.recent_requests",
]

# --- Languages and time ------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文"), ("zh-hant", "繁體中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
USE_TZ = True
TIME_ZONE = os.environ.get("PLATFORM_TIME_ZONE", "Asia/Shanghai")

# By how much /dev/clock/ has moved the present, for web and worker; never in production.
CLOCK_OFFSET_FILE = VAR_DIR / "clock-offset" if IN_DEVELOPMENT else None

# --- Files ---------------------------------------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
# Development serves `static/` as it lies there; production what `collectstatic` gathered.
WHITENOISE_USE_FINDERS = IN_DEVELOPMENT
WHITENOISE_AUTOREFRESH = IN_DEVELOPMENT
# A folder (the default), or s3://KEY:SECRET@HOST/BUCKET?region=… for S3-compatible storage.
STORAGE_URL = os.environ.get("STORAGE_URL", f"file://{VAR_DIR / 'media'}")
STORAGES = {
    "default": file_storage(STORAGE_URL),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if IN_PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}

# --- Mail ------------------------------------------------------------------------

# Pages never speak SMTP: they write a row, the worker sends it.
EMAIL_BACKEND = "fans.mail.backend.QueueBackend"
# smtp://USER:PASSWORD@HOST:587?tls=on (tls: on, ssl or off). Unset in development: mail is only shown at /dev/mail/.
EMAIL_URL = os.environ.get("EMAIL_URL", "")
DEFAULT_FROM_EMAIL = os.environ.get(
    "DEFAULT_FROM_EMAIL", f"Orangery <no-reply@{_site.hostname or 'localhost'}>"
)
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# --- Security -----------------------------------------------------------------------

_HTTPS = SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = IN_PRODUCTION and _HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if IN_PRODUCTION and _HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_NAME = "__Host-session" if IN_PRODUCTION and _HTTPS else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IN_PRODUCTION and _HTTPS
SESSION_COOKIE_AGE = 60 * 24 * 3600
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.errors.stale_form"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS_POLICY: dict[str, list[str]] = {
    feature: [] for feature in ("camera", "geolocation", "microphone", "payment", "usb")
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "fans.images.uploads.BoundedUploadHandler",  # no upload fills the disk
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# --- Logs ------------------------------------------------------------------------------

# `text` for people (the default in development), `json` one object a line.
LOG_FORMAT = os.environ.get("LOG_FORMAT", "json" if IN_PRODUCTION else "text")
LOGGING = logging_settings(LOG_FORMAT)
