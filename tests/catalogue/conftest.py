import json

import pytest
from django.conf import settings
from django.core.management import call_command

from network.models import Area

FIXTURE = json.loads((settings.BASE_DIR / "fixtures" / "areas.json").read_text(encoding="utf-8"))
COLUMNS = ("kind", "code", "slug", "name_fi", "name_sv", "name_en")


@pytest.fixture
def _vocabularies(db: None) -> None:
    """The areas (without what lies in what) and word lists that the codes of sources lead to."""
    rows = [entry["fields"] for entry in FIXTURE if entry["model"] == "network.area"]
    Area.objects.bulk_create([Area(**{name: row.get(name) for name in COLUMNS}) for row in rows])
    call_command("loaddata", "vocabularies", verbosity=0)
