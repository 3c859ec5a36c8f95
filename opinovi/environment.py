"""What the machine tells the portal: reads the environment and refuses what it does not understand."""

import os
from collections.abc import Iterable
from urllib.parse import SplitResult, urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

KNOWN = frozenset(
    f"OPINOVI_{name}"
    for name in (
        "ADDRESS",
        "APPOINTMENT_DAYS",
        "CHECK_LINKS",
        "CONTACT_EMAIL",
        "DATA",
        "DEMO",
        "EXTRA_HOSTS",
        "FROM_EMAIL",
        "LOG_LEVEL",
        "NOTEBOOK_DAYS",
        "OIDC_CLIENT_ID",
        "OIDC_CLIENT_SECRET",
        "OIDC_NAME",
        "OIDC_SERVER",
        "OLD_SECRET_KEYS",
        "PAGE_SECONDS",
        "POOL_SIZE",
        "PROXIES",
        "SECOND_FACTOR",
        "SECRET_KEY",
        "SMS_SENDER",
        "SMS_TOKEN",
        "SMS_URL",
        "UPLOADS",
        "VIDEO_ROOMS",
    )
)

env = environ.Env()


def refuse_unknown(names: Iterable[str] = os.environ) -> None:
    """Stop at a setting that nothing reads: a misspelt name would otherwise pass unseen.

    Raises ImproperlyConfigured.
    """
    unknown = sorted(name for name in names if name.startswith("OPINOVI_") and name not in KNOWN)
    if unknown:
        raise ImproperlyConfigured(
            f"Unknown setting {', '.join(unknown)}: docs/deployment.md lists the settings there are."
        )


def require(name: str, why: str) -> str:
    """A setting without which a real portal must not start. Raises ImproperlyConfigured."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {why}")
    return value


def all_or_none(*names: str) -> bool:
    """Whether settings that make sense only together are there. Raises ImproperlyConfigured at a half."""
    there = [name for name in names if env.str(name, default="")]
    if there and len(there) < len(names):
        missing = ", ".join(sorted(set(names) - set(there)))
        raise ImproperlyConfigured(f"{', '.join(there)} needs {missing} as well, or none of them.")
    return bool(there)


def address(value: str) -> tuple[str, str, bool]:
    """The portal's own address as (address without a slash, host without a port, whether it is https).

    Raises ImproperlyConfigured when it is not an address of a site's root.
    """
    parts = urlsplit(value.rstrip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ImproperlyConfigured(
            f"OPINOVI_ADDRESS is {value!r}: write it like https://ohjaus.example.fi, without a path."
        )
    return value.rstrip("/"), parts.hostname, parts.scheme == "https"


def sign_in_server(value: str) -> tuple[str, str]:
    """An OpenID Connect server as (its address without a slash, its origin).

    Raises ImproperlyConfigured when it is not https: what the server says of a person is believed because
    nobody stands between it and us. A server on this same machine may do without.
    """
    parts = _safe_address("OPINOVI_OIDC_SERVER", value.rstrip("/"), "https://sign-in.example.fi")
    return value.rstrip("/"), f"{parts.scheme}://{parts.netloc}"


def sms_gateway(value: str) -> str:
    """The address that takes text messages, as it is.

    Raises ImproperlyConfigured when it is not https: numbers, words and the token pass through it. A gateway
    on this same machine may do without.
    """
    _safe_address("OPINOVI_SMS_URL", value, "https://sms.example.fi/messages")
    return value


def _safe_address(name: str, value: str, example: str) -> SplitResult:
    parts = urlsplit(value)
    if not parts.hostname or not (parts.scheme == "https" or parts.hostname in {"127.0.0.1", "localhost"}):
        raise ImproperlyConfigured(f"{name} is {value!r}: write it like {example}, with https.")
    return parts
