"""What coordinators do for the search: words that mean the same, and what people looked for in vain."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guidance.catalogue.forms.synonyms import SynonymsForm
from network.access import coordinator_required
from network.models import Area, Synonyms
from opinovi.http import UserRequest
from opinovi.models import UnansweredSearch
from opinovi.refusals import save_or_explain

ROWS = 50


@require_safe
@coordinator_required
def synonyms_list(request: UserRequest) -> HttpResponse:
    page = Paginator(Synonyms.objects.editable_by(request.user), ROWS).get_page(request.GET.get("page"))
    return render(request, "catalogue/office/synonyms_list.html", {"page": page})


@require_http_methods(["GET", "POST"])
@coordinator_required
def synonyms_add(request: UserRequest) -> HttpResponse:
    return _synonyms_form(request, Synonyms(words=request.GET.get("words", "").replace("\0", "")[:100]))


@require_http_methods(["GET", "POST"])
@coordinator_required
def synonyms_edit(request: UserRequest, pk: int) -> HttpResponse:
    return _synonyms_form(request, get_object_or_404(Synonyms.objects.editable_by(request.user), pk=pk))


def _synonyms_form(request: UserRequest, synonyms: Synonyms) -> HttpResponse:
    form = SynonymsForm(request.POST or None, instance=synonyms)
    if request.method == "POST" and form.is_valid() and save_or_explain(form):
        messages.success(request, _("Saved. The search knows it now."))
        return redirect("catalogue:office:synonyms_list")
    return render(request, "catalogue/office/synonyms_form.html", {"form": form, "synonyms": synonyms})


@require_POST
@coordinator_required
def synonyms_delete(request: UserRequest, pk: int) -> HttpResponse:
    get_object_or_404(Synonyms.objects.editable_by(request.user), pk=pk).delete()
    messages.success(request, _("The words are apart again."))
    return redirect("catalogue:office:synonyms_list")


@require_safe
@coordinator_required
def unanswered_list(request: UserRequest) -> HttpResponse:
    """By week, the most frequent first; `?sort=number` puts the most frequent of all weeks first."""
    searches = UnansweredSearch.objects.newest_first()
    is_by_number = request.GET.get("sort") == "number"
    if is_by_number:
        searches = searches.order_by("-number", "-year", "-week", "pk")
    page = Paginator(searches, ROWS).get_page(request.GET.get("page"))
    slugs = {search.place for search in page}
    places = {area.slug: area for area in Area.objects.filter(slug__in=slugs)}
    context = {
        "page": page,
        "rows": [(search, places.get(search.place)) for search in page],
        "is_by_number": is_by_number,
        "query": "sort=number" if is_by_number else "",
    }
    return render(request, "catalogue/office/unanswered_list.html", context)
