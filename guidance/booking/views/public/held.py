"""Whose a held time is: the browser's cookie says it, or, where cookies are off, the address of the form."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from guidance.booking.models import Hold

COOKIE = "hold"
IN_ADDRESS = "held"
SALT = "booking.hold"
LASTS = int(timedelta(minutes=30).total_seconds())


def hold_of_browser(request: HttpRequest) -> Hold | None:
    """The time that the cookie tells of, also one that the clock has released."""
    nonce = request.get_signed_cookie(COOKIE, default="", salt=SALT, max_age=LASTS)
    return Hold.objects.filter(nonce=nonce).first() if nonce else None


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


def forget(request: HttpRequest, response: HttpResponse) -> None:
    """Take the cookie back once a booking has come of it."""
    if COOKIE in request.COOKIES:
        response.delete_cookie(COOKIE, samesite="Lax")
