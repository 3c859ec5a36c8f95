"""Where the municipalities lie, for portals that have loaded them already."""

import json
from pathlib import Path

from django.conf import settings
from django.db import migrations


def tell_centres(apps, schema_editor):
    areas = apps.get_model("network", "Area").objects
    for row in json.loads(Path(settings.BASE_DIR, "fixtures", "areas.json").read_text(encoding="utf-8")):
        fields = row["fields"]
        if "latitude" in fields:
            known = areas.filter(kind=fields["kind"], code=fields["code"], latitude=None)
            known.update(latitude=fields["latitude"], longitude=fields["longitude"])


class Migration(migrations.Migration):
    dependencies = [("network", "0006_search_terms")]
    operations = [migrations.RunPython(tell_centres, migrations.RunPython.noop)]
