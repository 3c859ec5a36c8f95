"""A letter as a text message: brought to the gateway of `OPINOVI_SMS_URL` or, in a demo, kept in a file.

The gateway is any service that takes `POST {"to", "from", "text", "reference"}` as JSON with a bearer token
and answers 2xx once it has the message. `reference` is the same however often a message is tried, so that
the gateway can weed out a double; it stands in the header `Idempotency-Key` as well.
"""

import http.client
import json
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from opinovi.delivery import Carrier, Delayed, Refused, Unreachable
from opinovi.mail import reference
from opinovi.models import Letter

SINGLE = 160  # septets of one message (3GPP TS 23.040)
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)  # the alphabet of 3GPP TS 23.038
EXTENDED = frozenset("^{}\\[~]|€")  # two septets each
PLAIN = str.maketrans(
    {"–": "-", "—": "-", "’": "'", "‘": "'", "”": '"', "“": '"', "…": "...", "\u00a0": " ", "\u202f": " "}
)
TRY_AGAIN = {408, 409, 425, 429}  # in time, or while the first try is still in hand


def carrier() -> Carrier:
    """What takes text messages in this portal."""
    if settings.SMS_URL:
        return GatewayCarrier(settings.SMS_URL, settings.SMS_TOKEN)
    if settings.SMS_FOLDER:
        return FileCarrier(settings.SMS_FOLDER)
    return NoCarrier()


def is_available() -> bool:
    """Whether this portal can send text messages."""
    return bool(settings.SMS_URL or settings.SMS_FOLDER)


def in_short(text: str) -> str:
    """The text on one line, with plain marks for those that phones count as several letters."""
    return " ".join(text.translate(PLAIN).split())


def septets(text: str) -> int | None:
    """How long a message is on its way; None when it has a letter that ends the plain alphabet."""
    if not BASIC.union(EXTENDED).issuperset(text):
        return None
    return len(text) + sum(letter in EXTENDED for letter in text)


class GatewayCarrier:
    """Brings messages to a gateway by HTTP. It follows no redirect: the token is for this address alone."""

    def __init__(self, address: str, token: str) -> None:
        self._address: SplitResult = urlsplit(address)
        self._token = token

    def hand_over(self, letter: Letter) -> None:
        """Return once the gateway has the message. Raises Refused, Delayed or Unreachable."""
        message = {
            "to": letter.recipient,
            "from": settings.SMS_SENDER,
            "text": letter.text,
            "reference": reference(letter),
        }
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Content-Type": "application/json",
            "Idempotency-Key": reference(letter),
            "User-Agent": "Opinovi",
        }
        self._judge(self._status(json.dumps(message), headers))

    def _status(self, body: str, headers: dict[str, str]) -> int:
        parts = self._address
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        line = kind(parts.hostname or "", parts.port, timeout=settings.SMS_TIMEOUT)
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        try:
            line.connect()
        except OSError as error:
            raise Unreachable(f"The gateway did not answer ({type(error).__name__}).") from error
        try:
            line.request("POST", path, body, headers)
            return line.getresponse().status
        except (OSError, http.client.HTTPException) as error:
            raise Delayed(f"The gateway did not take the message ({type(error).__name__}).") from error
        finally:
            line.close()

    def _judge(self, status: int) -> None:
        if 200 <= status < 300:
            return
        if status in {401, 403} or 300 <= status < 400:  # ours to mend, and the same for every message
            raise Unreachable(f"The gateway does not let us in ({status}).")
        if status in TRY_AGAIN or status >= 500:
            raise Delayed(f"The gateway did not take the message ({status}).")
        raise Refused(f"The message was refused ({status}).")


class FileCarrier:
    """Keeps messages as files, for a demo; the demo's page of letters shows them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def hand_over(self, letter: Letter) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = self._folder / f"{letter.pk}.txt"
        file.write_text(f"{letter.recipient}\n\n{letter.text}\n", encoding="utf-8")


class NoCarrier:
    """A portal that has been told of no gateway."""

    def hand_over(self, letter: Letter) -> None:
        raise Refused("The portal has no gateway for text messages.")
