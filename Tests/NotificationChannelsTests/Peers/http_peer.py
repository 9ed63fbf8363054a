"""An HTTP gateway, push service and webhook endpoint that fails in every way. Standard library only. Ends with its standard input.

POST /<mode>/<token> answers as the mode says; what came is appended to <folder>/<token>.jsonl before the answer, so that a test can
see what arrived and when. Four ports: http, https, https with a certificate for another name, https of an unknown authority.
"""

import http.server
import json
import pathlib
import shutil
import socket
import ssl
import sys
import tempfile
import threading
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import _authority  # noqa: E402
import _lifetime  # noqa: E402

FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="rl-", dir="/tmp"))
LOCK = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body of an answer in two packets would wait for each other (Nagle, delayed acknowledgement).
    wbufsize = -1
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        mode, token = self.path.strip("/").split("/")
        if token != "figures":
            record = {"path": self.path, "headers": {k.lower(): v for k, v in self.headers.items()}, "body": body.decode("utf-8")}
            with LOCK, open(FOLDER / f"{token}.jsonl", "a") as file:
                file.write(json.dumps(record) + "\n")
        word, *rest = mode.split("-")
        getattr(self, "mode_" + word)(*rest)
        self.wfile.flush()

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def leave(self):
        self.close_connection = True
        self.wfile.flush()
        # The TLS layer would say goodbye properly; a peer that dies does not.
        try:
            self.connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def mode_ok(self):
        self.answer(200, b'{"status": "queued", "nested": {"id": "wrong"}, "id": "gateway-7"}')

    def mode_accepted(self):
        self.answer(202)

    def mode_status(self, code, _after=None, seconds=None):
        self.answer(int(code), headers=[("Retry-After", seconds.replace("_", "-"))] if seconds else [])

    def mode_redirect(self):
        self.answer(307, headers=[("Location", f"/ok/{self.path.split('/')[-1]}")])

    def mode_hang(self):
        time.sleep(60)

    def mode_slow(self):
        # Never silent for long, never done.
        for byte in b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x" * 100:
            self.wfile.write(bytes([byte]))
            self.wfile.flush()
            time.sleep(0.2)

    def mode_patient(self):
        time.sleep(0.5)
        self.answer(200)

    def mode_half(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Le")
        self.leave()

    def mode_halfbody(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
        self.leave()

    def mode_close(self):
        self.leave()

    def mode_garbage(self):
        self.wfile.write(b"\x00\x01 220 this is no HTTP\r\n\r\n")
        self.leave()

    def mode_big(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        while True:
            self.wfile.write(b"y" * 65536)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass

    def finish_request(self, request, client_address):
        # The handshake belongs to the connection's thread: one peer that is slow to shake hands must not stop the others.
        if context := getattr(self, "context", None):
            try:
                request = context.wrap_socket(request, server_side=True)
            except (ssl.SSLError, OSError):
                return
        super().finish_request(request, client_address)


def serve(certificate=None):
    server = Server(("127.0.0.1", 0), Handler)
    if certificate:
        server.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.context.load_cert_chain(FOLDER / f"certificates/{certificate}.pem", FOLDER / f"certificates/{certificate}.key")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


try:
    _authority.make(FOLDER / "certificates")
    ports = {"plain": serve(), "tls": serve("server"), "wrongname": serve("wrongname"), "stranger": serve("stranger")}
    _lifetime.announce({"folder": str(FOLDER), "ports": ports})
    _lifetime.wait_for_the_end()
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
