"""Whose a held time is: the browser's cookie says it, or, where cookies are off, the address of the form.

Once it is booked, another cookie says for a few minutes what came of it.
"""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from guidance.booking.models import Appointment, Hold

COOKIE = "hold"
IN_ADDRESS = "held"
SALT = "booking.hold"
LASTS = int(timedelta(minutes=30).total_seconds())
BOOKED_COOKIE = "booked"
BOOKED_SALT = "booking.booked"
BOOKED_LASTS = int(timedelta(minutes=10).total_seconds())


def hold_of_browser(request: HttpRequest) -> Hold | None:
    """The time that the cookie tells of, also one that the clock has released."""
    nonce = _nonce_of_browser(request)
    return Hold.objects.filter(nonce=nonce).first() if nonce else None


def is_of_browser(request: HttpRequest, hold: Hold) -> bool:
    """Whether the cookie tells of the hold: an address that tells of it may be in other hands."""
    return _nonce_of_browser(request) == hold.nonce.hex


def _nonce_of_browser(request: HttpRequest) -> str:
    return str(request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LASTS))


def hold_of_address(request: HttpRequest) -> Hold | None:
    """The time that the address tells of. Once it is booked or released, the address tells nothing."""
    word = request.GET.get(IN_ADDRESS, "")
    try:
        number = signing.loads(word, salt=SALT, max_age=LASTS) if word else None
    except signing.BadSignature:
        return None
    return Hold.objects.filter(pk=number).first() if number else None


def address_word(hold: Hold) -> str:
    """What an address says of it."""
    return f"{IN_ADDRESS}={signing.dumps(hold.pk, salt=SALT)}"


def remember(response: HttpResponse, hold: Hold) -> None:
    """Let the browser keep its nonce a little longer than it can last."""
    response.set_signed_cookie(
        COOKIE,
        hold.nonce.hex,
        salt=SALT,
        max_age=LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def remember_booked(request: HttpRequest, response: HttpResponse, booked: Appointment) -> None:
    """Let the hold's cookie go, and the pages of times know for a few minutes what was booked.

    Whoever goes back to the form is not to book the same once more, and is asked when another booking, of
    whichever service, is at the same time.
    """
    if COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, samesite="Lax")
    response.set_signed_cookie(
        BOOKED_COOKIE,
        booked.nonce.hex,
        salt=BOOKED_SALT,
        max_age=BOOKED_LASTS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def booked_by_browser(request: HttpRequest) -> Appointment | None:
    """What was booked from this browser a few minutes ago, unless it is cancelled."""
    nonce = request.get_signed_cookie(BOOKED_COOKIE, default="", salt=BOOKED_SALT, max_age=BOOKED_LASTS)
    return Appointment.objects.live().filter(nonce=nonce).first() if nonce else None
