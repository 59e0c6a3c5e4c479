"""FastCGI straight to a worker's socket, well formed or not."""

import re
import socket
import struct

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT, STDERR, GET_VALUES = 1, 2, 3, 4, 5, 6, 7, 9


def record(kind, content=b"", request=1, version=1, padding=0, length=None):
    length = len(content) if length is None else length
    return struct.pack("!BBHHBB", version, kind, request, length, padding, 0) + content + bytes(padding)


def size(number):
    return struct.pack("!B", number) if number < 128 else struct.pack("!I", number | 0x80000000)


def pair(name, value):
    name, value = name.encode(), value.encode() if isinstance(value, str) else value
    return size(len(name)) + size(len(value)) + name + value


def begin(keep=0):
    return record(BEGIN, struct.pack("!HB5x", 1, keep))


def request_bytes(method, target, headers=(), body=b"", address="127.0.0.1", request_id="fastcgi-test", keep=0):
    parameters = {
        "REQUEST_METHOD": method, "REQUEST_URI": target, "SERVER_PROTOCOL": "HTTP/1.1",
        "CONTENT_LENGTH": str(len(body)) if body else "", "REMOTE_ADDR": address, "REQUEST_ID": request_id,
        "CONTENT_TYPE": "application/json" if body else ""}
    for name, value in dict(headers).items():
        parameters["HTTP_" + name.upper().replace("-", "_")] = value
    content = b"".join(pair(name, value) for name, value in parameters.items())
    out = begin(keep)
    for at in range(0, len(content), 60000):
        out += record(PARAMS, content[at:at + 60000])
    out += record(PARAMS)
    for at in range(0, len(body), 60000):
        out += record(STDIN, body[at:at + 60000])
    return out + record(STDIN)


def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        piece = connection.recv(count - len(data))
        if not piece:
            raise EOFError("the worker closed the connection")
        data += piece
    return data


def read_response(connection):
    """Status, headers with lower-case names, body."""
    out = b""
    while True:
        _, kind, _, length, padding, _ = struct.unpack("!BBHHBB", read_exactly(connection, 8))
        content = read_exactly(connection, length)
        read_exactly(connection, padding)
        if kind == STDOUT:
            out += content
        elif kind == END:
            break
    head, _, body = out.partition(b"\r\n\r\n")
    headers = {}
    for line in head.decode().split("\r\n"):
        name, _, value = line.partition(": ")
        headers[name.lower()] = value
    status = int(re.match(r"\d+", headers.pop("status")).group())
    return status, headers, body


def call(path, method, target, headers=(), body=b"", timeout=20, **more):
    """One request over a connection of its own."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(timeout)
        connection.connect(path)
        connection.sendall(request_bytes(method, target, headers, body, **more))
        return read_response(connection)
