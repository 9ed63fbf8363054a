"""Whom notices go to in the checks: Postfix and Dovecot on loopback, and an HTTP stand-in for an SMS gateway and for the software of practices."""

import base64
import email
import email.policy
import hashlib
import hmac
import http.server
import json
import pathlib
import random
import socket
import subprocess
import sys
import threading
import time

from _relais import ROOT

PEERS = ROOT / "Tests" / "NotificationChannelsTests" / "Peers"


class MailPeer:
    """Postfix and Dovecot, as the tests of the channels start them."""

    def __init__(self):
        self.process = subprocess.Popen(
            [sys.executable, "-B", str(PEERS / "mail_peer.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        )
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("Postfix and Dovecot did not start")
        facts = json.loads(line)
        self.folder, self.ports = pathlib.Path(facts["folder"]), facts["ports"]

    def certificate(self, name):
        return str(self.folder / "certificates" / name)

    def mails(self, user):
        """What arrived for a user, parsed."""
        found = []
        for part in ("new", "cur"):
            for path in sorted((self.folder / "mail" / user / part).glob("*")):
                found.append(email.message_from_bytes(path.read_bytes(), policy=email.policy.default))
        return found

    def close(self):
        self.process.stdin.close()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


class Gateway:
    """POST /sms and /hook/<who>. `mode` says how it answers from now on; what it took (answered 2xx) is in `taken`, all in `seen`."""

    def __init__(self, seed=1):
        self.mode = {}
        self.seen = []
        self.taken = []
        self.chance = random.Random(seed)
        self.lock = threading.Lock()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1
            disable_nagle_algorithm = True

            def log_message(self, *_):
                pass

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                headers = {name.lower(): value for name, value in self.headers.items()}
                outer.answer(self, body, headers)

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, *_):
                pass  # a server that is killed leaves connections half-way

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, handler, body, headers):
        kind = handler.path.split("/")[1]
        request = {
            "path": handler.path,
            "kind": kind,
            "id": headers.get("webhook-id") or headers.get("idempotency-key"),
            "headers": headers,
            "body": body,
            "at": time.monotonic(),
        }
        mode = self.mode.get(handler.path) or self.mode.get(kind, "ok")
        if mode == "chaos":
            mode = self.chance.choice(["ok"] * 6 + ["500", "half", "slow", "took and died"])
        with self.lock:
            self.seen.append(request)
        if mode == "hang":
            time.sleep(120)
            return
        if mode == "slow":
            time.sleep(0.5)
        if mode == "half":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")
            handler.wfile.flush()
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        if mode == "took and died":
            # It has the message, and nobody learns that.
            with self.lock:
                self.taken.append(request)
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        status = int(mode) if mode.isdigit() else 200
        if status < 300:
            with self.lock:
                self.taken.append(request)
        answer = b'{"id": "gateway-7"}'
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)
        handler.wfile.flush()

    def ids(self, kind):
        with self.lock:
            return [request["id"] for request in self.taken if request["kind"] == kind]

    def close(self):
        self.server.shutdown()


def is_signed(request, secret):
    """Standard Webhooks 1.0.0, reckoned here from its text."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    headers = request["headers"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + request["body"]
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    return expected in headers["webhook-signature"].split(" ")
