"""Letters that come back: what mail servers report of them (RFC 3464)."""

import re
from collections.abc import Iterator
from email import message_from_bytes, message_from_string, policy
from email.message import Message

from opinovi.mail import letter_of

CODE = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463
UNKNOWN = "5.0.0"


def bounced(report: bytes) -> tuple[int, str] | None:
    """The letter that could not be delivered and the code that says why; None when the e-mail tells of none.

    A report that a letter is late, or has arrived, tells of none. The letter is known by the Message-ID that
    the report repeats; nobody can make one up who has not had the letter.
    """
    email = message_from_bytes(report, policy=policy.compat32)
    codes = [code for part in email.walk() for code in _failures(part)]
    if email.get_content_type() != "multipart/report" or not codes:
        return None
    for name in _message_ids(email):
        if (letter := letter_of(name)) is not None:
            return letter, codes[0]
    return None


def _failures(part: Message) -> Iterator[str]:
    """The codes of the recipients that a delivery status says were not reached."""
    if part.get_content_type() != "message/delivery-status":
        return
    for block in part.get_payload():
        if isinstance(block, Message) and str(block.get("Action", "")).strip().lower() == "failed":
            code = CODE.search(str(block.get("Status", "")))
            yield code[0] if code else UNKNOWN


def _message_ids(email: Message) -> Iterator[str]:
    """Message-IDs of the letter that came back: from what is returned of it, else from the report's head."""
    for part in email.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload(0)
            yield str(inner.get("Message-ID", "")) if isinstance(inner, Message) else ""
        elif part.get_content_type() == "text/rfc822-headers":
            text = part.get_payload(decode=True)
            head = message_from_string(text.decode(errors="replace") if isinstance(text, bytes) else "")
            yield str(head.get("Message-ID", ""))
    for name in ("X-Original-Message-ID", "In-Reply-To", "References"):
        yield from str(email.get(name, "")).split()
