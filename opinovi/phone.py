"""Phone numbers as people write them, and as networks take them."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

HOME = "FI"  # where a number without a country is dialled
MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


def mobile_number(written: str) -> str:
    """The number as networks take it (E.164), `+358401234567`; empty when it can take no text message."""
    try:
        number = phonenumbers.parse(written, HOME)
    except NumberParseException:
        return ""
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) not in MOBILE:
        return ""
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
