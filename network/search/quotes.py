"""Words as they are quoted in the language of the page."""

from django.utils.translation import gettext as _


def quoted(words: str) -> str:
    """What somebody wrote, in the quotation marks of the active language."""
    return _("“%(words)s”") % {"words": words}
