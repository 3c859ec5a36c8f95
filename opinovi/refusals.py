"""What the database refused, in words a person can act on."""

from collections.abc import Callable
from typing import Any

import pgtrigger
from django.core.exceptions import NON_FIELD_ERRORS
from django.db import IntegrityError, models, transaction
from django.forms import BaseModelFormSet, ModelForm
from django.utils.functional import Promise
from django.utils.translation import gettext as _


class Refusal(pgtrigger.Trigger):
    """A trigger that refuses what no constraint can state, with words a person can act on.

    Its function raises an exception whose CONSTRAINT is the trigger's name.
    """

    def __init__(self, *, violation_error_message: str | Promise, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.violation_error_message = violation_error_message


def save_or_explain(form: ModelForm, save: Callable[[Any], None] | None = None) -> bool:
    """Save a valid form; when a constraint refuses the row after all, say so on the form.

    `save`: the action that writes the form's row, where more hangs on it than the row.

    A form checks constraints before it saves, but of two people who save at once the second learns it
    only from the database. Nothing is half-saved.
    """
    try:
        with transaction.atomic():
            if save:
                save(form.save(commit=False))
            else:
                form.save()
    except IntegrityError as error:
        form.add_error(NON_FIELD_ERRORS, explain(error, type(form.instance)))
        return False
    return True


def save_rows_or_explain(formset: BaseModelFormSet) -> bool:
    """Save valid forms of many rows, all of them or none; what a constraint refuses is said above them."""
    try:
        with transaction.atomic():
            formset.save()
    except IntegrityError as error:
        formset.non_form_errors().append(explain(error, type(formset.forms[0].instance)))
        return False
    return True


def explain(error: IntegrityError, model: type[models.Model]) -> str:
    """The message of the constraint or trigger that refused; a general sentence for one without words."""
    name = refused_by(error)
    for constraint in model._meta.constraints:
        if constraint.name == name:
            return str(constraint.get_violation_error_message())
    for trigger in getattr(model._meta, "triggers", []):
        if isinstance(trigger, Refusal) and trigger.name == name:
            return str(trigger.violation_error_message)
    return _("Someone saved something in between that does not fit with this. Check the page and try again.")


def refused_by(error: IntegrityError) -> str | None:
    """The name of the constraint that refused; None when the database did not say."""
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
