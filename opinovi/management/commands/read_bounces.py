import mailbox
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from opinovi import actions
from opinovi.bounces import bounced


class Command(BaseCommand):
    """Note which letters came back, so that somebody can call the person.

    Without --maildir one e-mail is read from standard input, as a mail server pipes it. In a Maildir, reports
    about our letters are marked as seen; what else is there, such as a person's answer, is left as it is.
    """

    help = "Read reports of letters that could not be delivered (RFC 3464)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--maildir", type=Path, help="folder of a mailbox (Maildir) to read")

    def handle(self, *, maildir: Path | None, **options: object) -> None:
        count = self._note(sys.stdin.buffer.read()) if maildir is None else self._read(maildir)
        self.stdout.write(f"Letters that came back: {count}.")

    def _read(self, folder: Path) -> int:
        if not (folder / "new").is_dir():
            raise CommandError(f"{folder} is no Maildir.")
        box = mailbox.Maildir(folder, create=False)
        count = 0
        for key in list(box.iterkeys()):
            email = box.get(key)
            if email is None or "S" in email.get_flags() or bounced(box.get_bytes(key)) is None:
                continue
            count += self._note(box.get_bytes(key))
            email.set_subdir("cur")
            email.add_flag("S")
            box[key] = email
        return count

    def _note(self, report: bytes) -> int:
        found = bounced(report)
        return int(found is not None and actions.note_bounce(*found))
