"""One include per app, the admin, sign-in and out."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.utils.translation import gettext_lazy as _

from opinovi.views import crawlers, public

public_urls = [
    path(_("accessibility/"), public.accessibility, name="accessibility"),
    path(_("privacy/"), public.privacy, name="privacy"),
    path(_("letters/"), public.letter_list, name="letter_list"),
    path(_("letters/<int:pk>/"), public.letter_detail, name="letter_detail"),
    path(_("letters/<int:pk>/html/"), public.letter_html, name="letter_html"),
    path(_("letters/<int:pk>/calendar/"), public.letter_calendar, name="letter_calendar"),
]
own_urls = [path("", include((public_urls, "public")))]

urlpatterns: list[URLPattern | URLResolver] = [
    path("health", public.health, name="health"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("sitemap-<slug:name>-<int:part>.xml", crawlers.sitemap_file, name="sitemap_file"),
    path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
    path("admin/", admin.site.urls),
    path("api/", include("guidance.booking.api_urls")),
    *i18n_patterns(
        path("", include((own_urls, "opinovi"))),
        path(_("account/"), include("opinovi.account_urls")),
        path(_("account/second-factor/"), include("allauth.mfa.urls")),
        path(_("account/services/"), include("allauth.socialaccount.urls")),
        path("", include("network.urls")),
        path("", include("projects.urls")),
        path("", include("guidance.catalogue.urls")),
        path("", include("guidance.booking.urls")),
        path("", include("guidance.casework.urls")),
        path("", include("guidance.reporting.urls")),
    ),
]

handler500 = "opinovi.views.failures.failed"
