"""The portal's addresses and one more: a view that does nothing, behind all that stands before a view."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.cache import never_cache

from opinovi.urls import urlpatterns as portal


@login_not_required
@never_cache
def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse("bare")


urlpatterns = [path("bare", bare), *portal]
