"""Search over everything that is published."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from guidance.catalogue.search import MAX_LENGTH, Kind, suggestion, understand
from guidance.catalogue.search import search as find

LISTS = {
    Kind.GUIDANCE: "catalogue:public:guidance_list",
    Kind.TRAINING: "catalogue:public:training_list",
    Kind.SERVICE_POINT: "network:public:service_point_list",
    Kind.ORGANISATION: "network:public:organisation_list",
    Kind.PROJECT: "projects:public:project_list",
    Kind.AREA: "catalogue:public:area_list",
}


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:MAX_LENGTH]
    wish = understand(words)
    groups = find(wish)
    only_place = bool(wish.words) and [group.kind for group in groups] == [Kind.AREA]
    query = urlencode({"q": words})
    context = {
        "words": words,
        "groups": [(group, f"{reverse(LISTS[group.kind])}?{query}") for group in groups],
        "count": sum(group.count for group in groups),
        "suggestion": suggestion(words) if words and not groups else "",
        "elsewhere": " ".join(word.written for word in wish.words) if only_place else "",
    }
    return render(request, "catalogue/public/search.html", context)
