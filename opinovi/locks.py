"""Locks on files: held until the process that took one is gone, and every process it handed the lock to."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


@contextlib.contextmanager
def lock(path: Path) -> Iterator[int]:
    """Hold the lock of a file, waiting for others to leave it. Yields the file's descriptor."""
    with _opened(path) as descriptor:
        _take(descriptor, wait=True)
        yield descriptor


@contextlib.contextmanager
def try_lock(path: Path) -> Iterator[int | None]:
    """Hold the lock of a file, or yield None at once when somebody has it."""
    with _opened(path) as descriptor:
        try:
            _take(descriptor, wait=False)
        except OSError:
            yield None
        else:
            yield descriptor


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[int]:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield descriptor
    finally:
        os.close(descriptor)  # not unlocked: a process that was handed the descriptor still has the lock


def _take(descriptor: int, *, wait: bool) -> None:
    if sys.platform == "win32":
        msvcrt.locking(descriptor, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(descriptor, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
