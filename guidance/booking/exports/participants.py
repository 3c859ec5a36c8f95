"""Who takes part in a group session, as a spreadsheet for those who hold it."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guidance.booking.models import Registration, RegistrationQuestion
from network.sheets import write_sheet


def participants_sheet(rows: Iterable[Registration], questions: list[RegistrationQuestion]) -> bytes:
    """Each registration with its answers, as CSV; answers in the words of the first language."""
    headers = [
        _("State"), _("How"), _("Name"), _("Signed up by"), _("E-mail address"), _("Phone"), _("Language"),
        _("Interpreter"), _("Special needs"), _("Attendance"), _("Signed up"),
    ]  # fmt: skip
    lines = ([*_facts(row), *(_answer_to(row, question) for question in questions)] for row in rows)
    return write_sheet([*headers, *(question.text for question in questions)], lines, kind="csv")


def _facts(row: Registration) -> list[str]:
    return [
        row.get_state_display(),
        row.get_presence_display(),
        row.name,
        row.registered_by,
        row.email,
        row.phone,
        row.get_spoken_language_display(),
        _("yes") if row.needs_interpreter else "",
        row.special_needs,
        row.get_attendance_display(),
        f"{timezone.localtime(row.joined_at):%Y-%m-%d %H:%M}",
    ]


def _answer_to(row: Registration, question: RegistrationQuestion) -> str:
    answers: dict[int, Any] = {told["question"]: told["answer"] for told in row.answers}
    answer = answers.get(question.pk, "")
    return ", ".join(answer) if isinstance(answer, list) else str(answer)
