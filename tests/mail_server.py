"""A real mail server that does as a test tells it."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

DROP = "drop"
TAKEN = "250 2.0.0 Taken"


@dataclass
class MailServer:
    """What has come, and what to answer: one answer a letter, the last one for all that follow.

    `to_recipient` is the answer to RCPT, `to_letter` to DATA; DROP ends the connection without one.
    """

    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    to_recipient: list[str] = field(default_factory=lambda: ["250 2.1.5 OK"])
    to_letter: list[str] = field(default_factory=lambda: [TAKEN])
    to_sender: str = ""  # to MAIL; empty: the usual
    refused: set[str] = field(default_factory=set)  # recipients that are unknown here
    hangs_up_after_each: bool = False
    lines: int = 0  # connections so far
    seconds_before_recipient: float = 0.0
    seconds_before_taking: float = 0.0
    seconds_before_goodbye: float = 0.0
    has_come: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    async def handle_MAIL(self, server, session, envelope, address, options):
        if self.to_sender:
            return self.to_sender
        envelope.mail_from = address
        return "250 2.1.0 OK"

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.seconds_before_recipient:
            self.has_come.set()
            await asyncio.sleep(self.seconds_before_recipient)
        if address in self.refused:
            return "550 5.1.1 Unknown"
        answer = _next(self.to_recipient)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        self.has_come.set()
        await asyncio.sleep(self.seconds_before_taking)
        answer = _next(self.to_letter)
        if answer == DROP:
            server.transport.abort()
        elif answer.startswith("250"):
            self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
            self.recipients.append(envelope.rcpt_tos)
            if self.hangs_up_after_each:
                asyncio.get_running_loop().call_later(0.02, server.transport.abort)
        return answer

    async def handle_QUIT(self, server, session, envelope):
        await asyncio.sleep(self.seconds_before_goodbye)
        return "221 Bye"


def _next(answers: list[str]) -> str:
    return answers.pop(0) if len(answers) > 1 else answers[0]


class _Controller(Controller):
    def factory(self):
        self.handler.lines += 1
        return SMTP(self.handler, hostname="mail.example.fi", enable_SMTPUTF8=True)


@contextmanager
def running_mail_server() -> Iterator[MailServer]:
    handler = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        handler.port = probe.getsockname()[1]
    controller = _Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    handler.lines = 0  # it has called itself to see that it answers
    try:
        yield handler
    finally:
        controller.stop()
