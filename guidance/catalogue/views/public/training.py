"""Training: the list and a page for each."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guidance.catalogue.exports.jsonld import training_data
from guidance.catalogue.forms.search import TrainingSearchForm
from guidance.catalogue.models import GuidanceService, TrainingOption
from guidance.catalogue.parts import parts_of_training
from network.access import asks_why


@login_not_required
@require_safe
def training_list(request: HttpRequest) -> HttpResponse:
    form = TrainingSearchForm(request.GET)
    page = form.page(TrainingOption.objects.published().for_listing(), explain=asks_why(request))
    form.count_if_unanswered(page)
    return render(request, "catalogue/public/training_list.html", {"form": form, "page": page})


@login_not_required
@require_safe
def training_detail(request: HttpRequest, slug: str) -> HttpResponse:
    trainings = TrainingOption.objects.published().for_listing().prefetch_related("notes")
    training = get_object_or_404(trainings, slug=slug)
    context = {
        "training": training,
        "data": training_data(training),
        "parts": parts_of_training(training),
        "services": GuidanceService.objects.bookable().filter(organisation=training.provider).by_name()[:3],
        "about": urlencode({"about": training.subject_word}),
        "trail": [(_("Training"), reverse("catalogue:public:training_list"))],
    }
    return render(request, "catalogue/public/training_detail.html", context)
