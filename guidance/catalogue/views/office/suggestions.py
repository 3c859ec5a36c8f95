"""What contacts suggested by their link, for the coordinators who decide."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guidance.catalogue import checks
from guidance.catalogue.models import QualityScore, Suggestion
from guidance.catalogue.quality.subjects import SUBJECTS, with_records
from network.access import coordinator_required
from network.history import field_label
from opinovi.http import UserRequest

PER_PAGE = 25


@require_safe
@coordinator_required
def suggestion_list(request: UserRequest) -> HttpResponse:
    """Suggestions that nobody has decided yet, the oldest first."""
    suggestions = checks.suggestions_for(request.user).waiting().for_listing()
    page = Paginator(suggestions, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "rows": [_row(suggestion) for suggestion in with_records(page)]}
    return render(request, "catalogue/office/suggestion_list.html", context)


@require_POST
@coordinator_required
def suggestion_accept(request: UserRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, is_accepted=True, done=_("Done as suggested."))


@require_POST
@coordinator_required
def suggestion_reject(request: UserRequest, pk: int) -> HttpResponse:
    return _decide(request, pk, is_accepted=False, done=_("The suggestion was put away."))


def _decide(request: UserRequest, pk: int, *, is_accepted: bool, done: str) -> HttpResponse:
    found = with_records(checks.suggestions_for(request.user).for_listing().filter(pk=pk))
    if not found:
        raise Http404
    try:
        checks.decide(found[0], by=request.user, is_accepted=is_accepted)
    except checks.AlreadyDecided:
        messages.warning(request, _("Somebody has just decided it."))
    else:
        messages.success(request, done)
    return redirect("catalogue:office:suggestion_list")


def _row(suggestion: Suggestion) -> dict[str, object]:
    record, subject = suggestion.record, SUBJECTS[QualityScore.Kind(suggestion.about)]
    field = record._meta.get_field(suggestion.field) if suggestion.field else None
    return {
        "suggestion": suggestion,
        "record": record,
        "keeper": subject.keeper(record),
        "editor": subject.editor,
        "label": field_label(field) if field else "",
        "old": getattr(record, suggestion.field) if field else "",
    }
