"""The programs the demo runs beside itself: the web server and the job worker.

Each holds the lock of a file for as long as any process of it lives, and the file tells the number of its
process group. So a start finds what a killed demo left behind, and never takes another program for it.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from opinovi.demo.environment import DemoError
from opinovi.locks import try_lock
from opinovi.translations import PROJECT

GRACE = 3.0  # seconds a part may use to finish what it does
LONGEST_LOG = 5_000_000  # bytes


@dataclass
class Part:
    """One program with its log, `<data>/log/<name>.log`."""

    name: str
    command: Sequence[str]
    data: Path
    sockets: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        return self.data / "log" / f"{self.name}.log"

    @property
    def lock(self) -> Path:
        return self.data / "run" / f"{self.name}.lock"

    def start(self) -> None:
        """Start the program. It goes when this process goes, where the system can see to that."""
        self._turn_log()
        with try_lock(self.lock) as held, self.log.open("ab") as log:
            if held is None:
                raise DemoError(f"An old {self.name} process in {self.data} does not stop: end it yourself.")
            self.process = subprocess.Popen(  # noqa: S603  # our own words, no shell
                [*_ends_with_parent(), *self.command],
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                pass_fds=() if sys.platform == "win32" else (held, *self.sockets),
            )
            os.truncate(held, 0)
            os.write(held, str(self.process.pid).encode())

    @property
    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if self.process and not self.has_died:
            self.process.terminate()

    def finish(self, deadline: float) -> None:
        """Wait for the end until `deadline` (monotonic seconds), then kill what is left."""
        if not self.process:
            return
        try:
            self.process.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.process.wait()
        if not self._is_free():
            self._end_group(self.process.pid, deadline)
        self.process = None

    def take_over(self) -> None:
        """End what a killed demo left running."""
        if not self._is_free() and (group := self.lock.read_text()).isdecimal():
            self._end_group(int(group), time.monotonic() + GRACE)

    def _end_group(self, group: int, deadline: float) -> None:
        """Ask a process group to end, and kill what is left of it at `deadline` (monotonic seconds)."""
        _signal_group(group, kill=False)
        while not self._is_free() and time.monotonic() < deadline:
            time.sleep(0.02)
        patience = time.monotonic() + 1
        while not self._is_free() and time.monotonic() < patience:
            _signal_group(group, kill=True)
            time.sleep(0.02)

    def _is_free(self) -> bool:
        with try_lock(self.lock) as held:
            return held is not None

    def _turn_log(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LONGEST_LOG:
            self.log.replace(self.log.with_suffix(".log.1"))


def _ends_with_parent() -> list[str]:
    if sys.platform == "linux" and shutil.which("setpriv"):
        return ["setpriv", "--pdeathsig", "TERM", "--"]
    return []


def _signal_group(group: int, *, kill: bool) -> None:
    """Reach all processes of a group; the group keeps its number until its last one is gone."""
    if sys.platform != "win32":
        try:
            os.killpg(group, signal.SIGKILL if kill else signal.SIGTERM)
        except (ProcessLookupError, PermissionError):
            return
