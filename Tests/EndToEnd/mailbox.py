#!/usr/bin/env python3
"""A mail relay of the tests' own: it takes letters on 127.0.0.1, keeps them, and fails when it is told to.

In pytest it is a `Mailbox`. As a program it serves the Swift tests and puts what comes into a folder:

    mailbox.py --folder FOLDER [--port N] [--certificate PEM] [--implicit-tls] [--require-tls]
               [--user NAME --password WORD] [--fault STEP=refuse:CODE|hang|drop]…

A step is where a fault strikes: CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA; BODY, in the middle of the letter;
MESSAGE, when it has come whole and is not kept yet; REPLY, when it is kept and the relay has not said so; QUIT.
"""

import argparse
import base64
import collections
import dataclasses
import email
import email.policy
import json
import os
import pathlib
import re
import socket
import socketserver
import ssl
import threading
import time

STEPS = ("CONNECT", "EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "BODY", "MESSAGE", "REPLY", "QUIT")
# RFC 5321 section 4.5.3.1.6, without the line's end.
LINE_LIMIT = 998


@dataclasses.dataclass
class Fault:
    step: str
    kind: str  # refuse, hang, drop
    code: int = 0
    words: str = ""
    to: str | None = None
    times: int | None = None


@dataclasses.dataclass
class Delivery:
    """A letter with its envelope."""
    sender: str
    recipients: list
    raw: bytes
    message: email.message.EmailMessage
    tls: bool
    user: str | None
    at: float
    faults: list  # what is wrong with its form


class Dropped(Exception):
    """The conversation ends here."""


class Mailbox:
    """An SMTP server in a thread. Letters stay until `clear()`."""

    def __init__(self, port=0, certificate=None, implicit_tls=False, require_tls=False, user=None, password=None,
                 keep=None):
        """`certificate`: a PEM file with certificate and key; with it STARTTLS is offered. `user`, `password`: AUTH is
        then asked for. `keep`: called with each delivery."""
        self.require_tls, self.implicit_tls, self.user, self.password = require_tls, implicit_tls, user, password
        self.context = None
        if certificate:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(certificate)
        self.deliveries, self.connections, self.commands = [], 0, []
        self._keep = keep or (lambda delivery: None)
        self._faults, self._open = [], set()
        self._changed = threading.Condition()
        self._released = threading.Event()
        self.port = port
        self._server = None
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    @property
    def url(self):
        return f"{'smtps' if self.implicit_tls else 'smtp'}://127.0.0.1:{self.port}"

    # Running and failing

    def start(self):
        """Listens; also again after `stop()`, on the same port."""
        if self._server is None:
            self._released = threading.Event()
            mailbox = self

            class Server(socketserver.ThreadingTCPServer):
                allow_reuse_address = True
                daemon_threads = True
                block_on_close = False

                def handle_error(self, request, address):
                    # A client that went away is no news.
                    pass

                def finish_request(self, request, address):
                    Conversation(mailbox, request).run()

            self._server = Server(("127.0.0.1", self.port), None)
            self.port = self._server.server_address[1]
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        """Refuses connections, and ends those that are open."""
        if self._server is not None:
            self._released.set()
            self._server.shutdown()
            self._server.server_close()
            self._server = None
            with self._changed:
                for connection in self._open:
                    try:
                        connection.shutdown(socket.SHUT_RDWR)
                    except OSError:
                        pass

    def refuse(self, step="RCPT", code=550, words=None, to=None, times=None):
        """Answers a step with `code`: from RCPT on only for recipients that contain `to`, if given; `times` times."""
        words = words or ("5.1.1 No such mailbox" if code >= 500 else "4.3.2 Try again later")
        self._add(Fault(step, "refuse", code, words, to, times))

    def hang(self, step="DATA", to=None, times=None):
        """Says nothing at a step until `behave()` or `stop()`, then drops the connection."""
        self._add(Fault(step, "hang", to=to, times=times))

    def drop(self, step="DATA", to=None, times=None):
        """Closes the connection at a step. At REPLY the letter is kept, and its sender does not learn so."""
        self._add(Fault(step, "drop", to=to, times=times))

    def _add(self, fault):
        assert fault.step in STEPS, fault.step
        assert fault.to is None or STEPS.index(fault.step) >= STEPS.index("RCPT"), "no recipient is known so early"
        with self._changed:
            self._faults.append(fault)

    def behave(self):
        """No faults from here on."""
        with self._changed:
            self._faults.clear()
            self._released.set()
            self._released = threading.Event()

    def fault_at(self, step, recipients):
        with self._changed:
            for fault in self._faults:
                if fault.step == step and fault.times != 0 and (
                        fault.to is None or any(fault.to in address for address in recipients)):
                    if fault.times is not None:
                        fault.times -= 1
                    return fault, self._released
        return None, None

    # Looking into it

    def letters(self, to=None, subject_part=None):
        """Messages so far, oldest first."""
        with self._changed:
            return [delivery.message for delivery in self.deliveries
                    if (to is None or to.lower() in [address.lower() for address in delivery.recipients])
                    and (subject_part is None or subject_part.lower() in str(delivery.message["Subject"]).lower())]

    def wait(self, to, subject_part=None, timeout=10, count=1):
        """The newest message to an address whose subject contains a text, as soon as there are `count` such."""
        deadline = time.monotonic() + timeout
        while True:
            found = self.letters(to, subject_part)
            if len(found) >= count:
                return found[-1]
            with self._changed:
                if not self._changed.wait(min(0.2, max(0, deadline - time.monotonic()))) \
                        and time.monotonic() >= deadline:
                    raise AssertionError(
                        f"{len(found)} of {count} letters to {to} about {subject_part!r} after {timeout} s; there are: "
                        + "; ".join(f"{d.recipients}: {d.message['Subject']}" for d in self.deliveries[-10:]))

    def none(self, to, subject_part=None, within=1.0):
        """Whether no such message is there or comes within some seconds."""
        time.sleep(within)
        return not self.letters(to, subject_part)

    def clear(self):
        with self._changed:
            self.deliveries.clear()

    @staticmethod
    def text(message):
        """The plain text, with line feeds."""
        return message.get_body(("plain",)).get_content().replace("\r\n", "\n")

    @staticmethod
    def html(message):
        return message.get_body(("html",)).get_content().replace("\r\n", "\n")

    @classmethod
    def token(cls, message):
        """The code in a letter, the same in both of its parts."""
        found = [re.search(r"#token=([A-Za-z0-9_.~-]+)", part(message)) for part in (cls.text, cls.html)]
        assert all(found) and found[0][1] == found[1][1], cls.text(message)
        return found[0][1]

    def counts(self):
        """How often each Message-ID came."""
        with self._changed:
            return collections.Counter(str(delivery.message["Message-ID"]) for delivery in self.deliveries)

    # For conversations

    def add(self, delivery):
        with self._changed:
            self.deliveries.append(delivery)
            self._keep(delivery)
            self._changed.notify_all()

    def note(self, connection, is_open):
        with self._changed:
            (self._open.add if is_open else self._open.discard)(connection)
            self.connections += is_open


class Conversation:
    """One connection (RFC 5321)."""

    def __init__(self, mailbox, connection):
        self.mailbox, self.connection = mailbox, connection
        self.tls, self.user = False, None
        self.reset()

    def reset(self):
        self.sender, self.recipients = None, []

    def run(self):
        self.connection.settimeout(60)
        self.mailbox.note(self.connection, True)
        raw = self.connection
        try:
            if self.mailbox.implicit_tls:
                self.begin_tls()
            self.reader = self.connection.makefile("rb")
            if self.strike("CONNECT"):
                return
            self.say(220, "mailbox.test ESMTP")
            while self.step():
                pass
        except (Dropped, OSError, ssl.SSLError):
            pass
        finally:
            self.mailbox.note(raw, False)
            # Tells the other side at once, whoever else still holds the descriptor.
            try:
                self.connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            self.connection.close()

    def begin_tls(self):
        self.connection = self.mailbox.context.wrap_socket(self.connection, server_side=True)
        self.reader, self.tls = self.connection.makefile("rb"), True

    def say(self, code, *lines):
        text = "".join(f"{code}{'-' if at < len(lines) - 1 else ' '}{line}\r\n" for at, line in enumerate(lines))
        self.connection.sendall(text.encode())

    def line(self):
        line = self.reader.readline(65536)
        if not line.endswith(b"\n"):
            raise Dropped
        return line

    def strike(self, step):
        """Does what a fault asks for; whether it has refused."""
        fault, released = self.mailbox.fault_at(step, self.recipients)
        if fault is None:
            return False
        if fault.kind == "refuse":
            self.say(fault.code, *fault.words.split("\n"))
            return True
        if fault.kind == "hang":
            released.wait(60)
        raise Dropped

    def step(self):
        line = self.line().decode("utf-8", "surrogateescape").rstrip("\r\n")
        self.mailbox.commands.append(line)
        verb, _, rest = line.partition(" ")
        action = getattr(self, "do_" + verb.lower(), None)
        if action is None:
            self.say(502, "5.5.1 Not known here")
            return True
        return action(rest) is not False

    def do_ehlo(self, name):
        if self.strike("EHLO"):
            return
        offers = ["8BITMIME", "SIZE 1000000"]
        if self.mailbox.context and not self.tls:
            offers.append("STARTTLS")
        if self.mailbox.user is not None and (self.tls or not self.mailbox.require_tls):
            offers.append("AUTH PLAIN LOGIN")
        self.say(250, "mailbox.test", *offers)

    def do_helo(self, name):
        if not self.strike("EHLO"):
            self.say(250, "mailbox.test")

    def do_starttls(self, _):
        if self.strike("STARTTLS"):
            return
        if not self.mailbox.context or self.tls:
            return self.say(502, "5.5.1 Not offered")
        self.say(220, "2.0.0 Go ahead")
        self.reset()
        self.begin_tls()

    def do_auth(self, rest):
        if self.strike("AUTH"):
            return
        if self.mailbox.user is None:
            return self.say(502, "5.5.1 Not offered")
        mechanism, _, first = rest.partition(" ")
        if mechanism.upper() == "PLAIN":
            name, word = base64.b64decode(first or self.ask("")).decode().split("\0")[1:]
        else:
            name = base64.b64decode(first or self.ask("Username:")).decode()
            word = base64.b64decode(self.ask("Password:")).decode()
        if (name, word) == (self.mailbox.user, self.mailbox.password):
            self.user = name
            self.say(235, "2.7.0 Welcome")
        else:
            # As careless a server as there may be.
            self.say(535, f"5.7.8 Wrong: {name} {word}")

    def ask(self, words):
        self.say(334, base64.b64encode(words.encode()).decode())
        return self.line().decode().strip()

    def do_mail(self, rest):
        if self.strike("MAIL"):
            return
        found = re.fullmatch(r"FROM:<([^<>\s]*)>(?: .*)?", rest, re.IGNORECASE)
        if self.mailbox.require_tls and not self.tls:
            self.say(530, "5.7.0 Must issue a STARTTLS command first")
        elif self.mailbox.user is not None and self.user is None:
            self.say(530, "5.7.0 Authentication required")
        elif not found:
            self.say(501, "5.1.7 Bad sender")
        else:
            self.reset()
            self.sender = found[1]
            self.say(250, "2.1.0 Fine")

    def do_rcpt(self, rest):
        found = re.fullmatch(r"TO:<([^<>\s]+)>(?: .*)?", rest, re.IGNORECASE)
        if self.sender is None:
            return self.say(503, "5.5.1 MAIL first")
        if not found:
            return self.say(501, "5.1.3 Bad recipient")
        self.recipients.append(found[1])
        if self.strike("RCPT"):
            self.recipients.pop()
        else:
            self.say(250, "2.1.5 Fine")

    def do_data(self, _):
        if not self.recipients:
            return self.say(503, "5.5.1 RCPT first")
        if self.strike("DATA"):
            return
        self.say(354, "Go on, end with a dot")
        lines, faults = [], set()
        while (line := self.line()) != b".\r\n":
            if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
                faults.add("a line break that is not CR LF")
            if len(line) > LINE_LIMIT + 2:
                faults.add(f"a line of {len(line)} bytes")
            if any(byte > 126 for byte in line):
                faults.add("a byte beyond ASCII")
            # RFC 5321 section 4.5.2.
            lines.append(line[1:] if line.startswith(b".") else line)
            if len(lines) == 3:
                self.strike("BODY")
        if self.strike("MESSAGE"):
            return self.reset()
        raw = b"".join(lines)
        message = email.message_from_bytes(raw, policy=email.policy.default)
        faults |= {str(defect) for part in message.walk() for defect in part.defects}
        self.mailbox.add(Delivery(
            self.sender, list(self.recipients), raw, message, self.tls, self.user, time.time(), sorted(faults)))
        if not self.strike("REPLY"):
            self.say(250, "2.0.0 Kept")
        self.reset()

    def do_rset(self, _):
        self.reset()
        self.say(250, "2.0.0 Forgotten")

    def do_noop(self, _):
        self.say(250, "2.0.0 Fine")

    def do_quit(self, _):
        if not self.strike("QUIT"):
            self.say(221, "2.0.0 Goodbye")
        return False


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--folder", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--certificate")
    parser.add_argument("--implicit-tls", action="store_true")
    parser.add_argument("--require-tls", action="store_true")
    parser.add_argument("--user")
    parser.add_argument("--password")
    parser.add_argument("--fault", action="append", default=[])
    options = parser.parse_args()
    folder = pathlib.Path(options.folder)

    def keep(delivery):
        place = folder / f"letter-{len(mailbox.deliveries)}.json"
        # A reader sees it whole or not at all.
        place.with_suffix(".new").write_text(json.dumps({
            "sender": delivery.sender, "recipients": delivery.recipients, "raw": delivery.raw.decode(),
            "subject": str(delivery.message["Subject"]), "from": str(delivery.message["From"]),
            "headers": [[name, str(value)] for name, value in delivery.message.items()],
            "text": Mailbox.text(delivery.message), "html": Mailbox.html(delivery.message),
            "tls": delivery.tls, "user": delivery.user, "faults": delivery.faults}))
        os.rename(place.with_suffix(".new"), place)

    mailbox = Mailbox(options.port, options.certificate, options.implicit_tls, options.require_tls, options.user,
                      options.password, keep)
    for fault in options.fault:
        step, _, kind = fault.partition("=")
        kind, _, code = kind.partition(":")
        mailbox._add(Fault(step, kind, int(code or 0), "said on purpose"))
    (folder / "port.new").write_text(str(mailbox.port))
    os.rename(folder / "port.new", folder / "port")
    threading.Event().wait()


if __name__ == "__main__":
    main()
