"""Stands between the workers and Redis and changes some of the bytes that come down: what a broken memory, cable or
proxy would do. The socket's own name leads to it while it is there."""

import contextlib
import os
import random
import socket
import threading

import redis


class Garbler:
    def __init__(self, path, share, seed=4):
        self.path, self.real, self.share = path, f"{path}.real", share
        self.dice = random.Random(seed)
        self.passed = self.changed = 0
        self.lock, self.sockets = threading.Lock(), []

    def __enter__(self):
        os.rename(self.path, self.real)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        os.chmod(self.path, 0o777)
        self.listener.listen(128)
        threading.Thread(target=self.accept, daemon=True).start()
        self.part()
        return self

    def __exit__(self, *_):
        os.rename(self.real, self.path)
        self.listener.close()
        for end in self.sockets:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def part(self):
        """Ends the connections that lead to Redis without coming by here."""
        redis.Redis(unix_socket_path=self.real).execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")

    def accept(self):
        with contextlib.suppress(OSError):
            while True:
                below, _ = self.listener.accept()
                above = socket.socket(socket.AF_UNIX)
                above.connect(self.real)
                self.sockets += [below, above]
                for source, target, change in ((below, above, bytes), (above, below, self.garbled)):
                    threading.Thread(target=self.pump, args=(source, target, change), daemon=True).start()

    def pump(self, source, target, change):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                target.sendall(change(piece))
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def garbled(self, piece):
        with self.lock:
            changed = bytearray(piece)
            for index in range(len(changed)):
                if self.dice.random() < self.share:
                    changed[index] ^= self.dice.randrange(1, 256)
                    self.changed += 1
            self.passed += len(changed)
            return bytes(changed)
