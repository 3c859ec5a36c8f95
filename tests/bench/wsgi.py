"""The portal as it is served, with the bare view beside it."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "opinovi.settings")
settings.ROOT_URLCONF = "tests.bench.addresses"

from opinovi.wsgi import application  # noqa: E402

__all__ = ["application"]
