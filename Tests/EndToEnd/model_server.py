"""A provider of texts and pictures for the tests: speaks OpenAI's, Anthropic's and Stability's API on 127.0.0.1.

What goes wrong is chosen by the model that is asked for, who may ask by the key: `sk-good` may. Every request is appended
to FOLDER/requests.jsonl. The port is written to FOLDER/port.
"""

import argparse
import base64
import http.server
import json
import pathlib
import socketserver
import struct
import threading
import time
import zlib

WORDS = """Good food keeps a pet healthy and happy for years. Weigh each meal with a small scale and write it down.
Fresh water must stand ready at all times. Change it every morning and wash the bowl. Small meals suit young animals best.
Ask your vet before you change the diet. A slow change over seven days is easy on the stomach. Watch the weight every week.
Treats count as food. Keep them below a tenth of the day. Store dry food in a closed box. Throw old food away.
Clean hands and clean bowls prevent illness. Talk to your vet when a meal is refused for a whole day."""


def article(title="Feeding Pets Well: What Owners Should Know"):
    return (f"# {title}\n\n{WORDS}\n\n## What to Feed\n\n{WORDS}\n\n- Weigh the food.\n- Change the water.\n\n"
            f"## Frequently Asked Questions\n\n### How often should a pet eat?\n\nAsk your vet; twice a day suits most.\n\n"
            f"## Conclusion\n\n{WORDS}\n")


def picture(width=8, height=8):
    """A grey PNG."""
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))
    rows = b"".join(b"\0" + b"\x80" * width for _ in range(height))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lock = threading.Lock()
    seen = {}
    folder = None

    def log_message(self, *_):
        pass

    def answer(self, status, value, headers=()):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        if not any(name == "Content-Type" for name, _ in headers):
            self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def error(self, status, message, kind="invalid_request_error", code=None, headers=()):
        self.answer(status, {"error": {"message": message, "type": kind, "code": code}}, headers)

    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        raw = self.rfile.read(length)
        is_json = self.headers.get("Content-Type", "").startswith("application/json")
        body = json.loads(raw) if is_json else {"form": raw.decode("latin-1")}
        key = (self.headers.get("x-api-key") or self.headers.get("api-key")
               or (self.headers.get("Authorization") or "").removeprefix("Bearer "))
        with self.lock:
            with open(self.folder / "requests.jsonl", "a") as file:
                file.write(json.dumps({"path": self.path, "key": key, "body": body}) + "\n")
            model = body.get("model") or self.path.partition("/deployments/")[2].partition("/")[0]
            self.seen[model] = self.seen.get(model, 0) + 1
            times = self.seen[model]
        if key != "sk-good":
            return self.error(401, f"Incorrect API key provided: {key}", code="invalid_api_key")
        try:
            if "/images/" in self.path or "stable-image" in self.path:
                return self.image(body)
            self.text(model, times, body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    do_GET = do_POST

    def text(self, model, times, body):
        if model == "hang":
            time.sleep(60)
        if model == "drop":
            self.close_connection = True
            return
        if model == "broken-json":
            return self.answer(200, b"{\"choices\": [")
        if model == "busy":
            return self.error(429, "Slow down", "rate_limit_error", headers=[("Retry-After", "30")])
        if model == "quota":
            return self.error(429, "You exceeded your current quota", "insufficient_quota", "insufficient_quota")
        if model == "error":
            return self.error(500, "Something broke", "server_error")
        if model == "flaky" and times % 2 == 1:
            return self.error(503, "Try again", "server_error")
        if model == "unknown":
            return self.error(404, f"The model does not exist; your key is {self.headers.get('Authorization')}")
        if model == "redirect":
            return self.answer(302, b"", [("Location", "http://127.0.0.1:1/")])
        if model == "huge":
            return self.answer(200, b"x" * (9 << 20))
        text = "no" if model == "refusing" else article()
        anthropic = self.path.endswith("/messages")
        if not body.get("stream"):
            if anthropic:
                return self.answer(200, {"type": "message", "model": model, "stop_reason": "end_turn",
                                         "content": [{"type": "text", "text": text}],
                                         "usage": {"input_tokens": 20, "output_tokens": 10}})
            return self.answer(200, {"model": model, "choices": [{"message": {"content": text}, "finish_reason": "stop"}],
                                     "usage": {"prompt_tokens": 20, "completion_tokens": 10}})
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        pieces = [text[start:start + 40] for start in range(0, len(text), 40)]
        if anthropic:
            self.event({"type": "message_start", "message": {"model": model, "usage": {"input_tokens": 200}}})
        for number, piece in enumerate(pieces):
            if model == "half-stream" and number > len(pieces) // 2:
                return
            if model == "stall" and number > len(pieces) // 2:
                time.sleep(60)
            if model == "slow":
                time.sleep(0.05)
            if anthropic:
                self.event({"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": piece}})
            else:
                self.event({"model": model, "choices": [{"index": 0, "delta": {"content": piece}}]})
        if anthropic:
            self.event({"type": "message_delta", "delta": {"stop_reason": "end_turn"}, "usage": {"output_tokens": 300}})
            self.event({"type": "message_stop"})
        else:
            self.event({"model": model, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
            self.event({"model": model, "choices": [], "usage": {"prompt_tokens": 200, "completion_tokens": 300}})
            self.wfile.write(b"data: [DONE]\n\n")

    def event(self, value):
        self.wfile.write(b"event: x\ndata: " + json.dumps(value).encode() + b"\n\n")
        self.wfile.flush()

    def image(self, body):
        prompt = body.get("prompt") or body.get("form") or ""
        if "trouble" in prompt:
            return self.error(500, "Something broke", "server_error")
        if "forbidden" in prompt:
            return self.error(400, "Your request was rejected by the safety system", code="content_policy_violation")
        data = base64.b64encode(picture()).decode()
        if "stable-image" in self.path:
            return self.answer(200, {"image": data, "finish_reason": "SUCCESS", "seed": 7})
        count = body.get("n", 1) if "form" not in body else 1
        self.answer(200, {"created": 1, "data": [{"b64_json": data, "revised_prompt": "a pet"}] * count})


class UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

    def finish_request(self, request, _):
        self.RequestHandlerClass(request, ("unix", 0), self)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", required=True, type=pathlib.Path)
    parser.add_argument("--socket", type=pathlib.Path, help="listen on this unix socket, not on a port")
    options = parser.parse_args()
    Handler.folder = options.folder
    if options.socket:
        UnixServer(str(options.socket), Handler).serve_forever()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    (options.folder / "port.new").write_text(str(server.server_address[1]))
    (options.folder / "port.new").rename(options.folder / "port")
    server.serve_forever()


if __name__ == "__main__":
    main()
