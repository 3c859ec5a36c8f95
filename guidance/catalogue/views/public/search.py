"""Search over everything that is published."""

from urllib.parse import urlencode

from django.contrib.auth.decorators import login_not_required
from django.forms.utils import flatatt
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from network.access import asks_why
from network.search import MAX_LENGTH
from network.search.alternatives import other_searches
from network.search.finding import find, is_answered
from network.search.suggesting import suggesting
from network.search.unanswered import count_unanswered
from network.search.vocabulary import suggestions


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    words = _words(request)
    wish, groups = find(words, as_written="as_written" in request.GET)
    answered = is_answered(wish, groups)
    query = urlencode({"q": wish.text})
    if words and not answered:
        count_unanswered(words, place=wish.places[0].slug if wish.places else "")
    context = {
        "words": words,
        "suggesting": flatatt(suggesting()),
        "wish": wish,
        "groups": [
            (group, f"{reverse(group.kind.listing)}?{query}" if group.kind.listing else "")
            for group in groups
        ],
        "count": sum(group.count for group in groups),
        "alternatives": [] if answered else other_searches(wish),
        "is_explained": asks_why(request),
    }
    return render(request, "catalogue/public/search.html", context)


@login_not_required
@require_safe
def suggest(request: HttpRequest) -> JsonResponse:
    """How what is being written may go on, in the shape of OpenSearch suggestions: browsers ask for it as
    well.
    """
    words = _words(request)
    return JsonResponse([words, suggestions(words, get_language() or "fi")], safe=False)


def _words(request: HttpRequest) -> str:
    return " ".join(request.GET.get("q", "").replace("\0", "").split())[:MAX_LENGTH]
