"""Search over everything that is published."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from network.models import Area
from network.search import MAX_LENGTH
from network.search.finding import find


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    words = " ".join(request.GET.get("q", "").replace("\0", "").split())[:MAX_LENGTH]
    wish, groups = find(words, as_written="as_written" in request.GET)
    only_place = bool(wish.words) and [group.kind.model for group in groups] == [Area]
    query = urlencode({"q": wish.text})
    context = {
        "words": words,
        "wish": wish,
        "groups": [(group, f"{reverse(group.kind.listing)}?{query}" if group.kind.listing else "") for group in groups],
        "count": sum(group.count for group in groups),
        "elsewhere": " ".join(word.written for word in wish.words) if only_place else "",
    }
    return render(request, "catalogue/public/search.html", context)
