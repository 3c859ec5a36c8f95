"""`python -m tests.open_data VALIDATOR`: the open data of a running demo, judged by a program from outside.

The program is given the portal's address and says by its exit status whether all was well.
"""

import socket
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 180  # seconds until a new demo must answer
PAUSE = 0.5  # seconds between two looks


def main(validator: str) -> int:
    """Start a demo of its own, run the program over it, stop the demo; returns the program's exit status."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    words = [*("manage.py", "demo", "--port", str(port)), "--password", "only-to-measure-9"]
    with TemporaryDirectory(prefix="opinovi-") as folder:
        demo = subprocess.Popen(
            [sys.executable, *words, "--data", folder], cwd=PROJECT, stdout=subprocess.DEVNULL
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _await_answer(demo, f"{address}/api/hsds/")
            return subprocess.run([sys.executable, validator, address], check=False).returncode
        finally:
            demo.terminate()
            demo.wait(timeout=60)


def _await_answer(demo: subprocess.Popen, url: str) -> None:
    """Wait until the demo answers. Raises SystemExit when it ended, or took too long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and demo.poll() is None:
        try:
            urlopen(url, timeout=10).close()
        except URLError:
            time.sleep(PAUSE)
        else:
            return
    raise SystemExit("The demo did not start.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
