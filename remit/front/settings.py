"""Django's settings, read from the environment with safe defaults (docs/settings.md)."""

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from pydantic import SecretStr
from pydantic_settings import BaseSettings

BASE_DIR = Path(__file__).resolve().parent


class Environment(BaseSettings):
    """What may be set from outside; every name is given in upper case."""

    database_url: str = ""
    remit_owner_url: str = ""
    remit_sequencer_url: str = ""
    remit_data: Path = Path("data/main")
    remit_demo: bool = False
    remit_secret_key: SecretStr = SecretStr("")
    remit_secret_key_file: Path | None = None
    remit_master_key_file: Path | None = None
    remit_origin: str = "unnamed"
    remit_hosts: str = "localhost,127.0.0.1,[::1]"
    remit_https: bool = False
    remit_address: str = ""
    remit_mail_url: SecretStr = SecretStr("")
    remit_mail_from: str = ""
    remit_mailbox_url: SecretStr = SecretStr("")
    remit_mail_authserv: str = ""
    remit_oidc_issuer: str = ""
    remit_oidc_client_id: str = ""
    remit_oidc_client_secret: SecretStr = SecretStr("")
    remit_oidc_name: str = ""
    remit_oidc_domains: str = ""
    remit_oidc_create: bool = False
    remit_pool_size: int = 16
    remit_log_level: str = "INFO"


environment = Environment()


def database(url: str, **extra: object) -> dict[str, object]:
    """A PostgreSQL URL as Django wants it; the host may be a socket folder, given as ?host=."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or query.pop("password", "")),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": query,
        "DISABLE_SERVER_SIDE_CURSORS": True,
        **extra,
    }


def _secret_key() -> str:
    if environment.remit_secret_key.get_secret_value():
        return environment.remit_secret_key.get_secret_value()
    if environment.remit_secret_key_file:
        return environment.remit_secret_key_file.read_text().strip()
    # Only commands that neither serve nor sign come here: a key that is good for this process alone.
    return os.urandom(32).hex()


REMIT_DATA = environment.remit_data
DEMO = environment.remit_demo
ORIGIN = environment.remit_origin
# Where people reach this installation, as links in mails name it.
ADDRESS = environment.remit_address
# The demonstration is peopled by made-up addresses: it sends nothing.
MAIL_URL = "" if DEMO else environment.remit_mail_url.get_secret_value()
MAIL_FROM = environment.remit_mail_from
MAILBOX_URL = "" if DEMO else environment.remit_mailbox_url.get_secret_value()
MAIL_AUTHSERV = environment.remit_mail_authserv
MASTER_KEY_FILE = environment.remit_master_key_file or REMIT_DATA / "keys" / "master.key"
SECRET_KEY = _secret_key()
DEBUG = False
ALLOWED_HOSTS = environment.remit_hosts.split(",")
ROOT_URLCONF = "remit.front.urls"
WSGI_APPLICATION = "remit.front.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {
    "default": database(environment.database_url),
    "owner": database(environment.remit_owner_url),
}
if environment.remit_pool_size:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": environment.remit_pool_size, "timeout": 10}  # type: ignore[index]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "axes",
    "ninja",
    "csp",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "allauth.usersessions",
    "remit.apps.records",
    "remit.apps.organizations",
    "remit.apps.people",
    "remit.apps.sourcing",
    "remit.apps.agreements",
    "remit.apps.work",
    "remit.apps.billing",
    "remit.front.pages",
    "remit.front.accounts",
]
MIDDLEWARE = [
    "remit.front.middleware.health",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "remit.front.middleware.text_only",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "remit.front.accounts.devices.seen",
    "axes.middleware.AxesMiddleware",
    "remit.front.middleware.acting",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "remit.front.menu.context",
            ],
            "builtins": ["remit.front.pages.templatetags.remit", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

# Sign-in
AUTH_USER_MODEL = "organizations.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "remit.front.accounts.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/home/"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 24 * 3600
ACCOUNT_ADAPTER = "remit.front.accounts.adapters.Accounts"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # who is given a log-in proves the address by the link that was mailed there
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_SESSION_COOKIE_AGE = 12 * 3600
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_FORMS = {"login": "remit.front.accounts.forms.SignInForm"}
# Per address and per log-in. By log-in it is wider than that of axes, which counts both together: nobody is to lock out another from afar with ease.
ACCOUNT_RATE_LIMITS = {"login_failed": "40/m/ip,10/5m/key"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if environment.remit_https else "http"
MFA_ADAPTER = "remit.front.accounts.adapters.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Remit"
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = False
SOCIALACCOUNT_ADAPTER = "remit.front.accounts.adapters.Providers"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_NAME = environment.remit_oidc_name or "OpenID Connect"
OIDC_DOMAINS = tuple(domain.strip().lower() for domain in environment.remit_oidc_domains.split(",") if domain.strip())
OIDC_CREATE = environment.remit_oidc_create
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "organization",
                "name": OIDC_NAME,
                "client_id": environment.remit_oidc_client_id,
                "secret": environment.remit_oidc_client_secret.get_secret_value(),
                "settings": {"server_url": environment.remit_oidc_issuer, "oauth_pkce_enabled": True},
            }
        ]
        if environment.remit_oidc_issuer
        else [],
    }
}
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "remit.front.accounts.events.tried"
AXES_LOCKOUT_CALLABLE = "remit.front.pages.views.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
# A demo and an installation on one host must not end each other's sessions.
SESSION_COOKIE_NAME = "remit_demo_session" if DEMO else "remit_session"
CSRF_COOKIE_NAME = "remit_demo_csrf" if DEMO else "remit_csrf"
CSRF_FAILURE_VIEW = "remit.front.pages.views.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# Transport and content
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = environment.remit_https
SECURE_HSTS_SECONDS = 31_536_000 if environment.remit_https else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.remit_https else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler", "django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 2**20
FILE_UPLOAD_MAX_MEMORY_SIZE = 52 * 2**20
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000

# Words and time
USE_I18N = USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("bg", "Български")]
LOCALE_PATHS = [BASE_DIR.parent / "locale"]
LANGUAGE_COOKIE_NAME = "remit_language"

# Static files: found in the package, hashed names, no second folder to fill.
STATIC_URL = "/static/"
STATIC_ROOT = None
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "remit_cache", "OPTIONS": {"MAX_ENTRIES": 100_000}}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

LOGGING_CONFIG = "remit.front.logging.configure"
LOGGING = {"level": environment.remit_log_level}
# Mail addresses are unique whatever their case, by a constraint over lower(email) that the check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
