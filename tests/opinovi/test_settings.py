"""What the environment may say, and what a real portal's settings are."""

import os
import subprocess
import sys

import pytest

from opinovi.environment import KNOWN
from tests.portal import PROJECT

REAL = {
    "DATABASE_URL": "postgres://opinovi:word@db.example.fi/opinovi",
    "EMAIL_URL": "smtp+tls://opinovi:word@mail.example.fi:587",
    "OPINOVI_ADDRESS": "https://ohjaus.example.fi",
    "OPINOVI_CONTACT_EMAIL": "palaute@example.fi",
    "OPINOVI_SECRET_KEY": "x" * 50,
}


def ask(question, **environment):
    """The answer to a question to the settings, or the last line of what stopped them."""
    bare = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    told = subprocess.run(
        [sys.executable, "-c", f"from opinovi import settings; print({question})"],
        cwd=PROJECT,
        env=bare | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return (told.stdout or told.stderr).strip().splitlines()[-1]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"OPINOVI_ADRESS": "https://x.fi"}, "Unknown setting OPINOVI_ADRESS"),
        ({"OPINOVI_SECRET_KEY": ""}, "OPINOVI_SECRET_KEY is not set"),
        ({"OPINOVI_ADDRESS": ""}, "OPINOVI_ADDRESS is not set"),
        ({"OPINOVI_CONTACT_EMAIL": ""}, "OPINOVI_CONTACT_EMAIL is not set"),
        ({"OPINOVI_ADDRESS": "ohjaus.example.fi"}, "write it like https://"),
        ({"OPINOVI_ADDRESS": "https://example.fi/ohjaus"}, "write it like https://"),
        ({"EMAIL_URL": ""}, "EMAIL_URL is not set"),
        ({"DATABASE_URL": "sqlite:///x.sqlite3"}, "must lead to PostgreSQL"),
        ({"OPINOVI_OIDC_SERVER": "https://sign-in.example.fi"}, "needs OPINOVI_OIDC_CLIENT_ID"),
    ],
)
def test_setting_that_cannot_be_right_stops_the_start_with_a_sentence(changes, sentence):
    answer = ask("'started'", **REAL | changes)

    assert answer.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert sentence in answer


def test_portal_without_settings_lives_on_its_own_database():
    assert ask("settings.DATABASES['default']['ENGINE'], settings.DEMO, settings.SECOND_FACTOR") == (
        "django.db.backends.postgresql False True"
    )


def test_real_portal_speaks_https_alone():
    answer = ask(
        "settings.SECURE_SSL_REDIRECT, settings.SECURE_HSTS_SECONDS > 31_000_000, "
        "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SESSION_COOKIE_SAMESITE, "
        "settings.DEBUG, settings.ALLOWED_HOSTS",
        **REAL,
    )

    assert answer == "True True True True Lax False ['ohjaus.example.fi']"


def test_real_portal_forgets_what_its_letters_said_and_asks_for_a_second_factor():
    assert ask("settings.KEEP_SENT_LETTERS, settings.SECOND_FACTOR", **REAL) == "False True"


def test_no_page_may_run_or_style_anything_inline():
    policy = ask("settings.CONTENT_SECURITY_POLICY", **REAL)

    assert "unsafe" not in policy
    assert "http" not in policy


def test_every_setting_is_explained():
    guide = (PROJECT / "docs" / "deployment.md").read_text()

    assert [name for name in sorted(KNOWN) if f"`{name}`" not in guide] == []
