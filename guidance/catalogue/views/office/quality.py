"""How good the records are that one keeps, worst first, and what would make each better."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Avg, Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.catalogue.checks import SILENT_AFTER, suggestions_for, unanswered
from guidance.catalogue.forms.quality import QualityForm
from guidance.catalogue.freshness import stale
from guidance.catalogue.models import QualityScore
from guidance.catalogue.quality.scoring import measured
from guidance.catalogue.quality.subjects import SUBJECTS, with_records
from guidance.catalogue.quality.words import editor_url, lines_of
from network.access import coordinator_required
from network.models import Organisation
from opinovi.http import UserRequest

Kind = QualityScore.Kind
PER_PAGE = 25
WORST_LINES = 3  # shown of each record in the list


@require_safe
@coordinator_required
def quality_list(request: UserRequest) -> HttpResponse:
    """The records one keeps, worst first, with what each lacks most."""
    form = QualityForm(request.GET, organisations=Organisation.objects.editable_by(request.user))
    scores = form.narrow(QualityScore.objects.editable_by(request.user))
    whole = scores.aggregate(
        number=Count("pk"),
        mean=Avg("score"),
        stale=Count("pk", filter=_checkable() & stale()),
        broken=Count("pk", filter=Q(broken_links__gt=0)),
    )
    paginator = Paginator(scores.for_listing().worst_first(), PER_PAGE)
    paginator.count = whole["number"]  # looked through once
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "rows": [(score, lines_of(score)[0][:WORST_LINES]) for score in with_records(page)],
        "query": form.query,
        "whole": whole,
        "waiting": _waiting(request),
    }
    return render(request, "catalogue/office/quality_list.html", context)


@require_safe
@coordinator_required
def quality_organisation_list(request: UserRequest) -> HttpResponse:
    """The organisations one keeps, the worst mean first, and whether they answer our letters."""
    scores = QualityScore.objects.editable_by(request.user).published().exclude(keeper=None)
    found = (
        scores.order_by()
        .values("keeper")
        .annotate(
            mean=Avg("score"),
            number=Count("pk"),
            stale=Count("pk", filter=_checkable() & stale()),
            broken=Count("pk", filter=Q(broken_links__gt=0)),
        )
        .order_by("mean", "keeper")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    keepers = Organisation.objects.prefetch_related("check_requests", "contacts")
    known = keepers.in_bulk([row["keeper"] for row in page])
    context = {
        "page": page,
        "rows": [{**row, **_letters(known[row["keeper"]])} for row in page],
        "waiting": _waiting(request),
    }
    return render(request, "catalogue/office/quality_organisation_list.html", context)


@require_safe
@coordinator_required
def quality_detail(request: UserRequest, kind: str, slug: str) -> HttpResponse:
    """Every line of one record's score, as the record is now."""
    if kind not in SUBJECTS:
        raise Http404
    record = get_object_or_404(SUBJECTS[Kind(kind)].own(request.user), slug=slug)
    score = measured(Kind(kind), record.pk)
    context = {
        **panel(score),
        "editor": editor_url(score),
        "trail": [(_("Data quality"), reverse("catalogue:office:quality_list"))],
    }
    return render(request, "catalogue/office/quality_detail.html", context)


def panel(score: QualityScore | None) -> dict[str, Any]:
    """What `catalogue/office/_quality_panel.html` needs; a record that is quite new has no score yet."""
    if score is None:
        return {"score": None}
    lacking, good = lines_of(score)
    return {"score": score, "lacking": lacking, "good": good}


def _checkable() -> Q:
    """Of which one writes down when they were checked."""
    return Q(kind__in=[kind for kind, subject in SUBJECTS.items() if subject.is_checked])


def _waiting(request: UserRequest) -> int:
    return suggestions_for(request.user).waiting().count()


def _letters(organisation: Organisation) -> dict[str, Any]:
    requests = list(organisation.check_requests.all())
    silent = unanswered(requests)
    return {
        "organisation": organisation,
        "asked": requests[0].created_at if requests else None,
        "silent": silent if silent >= SILENT_AFTER else 0,
        "has_contact": any(contact.email for contact in organisation.contacts.all()),
    }
