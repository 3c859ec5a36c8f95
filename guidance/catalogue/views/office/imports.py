"""Imports: files of a source are tried first, shown record by record, and written as they were shown."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.catalogue.forms.imports import ImportForm
from guidance.catalogue.imports.report import sentence, told
from guidance.catalogue.imports.sources import SOURCES
from guidance.catalogue.imports.spreadsheet import COLUMNS, template_sheet
from guidance.catalogue.imports.uploads import NothingToWrite, restart, try_files, write_shown
from guidance.catalogue.models import ImportedKind, ImportLine, ImportRun
from network.access import coordinator_required
from network.views.office.exchange import CONTENT_TYPES
from opinovi.http import UserRequest

PER_PAGE = 25
LINES_PER_PAGE = 50


@require_safe
@coordinator_required
def import_list(request: UserRequest) -> HttpResponse:
    runs = ImportRun.objects.visible_to(request.user).for_listing().newest_first()
    page = Paginator(runs, PER_PAGE).get_page(request.GET.get("page"))
    runs_with_names = [(run, _source_name(run)) for run in page]
    return render(request, "catalogue/office/import_list.html", {"page": page, "runs": runs_with_names})


@require_http_methods(["GET", "POST"])
@coordinator_required
def import_add(request: UserRequest) -> HttpResponse:
    """Send files to be read; what they would change is shown, and written only when somebody says so."""
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        run = try_files(
            SOURCES[form.cleaned_data["source"]],
            form.cleaned_data["uploads"],
            is_complete=form.cleaned_data["is_complete"],
            user=request.user,
        )
        return redirect("catalogue:office:import_detail", run.pk)
    return render(request, "catalogue/office/import_add.html", {"form": form, "sources": SOURCES.values()})


@require_safe
@coordinator_required
def import_detail(request: UserRequest, pk: int) -> HttpResponse:
    run = _own_run(request, pk)
    outcome = request.GET.get("outcome", "")
    lines = run.lines.filter(outcome=outcome) if outcome in ImportLine.Outcome else run.lines.all()
    page = Paginator(lines, LINES_PER_PAGE).get_page(request.GET.get("page"))
    counts = [
        (value, value.label, run.counts[value]) for value in ImportLine.Outcome if run.counts.get(value)
    ]
    context = {
        "run": run,
        "source_name": _source_name(run),
        "refusal": sentence(*run.refusal) if run.refusal else "",
        "counts": counts,
        "outcome": outcome,
        "page": page,
        "lines": [(line, told(line.facts, line.kind)) for line in page],
        "query": urlencode({"outcome": outcome}) if outcome else "",
    }
    return render(request, "catalogue/office/import_detail.html", context)


@require_POST
@coordinator_required
def import_write(request: UserRequest, pk: int) -> HttpResponse:
    """Have written what the dry run has shown; shown anew when something else would happen by now."""
    shown = _own_run(request, pk)
    try:
        run = write_shown(shown, user=request.user)
    except NothingToWrite:
        messages.error(request, _("There is nothing to import any more. Choose the files again."))
        return redirect("catalogue:office:import_detail", shown.pk)
    return redirect("catalogue:office:import_detail", run.pk)


@require_POST
@coordinator_required
def import_restart(request: UserRequest, pk: int) -> HttpResponse:
    """Begin again with a run that was broken off."""
    run = _own_run(request, pk)
    restart(run)
    return redirect("catalogue:office:import_detail", run.pk)


@require_safe
@coordinator_required
def import_template(request: UserRequest, kind: str, file_type: str) -> HttpResponse:
    """The spreadsheet to fill in, with headings in the reader's language."""
    if kind not in COLUMNS or file_type not in CONTENT_TYPES:
        raise Http404
    content = template_sheet(ImportedKind(kind), file_type=file_type)
    headers = {"Content-Disposition": f'attachment; filename="opinovi-{kind}.{file_type}"'}
    return HttpResponse(content, content_type=CONTENT_TYPES[file_type], headers=headers)


def _own_run(request: UserRequest, pk: int) -> ImportRun:
    return get_object_or_404(ImportRun.objects.visible_to(request.user).for_listing(), pk=pk)


def _source_name(run: ImportRun) -> str:
    return str(SOURCES[run.source].name) if run.source in SOURCES else run.source
