"""Life situations: where somebody is now, and a page for each that gathers what helps there."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.catalogue.forms.home import HomeForm
from guidance.catalogue.models import LifeSituation
from guidance.catalogue.situations import compose


@login_not_required
@require_safe
def situation_list(request: HttpRequest) -> HttpResponse:
    context = {"situations": LifeSituation.objects.published()}
    return render(request, "catalogue/public/situation_list.html", context)


@login_not_required
@require_safe
def situation_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """What helps, for those who say where they live what helps there."""
    situations = LifeSituation.objects.published()
    situation = get_object_or_404(situations, slug=slug)
    form = HomeForm(request.GET)
    place = form.cleaned_data["place"] if form.is_valid() else None
    context = {
        "form": form,
        "place": place,
        "query": f"?{urlencode({'place': place.slug})}" if place else "",
        "situation": situation,
        "others": situations.exclude(pk=situation.pk),
        "parts": SimpleLazyObject(lambda: compose(situation, place)),  # unless the template has them still
        "trail": [(_("Life situations"), reverse("catalogue:public:situation_list"))],
        "is_preview": False,
    }
    return render(request, "catalogue/public/situation_detail.html", context)
