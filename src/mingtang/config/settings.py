"""Settings. What differs between installations comes from the environment; nothing else does.

MINGTANG_HOME   data directory: keys, documents, published log files (default ./var)
DATABASE_URL    default: SQLite in MINGTANG_HOME
MINGTANG_HOSTS  host names served, comma separated (default: this machine only)
MINGTANG_ORIGIN name of this platform's log, a URL without its scheme
MINGTANG_DEMO   1 shows the demonstration ribbon and sign-ins
MINGTANG_STAFF_SECOND_FACTOR  1 asks every member of staff for a second factor
MINGTANG_PROXIES  how many proxies of ours stand before the pages (default 0)
MINGTANG_HTTPS  1 when served over HTTPS: secure cookies, HSTS
MINGTANG_URL    address the public reaches the pages at, printed in QR codes
MINGTANG_BID_RATE  messages a second one paddle may send to the bidding room (default 10)
MINGTANG_SEAL_SERVICE  address of an electronic seal service; its token lies in keys/seal-service
MINGTANG_SEAL_DEVICE   a seal device, as a PKCS#11 URI (RFC 7512); its PIN lies in keys/seal-device
"""

import os
from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parents[3]
HOME = Path(os.environ.get("MINGTANG_HOME", "var")).resolve()
# A demonstration stays one, whoever serves it later.
DEMO = os.environ.get("MINGTANG_DEMO") == "1" or (HOME / "demo-signins.json").exists()
HTTPS = os.environ.get("MINGTANG_HTTPS") == "1"
PROXIES = int(os.environ.get("MINGTANG_PROXIES", "0"))
ORIGIN = os.environ.get("MINGTANG_ORIGIN", "mingtang.example/log")
URL = os.environ.get("MINGTANG_URL", "http://127.0.0.1:8000").rstrip("/")
BIDDING_URL = "/bidding"  # where the bidding room is, beside the pages
BID_RATE = float(os.environ.get("MINGTANG_BID_RATE", "10"))
SEAL_SERVICE = os.environ.get("MINGTANG_SEAL_SERVICE", "").rstrip("/")
SEAL_DEVICE = os.environ.get("MINGTANG_SEAL_DEVICE", "")
# Origins of the push services that may be asked to call a phone; none: no phone is called.
PUSH_SERVICES = tuple(os.environ.get("MINGTANG_PUSH_SERVICES", "").split())


NO_SECRET = "not-initialised"  # nothing is served with it


def _secret() -> str:
    """Return this installation's secret, made by `mingtang init` and readable by it alone."""
    kept = HOME / "keys" / "secret"
    return os.environ.get("SECRET_KEY") or (
        kept.read_text(encoding="ascii") if kept.exists() else NO_SECRET
    )


SECRET_KEY = _secret()
DEBUG = False
ALLOWED_HOSTS = [
    "127.0.0.1",
    "localhost",
    "[::1]",
    *filter(None, os.environ.get("MINGTANG_HOSTS", "").split(",")),
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "mingtang.people",  # before allauth: its sign-in pages are ours
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "mingtang.ledger",
    "mingtang.vault",
    "mingtang.ui",
    "mingtang.trust",
    "mingtang.papers",
    "mingtang.catalogue",
    "mingtang.cases",
    "mingtang.licences",
    "mingtang.trading",
    "mingtang.windows",
    "mingtang.intermediaries",
    "mingtang.ratings",
    "mingtang.portal",
]
MIDDLEWARE = [
    "mingtang.config.protection.ClientAddress",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "mingtang.config.protection.ContentPolicy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "mingtang.config.protection.Language",
    "mingtang.config.protection.UploadLimit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "mingtang.config.protection.Refusals",
    "mingtang.config.protection.SecondFactor",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mingtang.ui.context.preferences",
                "mingtang.portal.context.hall",
            ],
        },
    }
]
ROOT_URLCONF = "mingtang.config.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("DATABASE_URL") or f"sqlite:///{HOME / 'mingtang.sqlite3'}",
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # the write lock is ours from the first statement
        "timeout": 20,
        # secure_delete: what is erased does not stay behind in freed pages
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON;"
        ),
    }

AUTH_USER_MODEL = "people.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "people:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "portal:home"
ACCOUNT_ADAPTER = "mingtang.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_SESSION_REMEMBER = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Mingtang"
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds a phone's clock may be off: RFC 6238, 5.2
MFA_ADAPTER = "mingtang.people.adapters.FactorAdapter"
MFA_FORMS = {  # one memory of which codes are spent, wherever one is asked for
    "activate_totp": "mingtang.people.forms.factors.ActivateForm",
    "authenticate": "mingtang.people.forms.factors.SignInForm",
    "reauthenticate": "mingtang.people.forms.factors.ConfirmForm",
}
STAFF_SECOND_FACTOR = os.environ.get("MINGTANG_STAFF_SECOND_FACTOR") == "1"
# Lockout after 5 failures for 15 minutes: usual project figures for 等保 level 3, not law [C].
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "mingtang.people.adapters.locked_out"
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ACCESS_FAILURE_LOG_PER_USER_LIMIT = 1_000_000_000  # every failure stays for the auditor
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = False
CSRF_FAILURE_VIEW = "mingtang.ui.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文")), ("en", _("English"))]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STATICFILES_DIRS = [("vendor/htmx", ROOT / "node_modules" / "htmx.org" / "dist")]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False

UPLOAD_LIMIT = 20 * 1024 * 1024  # bytes a file; more is refused before it is read
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 30
LOG_DIRECTORY = HOME / "log"  # the published log: plain files any web server can serve
VAULT_DIRECTORY = HOME / "vault"
POLICY_FILE = HOME / "policy"  # who witnesses this log, and whose word makes a quorum

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "mingtang": {"level": "INFO"},
        "axes": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
    },
}
