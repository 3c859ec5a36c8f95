"""What search engines ask of every site at its root: what they may read, and which pages there are."""

from typing import cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import caches
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from opinovi import sitemap as site
from opinovi.addresses import absolute

_XML = "application/xml; charset=utf-8"


@login_not_required
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Everything public may be read (RFC 9309); what needs a sign-in or a private link is not looked for.

    Whole lists as files are left to people: a crawler would fetch the same rows in every order.
    """
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /account/"]
    for code, _name in settings.LANGUAGES:
        with override(code):
            words = ["desk/", "office/", _("account/"), _("bookings/"), _("invitations/"), _("letters/")]
            words += [_("notebook/"), _("alerts/"), _("checks/")]
        lines += [f"Disallow: /{code}/{word}" for word in words]
    lines += ["Disallow: /*/list.csv", "Disallow: /*/list.xlsx", "Allow: /", ""]
    lines += [f"Sitemap: {absolute(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@login_not_required
@require_safe
def sitemap(request: HttpRequest) -> HttpResponse:
    """The list of sitemap files; remembered until content changes, for it looks at every row there is."""
    text = cast("str", caches["content"].get_or_set("sitemap", site.sitemap_index))
    return HttpResponse(text, content_type=_XML)


@login_not_required
@require_safe
def sitemap_file(request: HttpRequest, name: str, part: int) -> HttpResponse:
    text = site.sitemap_file(name, part)
    if text is None:
        raise Http404
    return HttpResponse(text, content_type=_XML)
