"""The only settings module; what differs between machines comes from the environment.

docs/deployment.md lists the environment's names. A portal with `DATABASE_URL` is a real one and must be
told its secrets; without it the portal lives on its own embedded PostgreSQL and asks for nothing.
"""

from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from opinovi.environment import (
    address,
    all_or_none,
    env,
    refuse_unknown,
    require,
    sign_in_server,
    sms_gateway,
)
from opinovi.postgres import socket_url

BASE_DIR = Path(__file__).resolve().parent.parent

refuse_unknown()

# What kind of portal this is

DEMO = env.bool("OPINOVI_DEMO", default=False)
DATA_DIR = Path(env.str("OPINOVI_DATA", default=str(BASE_DIR / ".demo"))).absolute()
HAS_OWN_SERVER = bool(env.str("DATABASE_URL", default=""))
DEBUG = False

if HAS_OWN_SERVER and not DEMO:
    SECRET_KEY = require("OPINOVI_SECRET_KEY", "make one with `openssl rand -base64 48` and keep it secret.")
    _address = require(
        "OPINOVI_ADDRESS", "letters need the portal's address, like https://ohjaus.example.fi."
    )
    require("EMAIL_URL", "letters need a mail server, like smtp+tls://name:word@mail.example.fi:587.")
    require("OPINOVI_CONTACT_EMAIL", "people must be able to tell what does not work (Act 306/2019).")
else:
    SECRET_KEY = env.str("OPINOVI_SECRET_KEY", default="") or get_random_secret_key()
    _address = env.str("OPINOVI_ADDRESS", default="http://127.0.0.1:8000")
SECRET_KEY_FALLBACKS = env.list("OPINOVI_OLD_SECRET_KEYS", default=[])

ADDRESS, _host, _is_https = address(_address)
ALLOWED_HOSTS = [_host, *env.list("OPINOVI_EXTRA_HOSTS", default=[])]
CSRF_TRUSTED_ORIGINS = [ADDRESS]
CONTACT_EMAIL = env.str("OPINOVI_CONTACT_EMAIL", default="palaute@example.fi")

# Apps and what a request passes through

INSTALLED_APPS = [
    "modeltranslation",
    "opinovi.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "crispy_forms",
    "csp",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "opinovi",
    "network",
    "projects",
    "guidance.catalogue",
    "guidance.booking",
    "guidance.casework",
    "guidance.reporting",
]

MIDDLEWARE = [
    "opinovi.middleware.requests.log_request",
    "opinovi.middleware.open_data.open_to_all",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "opinovi.middleware.pages.cache_public_pages",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "opinovi.middleware.characters.refuse_null_characters",
    "opinovi.middleware.kept_form.keep_form_over_sign_in",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "opinovi.middleware.second_factor.require_second_factor",
    "pghistory.middleware.HistoryMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "opinovi.urls"
WSGI_APPLICATION = "opinovi.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
APPEND_SLASH = True

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
                "network.context.portal",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_TEMPLATE_PACK = "crispy"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("crispy",)
CRISPY_FAIL_SILENTLY = False

# Database, jobs, cache

DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", default="") or socket_url(DATA_DIR))}
if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
    raise ImproperlyConfigured("DATABASE_URL must lead to PostgreSQL: postgres://name:word@host/database.")
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # once the server restarts, no request meets a dead line
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "pool": {"min_size": 1, "max_size": env.int("OPINOVI_POOL_SIZE", default=8), "timeout": 10},
}

CONTENT_APPS = ("network", "projects", "catalogue", "booking")  # a change in their tables ends all kept pages
CONTENT_APART = ("booking_appointment",)  # but not what is kept in the cache `offers`
PAGE_SECONDS = env.int("OPINOVI_PAGE_SECONDS", default=60)  # a public page is kept in memory; 0: never

CACHES = {
    "default": {  # counts tries at sign-in: it must not be pushed full to forget them
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "opinovi_cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    },
    "content": {
        "BACKEND": "opinovi.memory.ContentCache",
        "TIMEOUT": PAGE_SECONDS,
        "OPTIONS": {"MAX_ENTRIES": 2000},  # the largest, a page of rows, has about 18 kB
    },
    "offers": {
        "BACKEND": "opinovi.memory.OffersCache",
        "TIMEOUT": PAGE_SECONDS,
        "KEY_PREFIX": "offers",
        "OPTIONS": {"MAX_ENTRIES": 2000},  # of both together
    },
}

PROCRASTINATE_ON_APP_READY = None
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 4, "delete_jobs": "successful"}
PGHISTORY_MIDDLEWARE_METHODS = ("POST",)

# Languages and time

LANGUAGE_CODE = "fi"
LANGUAGES = [("fi", _("Finnish")), ("sv", _("Swedish")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "opinovi" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Helsinki"
FORMS_URLFIELD_ASSUME_HTTPS = True  # as Django 6 will do by itself
MODELTRANSLATION_DEFAULT_LANGUAGE = "fi"
MODELTRANSLATION_FALLBACK_LANGUAGES = ("fi", "sv", "en")

# Files

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "static-collected"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = Path(env.str("OPINOVI_UPLOADS", default=str(DATA_DIR / "uploads"))).absolute()
FILE_UPLOAD_PERMISSIONS = 0o600
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Letters

DEFAULT_FROM_EMAIL = env.str("OPINOVI_FROM_EMAIL", default=f"Opinovi <opinovi@{_host}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
_mail = env.email_url("EMAIL_URL", default="dummymail://")
EMAIL_BACKEND = _mail["EMAIL_BACKEND"]
EMAIL_HOST = _mail.get("EMAIL_HOST") or "localhost"
EMAIL_PORT = _mail.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = _mail.get("EMAIL_HOST_USER") or ""
EMAIL_HOST_PASSWORD = _mail.get("EMAIL_HOST_PASSWORD") or ""
EMAIL_USE_TLS = _mail.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _mail.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 15  # seconds
KEEP_SENT_LETTERS = DEMO  # elsewhere a letter's body is emptied once it is sent: it holds private links
VIDEO_ROOMS = env.str("OPINOVI_VIDEO_ROOMS", default="")  # where video calls are held, with {room} in it
SMS_URL, SMS_TOKEN, SMS_SENDER = "", "", env.str("OPINOVI_SMS_SENDER", default="Opinovi")
if all_or_none("OPINOVI_SMS_URL", "OPINOVI_SMS_TOKEN"):
    SMS_URL, SMS_TOKEN = sms_gateway(env.str("OPINOVI_SMS_URL")), env.str("OPINOVI_SMS_TOKEN")
SMS_TIMEOUT = 15  # seconds
SMS_FOLDER = DATA_DIR / "text-messages" if DEMO else None  # where a demo keeps them instead of sending

# Whose a meeting was

APPOINTMENT_DAYS = env.int("OPINOVI_APPOINTMENT_DAYS", default=180)  # after it, then that is erased

# What visitors keep and follow

NOTEBOOK_DAYS = env.int("OPINOVI_NOTEBOOK_DAYS", default=180)  # without use, then a notebook is erased

# Links of records to other sites

CHECK_LINKS = env.bool("OPINOVI_CHECK_LINKS", default=HAS_OWN_SERVER and not DEMO)

# People and sign-in

AUTH_USER_MODEL = "opinovi.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("catalogue:public:front_page")
PASSWORD_RESET_TIMEOUT = 3600  # seconds a link for a new password works
SECOND_FACTOR = env.bool("OPINOVI_SECOND_FACTOR", default=not DEMO)

ACCOUNT_ADAPTER = "network.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an invitation's link has proved the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letter to somebody who has no account
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = reverse_lazy("catalogue:public:front_page")
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/300s/key",
    "login": "30/m/ip",
    "public_letter": "20/h/ip",  # a letter asked for by a stranger's form
    "new_notebook": "300/h/ip",  # a whole school may share an address
    "held_time": "300/h/ip",
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("OPINOVI_PROXIES", default=0)
MFA_ADAPTER = "network.adapters.MFAAdapter"
MFA_FORMS = {
    "add_webauthn": "network.forms.keys.AddKeyForm",
    "edit_webauthn": "network.forms.keys.RenameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_ALLOW_UNVERIFIED_EMAIL = True  # see ACCOUNT_EMAIL_VERIFICATION
MFA_TOTP_ISSUER = "Opinovi"
MFA_TOTP_TOLERANCE = 1  # a phone's clock may be half a minute wrong
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a passkey alone opens the portal, so it must ask for a finger
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _is_https
SOCIALACCOUNT_ADAPTER = "network.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_PROVIDERS = {}
_oidc_origins = []
if all_or_none("OPINOVI_OIDC_SERVER", "OPINOVI_OIDC_CLIENT_ID", "OPINOVI_OIDC_CLIENT_SECRET"):
    _oidc_server, _oidc_origin = sign_in_server(env.str("OPINOVI_OIDC_SERVER"))
    _oidc_origins = [_oidc_origin]
    SOCIALACCOUNT_PROVIDERS["openid_connect"] = {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": [
            {
                "provider_id": "oidc",
                "name": env.str("OPINOVI_OIDC_NAME", default="OpenID Connect"),
                "client_id": env.str("OPINOVI_OIDC_CLIENT_ID"),
                "secret": env.str("OPINOVI_OIDC_CLIENT_SECRET"),
                "settings": {"server_url": _oidc_server},
            }
        ],
    }

# Sessions and what the browser is told

SESSION_COOKIE_AGE = 30 * 60  # seconds without use after which staff are signed out
SESSION_SAVE_EVERY_REQUEST = True
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _is_https
CSRF_COOKIE_AGE = None  # it ends with the visit, like the session's
CSRF_FAILURE_VIEW = "opinovi.views.public.csrf_failed"
SECURE_SSL_REDIRECT = _is_https
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if _is_https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _is_https
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALLAUTH_TRUSTED_PROXY_COUNT else None
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "connect-src": [SELF],
        "font-src": [SELF],
        "form-action": [SELF, *_oidc_origins],  # browsers hold redirects after a form to it as well
        "frame-ancestors": [NONE],
        "img-src": [SELF, "data:"],
        "manifest-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
    },
}

# Logs: one JSON object a line, with the request's id and nothing about a person

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "opinovi.logs.JsonFormatter"}},
    "handlers": {
        "none": {"class": "logging.NullHandler"},
        "stderr": {"class": "logging.StreamHandler", "formatter": "json"},
    },
    "root": {"handlers": ["stderr"], "level": env.str("OPINOVI_LOG_LEVEL", default="INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # the request's own line tells of a 400
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "gunicorn.access": {"handlers": ["none"], "propagate": False},
        "gunicorn.error": {"handlers": ["stderr"], "propagate": False},
        "procrastinate": {"level": "WARNING"},
    },
}
