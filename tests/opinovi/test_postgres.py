"""The embedded PostgreSQL on real folders: it starts, survives, stops and says what is wrong."""

import os
import pwd
import resource
import shutil
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from opinovi.postgres import EmbeddedPostgres, PostgresError, find_programs, socket_url

PROJECT = Path(__file__).resolve().parent.parent.parent
IS_ROOT = os.geteuid() == 0


@pytest.fixture
def server(tmp_path):
    server = EmbeddedPostgres(tmp_path / "data", durable=False)
    yield server
    server.stop()


def rows(server):
    with psycopg.connect(server.url) as connection:
        return connection.execute("SELECT word FROM kept ORDER BY word").fetchall()


def keep_a_row(server):
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept (word text)")
        connection.execute("INSERT INTO kept VALUES ('ovi')")


def postmaster(server):
    return int((server.cluster / "postmaster.pid").read_text().split()[0])


def python(code, folder, *, before=(), **surroundings):
    """Run code in another process, with words before the command; returns what it printed."""
    head = "from pathlib import Path\nfrom opinovi.postgres import EmbeddedPostgres, PostgresError\n"
    head += f"server = EmbeddedPostgres(Path({str(folder)!r}), durable=False)\n"
    return subprocess.run(
        [*before, sys.executable, "-c", head + textwrap.dedent(code)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
        **surroundings,
    ).stdout.strip()


def test_server_starts_on_an_empty_folder_and_keeps_rows_over_a_stop(server):
    server.start()
    keep_a_row(server)
    server.stop()
    assert not server.is_alive()

    server.start()

    assert rows(server) == [("ovi",)]


def test_server_sorts_by_code_point_and_knows_letter_case_beyond_ascii(server):
    server.start()

    with psycopg.connect(server.url) as connection:
        found = connection.execute("SELECT upper('åäö'), 'Z' < 'a', 'ä' < 'å'").fetchone()

    assert found == ("ÅÄÖ", True, True)


def test_start_and_stop_may_be_repeated(server):
    server.start()
    first = postmaster(server)

    server.start()

    assert postmaster(server) == first
    server.stop()
    server.stop()
    assert not server.is_alive()


def test_stop_on_a_folder_without_a_server_makes_nothing(tmp_path):
    EmbeddedPostgres(tmp_path / "none").stop()

    assert not (tmp_path / "none").exists()


def test_killed_server_starts_again_and_has_lost_nothing(server):
    server.start()
    keep_a_row(server)

    with psycopg.connect(server.url):  # a session that outlives its server for a moment
        os.kill(postmaster(server), signal.SIGKILL)
        server.start()

    assert rows(server) == [("ovi",)]


def test_number_of_a_killed_server_may_belong_to_another_process(server):
    server.start()
    os.kill(postmaster(server), signal.SIGKILL)
    notes = server.cluster / "postmaster.pid"
    stolen = [str(os.getppid()), *notes.read_text().splitlines()[1:]]
    notes.write_text("\n".join(stolen))

    server.start()

    assert server.is_alive()


def test_half_made_folder_is_made_anew(server):
    (server.home / "draft" / "base").mkdir(parents=True)

    server.start()

    assert server.is_alive()


def test_start_from_several_processes_makes_one_server(server):
    code = "server.start(); print((server.cluster / 'postmaster.pid').read_text().split()[0])"

    with ThreadPoolExecutor() as pool:
        said = set(pool.map(lambda _: python(code, server.data_dir), range(3)))

    assert said == {str(postmaster(server))}


@pytest.mark.parametrize("name", ["a b, c", "it's $HOME", "ä" * 70], ids=["comma", "quote", "long"])
def test_folder_may_have_any_name(tmp_path, name):
    server = EmbeddedPostgres(tmp_path / name, durable=False)
    server.start()

    try:
        keep_a_row(server)
        assert rows(server) == [("ovi",)]
    finally:
        server.stop()


def test_only_the_owner_reaches_the_server(server):
    server.start()

    assert server.home.stat().st_mode & 0o077 == 0
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)


def test_address_is_known_before_there_is_a_server(tmp_path):
    url = socket_url(tmp_path / "later")

    assert url.startswith("postgresql://opinovi@/opinovi?host=")
    assert list(tmp_path.iterdir()) == []


def test_folder_of_another_version_is_refused(server):
    server.start()
    server.stop()
    (server.cluster / "PG_VERSION").write_text("19\n")

    with pytest.raises(PostgresError, match="was made by PostgreSQL 19, but PostgreSQL 1"):
        server.start()

    (server.cluster / "PG_VERSION").write_text(f"{find_programs().major}\n")


def test_missing_programs_are_named(server, monkeypatch, tmp_path):
    monkeypatch.setenv("PGBIN", str(tmp_path))

    with pytest.raises(PostgresError, match=r"PGBIN is .*, but there is no PostgreSQL 15–18 in it"):
        server.start()


def test_programs_of_pgbin_come_first(monkeypatch, tmp_path):
    linked = tmp_path / "bin"
    linked.symlink_to(find_programs().folder)

    monkeypatch.setenv("PGBIN", str(linked))

    assert find_programs().folder == linked


def test_full_disk_is_said_in_one_sentence(tmp_path):
    said = python(
        """
        try:
            server.start()
        except PostgresError as error:
            print(error)
        """,
        tmp_path / "full",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4_000_000, 4_000_000)),
    )

    assert said == f"The disk that holds {tmp_path / 'full'} is full: make room and start again."


@pytest.mark.skipif(not IS_ROOT, reason="only root can become somebody else")
def test_server_of_an_ordinary_user(tmp_path):
    somebody = next(person for person in pwd.getpwall() if person.pw_uid not in {0, 65534})
    folder = Path("/tmp") / f"opinovi-test-{os.getpid()}"
    folder.mkdir(mode=0o700)
    os.chown(folder, somebody.pw_uid, somebody.pw_gid)

    try:
        said = python(
            """
            import os
            server.start()
            print(server.is_alive(), server.cluster.stat().st_uid == os.getuid())
            server.stop()
            print(server.is_alive())
            """,
            folder / "data",
            before=[
                *f"setpriv --reuid {somebody.pw_uid} --regid {somebody.pw_gid} --clear-groups".split(),
                *["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"],  # may be root's Python
            ],
        )
    finally:
        shutil.rmtree(folder)

    assert said == "True True\nFalse"
