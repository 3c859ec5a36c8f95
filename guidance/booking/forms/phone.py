"""Phone numbers as people write them in forms."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

NUMBER = re.compile(r"\+?[\d\s()/-]+")
FEWEST_DIGITS = 5


def clean_number(phone: str) -> str:
    """A number that can be called: some digits, and nothing that is not part of a number.

    Raises ValidationError.
    """
    phone = " ".join(phone.split())
    digits = sum(letter.isdigit() for letter in phone)
    if phone and not (NUMBER.fullmatch(phone) and digits >= FEWEST_DIGITS):
        raise ValidationError(_("Check the number: write it like 040 123 4567 or +358 40 123 4567."))
    return phone
