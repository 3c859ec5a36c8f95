"""django-stubs' plugin for mypy, reading managers as the models declare them.

When Django starts, modeltranslation puts a class of its own in front of a translated model's manager.
django-stubs asks the running models for their managers and knows no such class; so it is taken off again.
"""

from django.db.models import Manager
from mypy.options import Options
from mypy_django_plugin.main import NewSemanalDjangoPlugin


class Plugin(NewSemanalDjangoPlugin):
    def __init__(self, options: Options) -> None:
        super().__init__(options)
        for model in self.django_context.apps_registry.get_models():
            for manager in model._meta.managers:
                manager.__class__ = declared(type(manager))


def declared(kind: type[Manager]) -> type[Manager]:
    """A manager's class before modeltranslation came; by name, since it imports only once Django runs."""
    if not kind.__module__.startswith("modeltranslation."):
        return kind
    return Manager if kind.__name__ == "MultilingualManager" else kind.__bases__[1]


def plugin(version: str) -> type[Plugin]:
    return Plugin
