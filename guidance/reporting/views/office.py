"""Figures for those who keep the network: counts only."""

import csv

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.reporting.figures import Figures, Scope, count
from guidance.reporting.forms import FigureForm
from network.access import coordinator_required
from network.models import Organisation
from opinovi.http import UserRequest

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


@require_safe
@coordinator_required
def figure_list(request: UserRequest) -> HttpResponse:
    form, scope = _choice(request)
    return render(
        request,
        "reporting/office/figure_list.html",
        {"form": form, "scope": scope, "figures": count(scope), "query": request.GET.urlencode()},
    )


@require_safe
@coordinator_required
def figure_export(request: UserRequest) -> HttpResponse:
    """The same counts as CSV, with what a spreadsheet in Finland expects: semicolons and a BOM."""
    _form, scope = _choice(request)
    name = f"opinovi-{scope.first:%Y-%m}-{scope.last:%Y-%m}.csv"
    response = HttpResponse(
        "\ufeff",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
    writer = csv.writer(response, delimiter=";")
    writer.writerows([_cell(value) for value in line] for line in _lines(count(scope)))
    return response


def _choice(request: UserRequest) -> tuple[FigureForm, Scope]:
    """Raises Http404 when the organisation is not one that the reader answers for."""
    organisations = Organisation.objects.editable_by(request.user)
    form = FigureForm(request.GET or None, organisations=organisations)
    if form.is_bound and form.names_hidden_organisation:
        raise Http404
    return form, form.scope()


def _lines(figures: Figures) -> list[list[str]]:
    lines = [[_("Table"), _("Row"), _("What is counted"), _("Number")]]
    for table in figures.tables:
        for row in table.rows:
            lines += [
                [table.title, row.label, heading, told]
                for heading, told in zip(table.headings, row.told, strict=True)
            ]
    return lines


def _cell(value: str) -> str:
    return f"'{value}" if value.startswith(FORMULA) else value
