"""The Finnish business ID (Y-tunnus)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

SHAPE = r"^[0-9]{7}-[0-9]$"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def validate_business_id(value: str) -> None:
    """Refuse an ID whose check digit is wrong. Raises ValidationError.

    The weights are 7 9 10 5 8 4 2, the modulus 11 (Finnish Tax Administration).
    """
    if not re.match(SHAPE, value):
        raise ValidationError(_("Write the business ID as 1234567-8."), code="shape")
    rest = sum(int(digit) * weight for digit, weight in zip(value, _WEIGHTS, strict=False)) % 11
    if rest == 1 or (11 - rest) % 11 != int(value[-1]):
        raise ValidationError(
            _("The check digit of the business ID is wrong. Check the number."), code="digit"
        )
