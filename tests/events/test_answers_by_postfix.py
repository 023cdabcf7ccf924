"""From a calendar to the organiser's screen through a real mail server: Postfix, on
loopback, hands what comes to the organiser's address to `manage.py receive_mail`."""

import os
import shutil
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest
from django.conf import settings
from django.db import connection

from tests.factories import a_registration, a_session
from tests.mail import entry
from tests.replies import ADA, a_file, a_mail
from tests.together import url_of

HOST = "127.0.0.1"
USER = "nobody"
SECONDS = 60

MAIN = """
compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
maillog_file = {home}/log
maillog_file_prefixes = {home}
inet_interfaces = {host}
inet_protocols = ipv4
mynetworks = {host}/32
mydestination = placa.example
local_recipient_maps =
alias_database =
alias_maps = texthash:{home}/aliases
default_privs = {user}
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
disable_dns_lookups = yes
queue_run_delay = 1s
minimal_backoff_time = 1s
"""
MASTER = """
{host}:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
local unix - n n - - local
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
# Postfix runs no command as root, and its user may perhaps not read this checkout: the
# test runs the command, and the pipe ends as that ended.
RECEIVE = """#!/bin/sh
umask 022
mail={home}/pipe/$$
cat > $mail.part && mv $mail.part $mail.mail
while [ ! -f $mail.code ]; do sleep 0.1; done
exit $(cat $mail.code)
"""
NOWHERE = "postgres://nobody@127.0.0.1:9/nothing"


def _can_start() -> bool:
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return root and shutil.which("postfix", path="/usr/sbin:/usr/bin") is not None


pytestmark = [
    pytest.mark.readers,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        not _can_start(), reason="Postfix is not installed, or this is not root"
    ),
]


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that Postfix and its users may enter."""
    folder = Path(mkdtemp(prefix="postfix-"))
    folder.chmod(0o755)
    for name, owner in (("queue", "root"), ("data", "postfix"), ("pipe", USER)):
        (folder / name).mkdir()
        shutil.chown(folder / name, owner)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def postfix(home: Path) -> Iterator["Postfix"]:
    server = Postfix(home)
    server.run("start")
    yield server
    server.run("stop")


class Postfix:
    """A Postfix of this test's own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind((HOST, 0))
            self.port: int = probe.getsockname()[1]
        files = {"main.cf": MAIN, "master.cf": MASTER, "receive": RECEIVE}
        values = {"home": home, "host": HOST, "port": self.port, "user": USER}
        for name, text in files.items():
            (home / name).write_text(text.format(**values))
        (home / "receive").chmod(0o755)
        (home / "aliases").write_text(f'agenda "|{home / "receive"}"\n')

    def run(self, *command: str) -> None:
        told = ["postfix", "-c", str(self.home), *command]
        subprocess.run(told, check=True, capture_output=True, timeout=30)

    def send(self, sender: str, recipient: str, octets: bytes) -> None:
        with smtplib.SMTP(HOST, self.port, timeout=10) as server:
            server.sendmail(sender, [recipient], octets)

    def hand_over(self, database: str) -> int:
        """Wait for the next mail in the pipe, have the site at `database` receive it,
        and end the pipe as that ended."""
        mail = self._next("*.mail")
        ended = subprocess.run(
            [sys.executable, "manage.py", "receive_mail"],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "cms.settings.test",
                "DATABASE_URL": database,
            },
            input=mail.read_bytes(),
            capture_output=True,
            timeout=60,
        )
        mail.unlink()
        written = mail.with_suffix(".part")
        written.write_text(str(ended.returncode))
        written.rename(mail.with_suffix(".code"))
        return ended.returncode

    def _next(self, pattern: str) -> Path:
        late = time.monotonic() + SECONDS
        while time.monotonic() < late:
            if found := next((self.home / "pipe").glob(pattern), None):
                return found
            time.sleep(0.1)
        raise TimeoutError((self.home / "log").read_text())


def test_an_answer_goes_from_the_calendar_to_the_organiser(smtp_server, work, postfix):
    registration = a_registration(a_session(), ADA)
    work()
    [mail] = smtp_server.mails_to(ADA)
    _method, event = entry(mail)
    organizer = event["ORGANIZER"].removeprefix("mailto:")

    postfix.send(ADA, organizer, a_mail(a_file(event["UID"])).as_bytes())
    # Nothing is lost while the database is away: Postfix keeps it, and comes again.
    assert postfix.hand_over(NOWHERE) == os.EX_TEMPFAIL
    assert postfix.hand_over(url_of(connection.settings_dict["NAME"])) == os.EX_OK

    assert registration.invitations.get().rsvp == "declined"
