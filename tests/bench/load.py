"""Asks a web server as fast as it answers: one process for each kept-alive connection, no library between.

Started as a program of its own, without Django: reads what to ask as JSON from standard input, and writes
what came of it to standard output. On two cores the asking must not cost more than the answering.
"""

import base64
import json
import os
import socket
import sys
import time
from typing import Any

LONGEST_WAIT = 30  # seconds for one answer
READY = 0.5  # seconds until every process is connected


def ask_until(address: tuple[str, int], requests: list[bytes], begin: float, end: float) -> list[Any]:
    """Send the requests in turn until the moment `end`; without one, once each from the moment `begin` on.

    Returns [status, seconds, bytes] of each answer that was asked for after `begin`.
    """
    answers = []
    line = socket.create_connection(address, timeout=LONGEST_WAIT)
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if not end:
        time.sleep(max(0.0, begin - time.monotonic()))
    number = 0
    while number < len(requests) or end:
        started = time.monotonic()
        if end and started >= end:
            break
        line.sendall(requests[number % len(requests)])
        status, size, is_kept = read_answer(line)
        if started >= begin:
            answers.append([status, time.monotonic() - started, size])
        if not is_kept:
            line.close()
            line = socket.create_connection(address, timeout=LONGEST_WAIT)
        number += 1
    line.close()
    return answers


def read_answer(line: socket.socket) -> tuple[int, int, bool]:
    """Status and bytes of an answer, and whether the connection stays open."""
    received = line.recv(262144)
    while (head := received.find(b"\r\n\r\n")) < 0:
        if not (more := line.recv(262144)):
            raise ConnectionError("The server hung up before its answer was whole.")
        received += more
    lines = received[:head].lower().split(b"\r\n")
    headers = dict(field.split(b": ", 1) for field in lines[1:] if b": " in field)
    wanted = head + 4 + int(headers.get(b"content-length", b"0"))
    size = len(received)
    while size < wanted:
        if not (more := line.recv(262144)):
            raise ConnectionError("The server hung up before its answer was whole.")
        size += len(more)
    return int(lines[0].split()[1]), size, headers.get(b"connection") != b"close"


def main() -> None:
    task = json.load(sys.stdin)
    address = (task["host"], task["port"])
    requests = [base64.b64decode(request) for request in task["requests"]]
    begin = time.monotonic() + READY + task["warm"]
    end = begin + task["seconds"] if task["seconds"] else 0.0
    pipes = []
    for number in range(task["connections"]):
        reading, writing = os.pipe()
        if os.fork() == 0:
            own = requests if end else requests[number :: task["connections"]]
            answers = ask_until(address, own, begin, end)
            with os.fdopen(writing, "w") as pipe:
                json.dump(answers, pipe)
            os._exit(0)
        os.close(writing)
        pipes.append(reading)
    answers = [answer for pipe in pipes for answer in json.load(os.fdopen(pipe))]
    json.dump({"answers": answers, "seconds": task["seconds"] or time.monotonic() - begin}, sys.stdout)


if __name__ == "__main__":
    main()
