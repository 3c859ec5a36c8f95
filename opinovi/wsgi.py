"""The entry point that the web server serves."""

import os
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template import Engine
from django.template.loader import get_template
from django.urls import URLResolver, get_resolver
from django.utils.translation import gettext, override

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinovi.settings")


def load_everything() -> None:
    """Load views, templates and translations, which every worker would otherwise load with its first request.

    Done before gunicorn forks: the workers share what is loaded, and nobody waits for it.
    """
    for language, _name in settings.LANGUAGES:
        with override(language):
            gettext("Opinovi")
            for resolver in _resolvers(get_resolver()):
                _ = resolver.reverse_dict
    for folder in Engine.get_default().dirs:
        for file in Path(folder).rglob("*.*"):
            get_template(str(file.relative_to(folder)))


def _resolvers(resolver: URLResolver) -> Iterator[URLResolver]:
    yield resolver
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _resolvers(pattern)


application = get_wsgi_application()
load_everything()
