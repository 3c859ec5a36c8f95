"""What can become of a letter on its way, whatever carries it."""

from typing import Protocol

from opinovi.models import Letter


class Refused(Exception):
    """The letter will never be taken; the text says why, and nothing about the person."""


class Delayed(Exception):
    """The letter was not taken this time; the text says why, and nothing about the person."""


class Unreachable(Delayed):
    """Nobody answered, so that no other letter would get through now either."""


class Carrier(Protocol):
    """Takes letters of one medium to those who bring them to people."""

    def hand_over(self, letter: Letter) -> None:
        """Return once somebody has said that they have the letter. Raises Refused, Delayed or Unreachable."""
