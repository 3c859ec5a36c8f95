"""A letter as an e-mail, handed to the mail server of `EMAIL_URL`, and what the server's answer means."""

import re
import smtplib
from contextlib import suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.signing import BadSignature, Signer

from opinovi.delivery import Delayed, Refused, Unreachable
from opinovi.models import Letter

LETTERS_A_LINE = 50  # mail servers count; most would end the connection after a hundred


class MailCarrier:
    """Hands letters to the mail server over one connection, opened at the first and again when it is gone."""

    def __init__(self) -> None:
        self._line = get_connection()
        self._handed_over = 0

    def hand_over(self, letter: Letter) -> None:
        """Give the letter to the mail server; returns once the server has said that it has it.

        Raises Refused, Delayed or Unreachable.
        """
        self._open()
        self._handed_over += 1
        try:
            count = self._line.send_messages([email_of(letter)])
        except smtplib.SMTPRecipientsRefused as error:
            raise _judged("The recipient was refused", next(iter(error.recipients.values()))) from error
        except smtplib.SMTPDataError as error:
            raise _judged("The letter was refused", (error.smtp_code, error.smtp_error)) from error
        except (ValueError, smtplib.SMTPNotSupportedError) as error:
            self.close()  # the server may still wait for the rest
            raise Refused("The address cannot be written in an e-mail.") from error
        except OSError as error:
            self.close()
            raise Delayed(f"The mail server did not take the letter ({_code(error)}).") from error
        if not count:
            raise Refused("The letter has no recipient.")

    def close(self) -> None:
        """Say goodbye. What goes wrong here must not look as if a letter had not been taken."""
        with suppress(OSError):
            self._line.close()
        self._line = get_connection()
        self._handed_over = 0

    def _open(self) -> None:
        """Have a connection that answers: a server may have ended it since the last letter."""
        if self._handed_over >= LETTERS_A_LINE or not self._still_answers():
            self.close()
        try:
            self._line.open()
        except OSError as error:  # smtplib's own errors are OSErrors too
            self.close()
            raise Unreachable(f"The mail server did not answer ({_code(error)}).") from error

    def _still_answers(self) -> bool:
        server = getattr(self._line, "connection", None)
        if server is None:
            return True  # not opened yet, or not a mail server
        try:
            return bool(server.noop()[0] == 250)
        except OSError:
            return False


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
    return f"<{reference(letter)}@{urlsplit(settings.ADDRESS).hostname}>"


def reference(letter: Letter) -> str:
    """A name of the letter for those who carry it: the same each time, and nobody else can make one up."""
    return _signer().sign(str(letter.pk))


def letter_of(name: str) -> int | None:
    """The letter whose Message-ID or reference this is; None when it is none of ours."""
    try:
        return int(_signer().unsign(name.strip().strip("<>").partition("@")[0]))
    except (BadSignature, ValueError):
        return None


def _signer() -> Signer:
    return Signer(salt="opinovi.letter", sep=".")


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
