"""How a client is found again: by a name or a phone number, however somebody types it."""

import re

from django.db.models import F, Func, TextField, Value
from django.db.models.functions import Lower, Right

# A letter is looked for as the plain one below it; the marks after the last pair are left out.
_TYPED = "ÅÄÖÆØåäöæøÉÈÊËéèêëÁÀÂÃáàâãÍÌÎÏíìîïÓÒÔÕóòôõÚÙÛÜúùûüÝýÑñÇçŠšŽžČčŁł-–"
_FOUND = "AAOAOaaoaoEEEEeeeeAAAAaaaaIIIIiiiiOOOOooooUUUUuuuuYyNnCcSsZzCcLl  "
_LEFT_OUT = "'’`´."
_PYTHON = str.maketrans(_TYPED, _FOUND, _LEFT_OUT)
_DIGITS = 8  # a Finnish number without its country code or leading zero, but for the first figure or two


class FoundAs(Func):
    """A name as it is looked for, in the database."""

    function = "translate"
    output_field = TextField()

    def __init__(self, expression: str) -> None:
        super().__init__(F(expression), Value(_TYPED + _LEFT_OUT), Value(_FOUND))


def found_as(field: str) -> Lower:
    """The stored key by which a name is found: small letters without accents, hyphens or apostrophes."""
    return Lower(FoundAs(field))


def words_to_find(text: str) -> list[str]:
    """The words of a search, written as `found_as` writes names."""
    return text.translate(_PYTHON).lower().split()


def phone_key(phone: str) -> str:
    """What two ways of writing a phone number have in common: +358 40 123 4567 and 040 1234567."""
    return re.sub(r"\D", "", phone)[-_DIGITS:]


def phone_key_of(field: str) -> Right:
    """`phone_key` in the database."""
    digits = Func(
        F(field), Value(r"\D"), Value(""), Value("g"), function="regexp_replace", output_field=TextField()
    )
    return Right(digits, _DIGITS)
