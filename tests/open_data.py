"""`python -m tests.open_data VALIDATOR`: the open data of a running demo, judged by a program from outside.

The program is given the portal's address and says by its exit status whether all was well.
"""

import socket
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

PROJECT = Path(__file__).resolve().parent.parent


def main(validator: str) -> int:
    """Start a demo of its own, run the program over it, stop the demo; returns the program's exit status.

    Raises SystemExit when the demo does not start.
    """
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    words = [*("manage.py", "demo", "--port", str(port)), "--password", "only-to-measure-9"]
    with TemporaryDirectory(prefix="opinovi-") as folder:
        words += ["--data", folder]
        demo = subprocess.Popen([sys.executable, *words], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        try:
            if not any(line.startswith("ready:") for line in demo.stdout):
                raise SystemExit("The demo did not start.")
            program = [sys.executable, validator, f"http://127.0.0.1:{port}"]
            return subprocess.run(program, check=False).returncode
        finally:
            demo.terminate()
            demo.wait(timeout=60)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
