"""How many appointments PostgreSQL takes by itself, with the same table, constraints and triggers."""

import re
import subprocess
from pathlib import Path

from django.db import connection

from guidance.booking.models import Appointment
from opinovi.postgres import find_programs

CLIENTS = 8
# Each row is at an hour of its own, so that none is refused.
OWN = {
    "starts_at": "starts_at + place * interval '1 hour'",
    "ends_at": "starts_at + place * interval '1 hour' + interval '45 minutes'",
    "busy": "tstzrange(starts_at + place * interval '1 hour', "
    "starts_at + place * interval '1 hour' + interval '45 minutes')",
    "nonce": "gen_random_uuid()",
    "key_hash": "md5(random()::text) || md5(place::text)",
    "counsellor_id": "counsellors[1 + place % cardinality(counsellors)]",
}


def per_second(database: str, folder: Path, seconds: float) -> float:
    """Rows a second that pgbench inserts on as many connections as people book on."""
    columns = [field.column for field in Appointment._meta.concrete_fields if not field.primary_key]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            CREATE TABLE measured_row AS
            SELECT *, (SELECT array_agg(DISTINCT counsellor_id) FROM booking_appointment) AS counsellors
            FROM booking_appointment LIMIT 1
            """
        )
        cursor.execute("UPDATE measured_row SET starts_at = now() + interval '1 year'")
        cursor.execute("CREATE SEQUENCE measured_place")
    script = folder / "inserts.sql"
    values = ", ".join(OWN.get(column, column) for column in columns)
    script.write_text(
        f"INSERT INTO booking_appointment ({', '.join(columns)}) "
        f"SELECT {values} FROM measured_row, (SELECT nextval('measured_place') AS place) AS own;\n"
    )
    options = f"--no-vacuum --client={CLIENTS} --jobs=2 --time={max(1, round(seconds))}".split()
    told = subprocess.run(
        [find_programs().path("pgbench"), *options, f"--file={script}", database],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return round(float(re.search(r"^tps = ([\d.]+)", told, re.MULTILINE)[1]), 1)
