"""petstore watch and the mail relay: nothing lost, nothing doubled but what a kill between the relay's word and our note
must double, and that under the same Message-ID. With a database and a watch of the test's own."""

import os
import random
import signal
import subprocess
import time
import uuid

import psycopg
import pytest

from mailbox import Mailbox
from stack import eventually


class Post:
    """A database with nothing but letters in it, and a petstore watch that sends them to a mailbox."""

    def __init__(self, stack, mailbox, folder):
        self.stack, self.mailbox, self.folder = stack, mailbox, folder
        self.name = f"mail_{uuid.uuid4().hex[:8]}"
        with psycopg.connect(stack["PG_ADMIN_DSN"], autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {self.name} OWNER petstore_owner TEMPLATE template0")
        self.environment = {
            **os.environ, "PG_DSN": self.dsn("PG_DSN"), "PG_OWNER_DSN": self.dsn("PG_OWNER_DSN"),
            "SMTP_URL": mailbox.url, "SMTP_SECURITY": "none", "MAIL_DIRECTORY": "", "MAIL_FROM": "post@pets.example",
            "SPOOL_DIRECTORY": str(folder)}
        subprocess.run([stack["PETSTORE_EXECUTABLE"], "migrate", "--config", stack["PETSTORE_CONFIG"]],
                       env=self.environment, check=True, capture_output=True)
        self.watch = None
        self.log = (folder / "watch.log").open("a")

    def dsn(self, which):
        return self.stack[which].replace("dbname=petstore", f"dbname={self.name}")

    def sql(self, query, *parameters):
        with psycopg.connect(self.dsn("PG_ADMIN_DSN")) as connection:
            cursor = connection.execute(query, parameters)
            return cursor.fetchall() if cursor.description else []

    def ask(self, count):
        """Letters to people without account: notices, which need none."""
        recipients = [f"reader-{number}@pets.example" for number in range(count)]
        for recipient in recipients:
            self.sql("INSERT INTO letters (id, kind, recipient) VALUES (%s, 'email_in_use', %s)", uuid.uuid4(), recipient)
        return recipients

    def start(self):
        self.watch = subprocess.Popen(
            [self.stack["PETSTORE_EXECUTABLE"], "watch", "--config", self.stack["PETSTORE_CONFIG"]],
            env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.log)

    def kill(self):
        self.watch.send_signal(signal.SIGKILL)
        self.watch.wait(10)

    def close(self):
        if self.watch and self.watch.poll() is None:
            self.watch.terminate()
            assert self.watch.wait(40) == 0
        self.log.close()
        with psycopg.connect(self.stack["PG_ADMIN_DSN"], autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {self.name} WITH (FORCE)")

    def waiting(self):
        return self.sql("SELECT count(*) FROM letters WHERE done_at IS NULL AND failed_at IS NULL")[0][0]


@pytest.fixture
def mailbox():
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def post(stack, mailbox, tmp_path):
    post = Post(stack, mailbox, tmp_path)
    yield post
    post.close()


def test_a_watch_that_is_killed_again_and_again_loses_no_letter_and_doubles_none(stack, tmp_path):
    # A relay that takes its time, so that a fast machine does not finish between two kills.
    with Mailbox(keep=lambda _: time.sleep(0.02)) as mailbox:
        post = Post(stack, mailbox, tmp_path)
        try:
            check_a_killed_watch(post, mailbox)
        finally:
            post.close()


def check_a_killed_watch(post, mailbox):
    recipients = post.ask(300)
    dice = random.Random(11)
    kills = 0
    deadline = time.time() + 60
    post.start()
    while post.waiting() and time.time() < deadline:
        if kills < 12:
            # A kill is one in the midst of the work: some letters of this watch are with the relay already.
            arrived = len(mailbox.letters())
            eventually(lambda: len(mailbox.letters()) > arrived or not post.waiting(), what="a letter more")
            time.sleep(dice.uniform(0, 0.1))
            post.kill()
            kills += 1
            post.start()
        else:
            time.sleep(0.1)
    assert post.waiting() == 0 and kills >= 8
    counts = mailbox.counts()
    assert {str(message["To"]) for message in mailbox.letters()} == set(recipients)
    # One a letter, whoever sent it; a kill between the relay's word and the note of it may repeat that one letter.
    assert len(counts) == len(recipients)
    repeated = [count for count in counts.values() if count > 1]
    assert len(repeated) <= kills and all(count <= 3 for count in repeated), repeated


def test_a_relay_that_is_away_is_asked_again(post, mailbox):
    [recipient] = post.ask(1)
    mailbox.stop()
    post.start()
    eventually(lambda: post.sql("SELECT attempts FROM letters")[0][0] == 1, what="an attempt")
    mailbox.start()
    post.sql("UPDATE letters SET not_before = now()")
    message = mailbox.wait(recipient)
    assert message["Auto-Submitted"] == "auto-generated" and str(message["From"]) == "post@pets.example"
    eventually(lambda: post.waiting() == 0, what="the note that it was sent")


def test_a_refusal_for_good_ends_a_letter_and_delays_no_other(post, mailbox):
    first, second = post.ask(2)
    mailbox.refuse("RCPT", 550, to=first)
    post.start()
    mailbox.wait(second)
    eventually(lambda: post.waiting() == 0, what="both to be over")
    [(attempts, error)] = post.sql("SELECT attempts, last_error FROM letters WHERE failed_at IS NOT NULL")
    assert attempts == 1 and "550" in error
    assert not mailbox.letters(first)


def test_a_relay_that_hangs_holds_up_letters_alone(post, mailbox):
    """The watch goes on with its other work, and ends in order when it is told to."""
    post.ask(1)
    mailbox.hang("DATA")
    post.start()
    eventually(lambda: mailbox.connections, what="a conversation")
    post.sql("INSERT INTO epoch_changes (user_id, epoch) VALUES (gen_random_uuid(), 7)")
    eventually(lambda: not post.sql("SELECT 1 FROM epoch_changes"), seconds=3, what="the epoch to be told")


def test_a_broken_conversation_leaves_the_letter_to_be_sent_again(post, mailbox):
    [recipient] = post.ask(1)
    mailbox.drop("BODY", times=1)
    post.start()
    eventually(lambda: post.sql("SELECT attempts FROM letters")[0][0] == 1, what="an attempt")
    assert not mailbox.letters(recipient)
    post.sql("UPDATE letters SET not_before = now()")
    mailbox.wait(recipient)
    assert set(mailbox.counts().values()) == {1}
