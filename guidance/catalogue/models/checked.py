from datetime import date

from guidance.catalogue.freshness import is_stale


class Checked:
    """What records have in common whose keeper checks them now and then and writes down when."""

    checked_on: date | None

    @property
    def is_stale(self) -> bool:
        """Whether a reader should be told that details may have changed."""
        return is_stale(self.checked_on)
