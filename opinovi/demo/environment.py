"""The demo's data folder and the surroundings it makes for the settings, before there are any settings."""

import argparse
import errno
import os
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

from opinovi.translations import PROJECT, compile_catalogues

LETTERS = "bcdfghjkmnpqrstvwxz23456789"  # none that looks like another
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class DemoError(Exception):
    """The demo cannot go on; the text is one sentence for the person who started it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=_port, default=8000, help="where the portal answers (8000)")
    parser.add_argument("--data", type=Path, help="folder that keeps everything (.demo)")
    parser.add_argument("--password", type=_password, help="of the three who can sign in (a random one)")


def surroundings(words: Sequence[str]) -> dict[str, str]:
    """What the settings of a demo need in the environment; makes the data folder and its secret key.

    Translations are compiled here too, before anything reads them. Stops with a sentence when the folder
    cannot be used.
    """
    parser = argparse.ArgumentParser(prog="manage.py demo", add_help=False)
    add_arguments(parser)
    options, _others = parser.parse_known_args(words)
    data = (options.data or Path(os.environ.get("OPINOVI_DATA") or PROJECT / ".demo")).absolute()
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        compile_catalogues()
        secret_key = keep(data / "secret-key", lambda: secrets.token_urlsafe(48))
    except OSError as error:
        raise SystemExit(explain(error, data)) from error
    return {
        "OPINOVI_DEMO": "1",
        "OPINOVI_VIDEO_ROOMS": "https://video.example.fi/{room}",
        "OPINOVI_DATA": str(data),
        "OPINOVI_ADDRESS": f"http://127.0.0.1:{options.port}",
        "OPINOVI_EXTRA_HOSTS": "localhost",
        "OPINOVI_SECRET_KEY": secret_key,
        "EMAIL_URL": "dummymail://",
    }


def keep(file: Path, make: Callable[[], str]) -> str:
    """The text of a file only its owner can read; if there is none, one that is made and kept."""
    if text := recall(file):
        return text
    draft = file.with_name(f"{file.name}.draft")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as handle:
        handle.write(text := make())
    draft.replace(file)
    return text


def recall(file: Path) -> str:
    return file.read_text().strip() if file.exists() else ""


def random_password() -> str:
    """Twelve letters and digits in three groups: easy to read from a screen and to type (57 bits)."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def explain(error: OSError, data: Path) -> str:
    """What a person can do about a file that could not be written."""
    if error.errno in FULL:
        return f"The disk that holds {data} is full: make room and start again."
    if isinstance(error, PermissionError):
        return f"{error.filename or data} belongs to somebody else: start as its owner, or use --data."
    if isinstance(error, FileExistsError | NotADirectoryError):
        return f"{data} is not a folder: choose another with --data."
    return f"The data folder {data} cannot be used ({error.strerror or error}): choose another with --data."


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to 65535.")
    return int(text)


def _password(text: str) -> str:
    if not text.strip() or text != text.strip():
        raise argparse.ArgumentTypeError("a password must not be empty or begin or end with a space.")
    return text
