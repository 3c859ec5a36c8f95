"""A letter as an e-mail, handed to the mail server of `EMAIL_URL`, and what the server's answer means."""

import hashlib
import re
import smtplib
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from opinovi.models import Letter


class Refused(Exception):
    """The server will never take this letter; the text says why, and nothing about the person."""


class Delayed(Exception):
    """The server did not take the letter this time; the text says why, and nothing about the person."""


class Unreachable(Delayed):
    """No server answered, so that no other letter would get through now either."""


def hand_over(letter: Letter) -> None:
    """Give the letter to the mail server; returns once the server has said that it has it.

    Raises Refused, Delayed or Unreachable.
    """
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:  # smtplib's own errors are OSErrors too
        raise Unreachable(f"The mail server did not answer ({_code(error)}).") from error
    try:
        count = connection.send_messages([email_of(letter)])
    except smtplib.SMTPRecipientsRefused as error:
        raise _judged("The recipient was refused", next(iter(error.recipients.values()))) from error
    except smtplib.SMTPDataError as error:
        raise _judged("The letter was refused", (error.smtp_code, error.smtp_error)) from error
    except (ValueError, smtplib.SMTPNotSupportedError) as error:
        raise Refused("The address cannot be written in an e-mail.") from error
    except OSError as error:
        raise Delayed(f"The mail server did not take the letter ({_code(error)}).") from error
    finally:
        # What goes wrong from here on must not look as if the letter had not been taken.
        with suppress(OSError):
            connection.close()
    if not count:
        raise Refused("The letter has no recipient.")


def email_of(letter: Letter) -> EmailMultiAlternatives:
    """The letter with its text, its HTML and, where it has one, its calendar part.

    A letter has the same Message-ID however often it is tried: a mail server that got it twice
    because we fell between its "yes" and our note of it can tell, and most throw the second away.
    """
    email = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[letter.recipient],
        headers={
            "Message-ID": message_id(letter),
            "Auto-Submitted": "auto-generated",  # RFC 3834: no out-of-office answers
            "X-Auto-Response-Suppress": "All",  # the same for Exchange
            "Content-Language": letter.language,
            **letter.headers,
        },
    )
    email.attach_alternative(letter.html, "text/html")
    if letter.calendar:
        # Gmail and Outlook offer the first to the calendar, others show the second as a file.
        method = re.search(r"^METHOD:([A-Z]+)\s*$", letter.calendar, re.MULTILINE)
        email.attach_alternative(
            letter.calendar, f"text/calendar; method={method[1] if method else 'PUBLISH'}"
        )
        email.attach("opinovi.ics", letter.calendar.encode(), "application/ics")
    return email


def message_id(letter: Letter) -> str:
    digest = hashlib.sha256(letter.key.encode()).hexdigest()[:32]
    return f"<{digest}@{urlsplit(settings.ADDRESS).hostname}>"


def _judged(what: str, answer: tuple[int, bytes | str]) -> Refused | Delayed:
    """5xx is for good, 4xx for now (RFC 5321, 4.2.1)."""
    code, text = answer
    words = text.decode(errors="replace") if isinstance(text, bytes) else text
    detail = re.match(r"[245]\.\d{1,3}\.\d{1,3}\b", words)  # RFC 3463; the rest may repeat the address
    sentence = f"{what} ({code}{' ' + detail[0] if detail else ''})."
    return Refused(sentence) if code >= 500 else Delayed(sentence)


def _code(error: OSError) -> str:
    """What went wrong, in a word that cannot hold an address."""
    if isinstance(error, smtplib.SMTPResponseException):
        return str(error.smtp_code)
    return type(error).__name__
