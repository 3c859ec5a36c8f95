"""The history of what coordinators edit: database triggers keep every version of a row."""

import pghistory
from django.db.models import Model


def keep_history(*models: type[Model]) -> None:
    """Keep each version of the models' rows, with who changed it and when.

    Called from an app's translation.py, once the columns of the three languages are there.
    """
    for model in models:
        pghistory.track(
            pghistory.InsertEvent(),
            pghistory.UpdateEvent(),
            pghistory.DeleteEvent(),
            model_name=f"{model.__name__}Event",
            exclude=["search"] if hasattr(model, "search") else None,
        )(model)
