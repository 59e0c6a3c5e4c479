"""A small client of PetStore Direct, standard library only: python3 petstore.py TOPIC writes an article and prints its title.
BASE_URL says where; API_KEY, or EMAIL and PASSWORD, who you are; CA_CERT, if need be, whom to trust."""

import json
import os
import random
import ssl
import sys
import threading
import time
import urllib.error
import urllib.request


class Problem(Exception):
    """What the service refused, and why (RFC 9457)."""

    def __init__(self, status, body):
        self.status = status
        self.code = str(body.get("type", "")).replace("#", "/").rsplit("/", 1)[-1]
        self.detail = body.get("detail", "no answer that could be read")
        self.request_id = body.get("request_id")
        self.errors = body.get("errors", [])
        lines = [f"{status} {self.code}: {self.detail} (request {self.request_id})"]
        lines += [f"  {'.'.join(map(str, error['loc']))}: {error['msg']}" for error in self.errors]
        super().__init__("\n".join(lines))


class PetStore:
    TRIES = 5
    LONGEST_WAIT = 90

    def __init__(self, base_url, *, api_key=None, email=None, password=None, ca_file=None):
        self.base_url, self.api_key, self.email, self.password = base_url, api_key, email, password
        self.tls = ssl.create_default_context(cafile=ca_file)
        self.access = self.refresh = None
        self.renewing = threading.Lock()

    def profile(self):
        return self.call("GET", "/auth/profile")

    def write(self, topic, **wishes):
        return self.call("POST", "/blog/generate", {"topic": topic, **wishes}, repeatable=True)

    def call(self, method, path, body=None, repeatable=False):
        """A call with all its tries. repeatable: doing it twice does no harm."""
        if not self.api_key and not self.access:
            self.renew(None)
        renewed, tried = False, 0
        while True:
            credential = self.api_key or self.access
            tried += 1
            wait = 2 ** (tried - 1) * random.uniform(0.5, 1.5)
            try:
                status, fields, answer = self.send(method, path, body, credential)
            except OSError:
                if not (repeatable or method == "GET") or tried == self.TRIES:
                    raise
            else:
                if status < 300:
                    return answer
                problem = Problem(status, answer)
                if status == 401 and problem.code == "invalid_credential" and not self.api_key and not renewed:
                    self.renew(credential)
                    renewed = True
                    continue
                wait = float(fields.get("Retry-After", wait))
                again = status == 429 or status in (502, 503, 504) and (repeatable or method == "GET")
                if not again or tried == self.TRIES or wait > self.LONGEST_WAIT:
                    raise problem
            time.sleep(wait)

    def renew(self, stale):
        """A new pair for the old one, by one thread for all; where that is not taken, a login."""
        with self.renewing:
            if self.access != stale:
                return   # another thread was faster
            status = 401
            if self.refresh:
                status, _, answer = self.send("POST", "/auth/refresh", {"refresh_token": self.refresh})
            if status == 401:
                status, _, answer = self.send("POST", "/auth/login", {"email": self.email, "password": self.password})
            if status != 200:
                raise Problem(status, answer)
            self.access, self.refresh = answer["access_token"], answer["refresh_token"]

    def send(self, method, path, body=None, credential=None):
        """One request: status, fields and what the body holds."""
        request = urllib.request.Request(self.base_url + "/api/v1" + path, method=method)
        if credential:
            request.add_header("Authorization", "Bearer " + credential)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        try:
            with urllib.request.urlopen(request, timeout=100, context=self.tls) as answer:
                status, fields, text = answer.status, answer.headers, answer.read()
        except urllib.error.HTTPError as refusal:
            status, fields, text = refusal.code, refusal.headers, refusal.read()
        try:
            return status, fields, json.loads(text) if text else {}
        except ValueError:
            return status, fields, {}


if __name__ == "__main__":
    client = PetStore(os.environ["BASE_URL"], api_key=os.environ.get("API_KEY"), email=os.environ.get("EMAIL"),
                      password=os.environ.get("PASSWORD"), ca_file=os.environ.get("CA_CERT"))
    try:
        print(client.profile()["email"])
        print(client.write(sys.argv[1], length="short")["blog_post"]["title"])
    except Problem as problem:
        sys.exit(str(problem))
