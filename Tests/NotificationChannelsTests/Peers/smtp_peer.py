"""An SMTP and IMAP server that fails in every way, one port for each way. Standard library only. Ends with its standard input.

Each connection is noted in <folder>/<mode>.log when it comes and when mail came over it.
"""

import pathlib
import shutil
import socket
import socketserver
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


class Leave(Exception):
    pass


class Handler(socketserver.BaseRequestHandler):
    mode = ""

    def note(self, text):
        with open(FOLDER / f"{self.mode}.log", "a") as file:
            file.write(text + "\n")

    def say(self, text):
        self.request.sendall(text.encode() + b"\r\n")

    def hear(self):
        line = self.file.readline()
        if not line:
            raise Leave
        return line.decode("utf-8", "replace").rstrip("\r\n")

    def encrypt(self, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(FOLDER / f"certificates/{certificate}.pem", FOLDER / f"certificates/{certificate}.key")
        self.request = context.wrap_socket(self.request, server_side=True)
        self.file = self.request.makefile("rb")

    def handle(self):
        self.file = self.request.makefile("rb")
        self.note("connected")
        try:
            self.imap() if self.mode.startswith("imap") else self.smtp()
        except (Leave, OSError, ssl.SSLError):
            pass
        finally:
            try:
                self.request.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def smtp(self):
        mode = self.mode
        if mode == "hang":
            time.sleep(60)
        if mode == "busy":
            return self.say("421 4.3.2 too many connections")
        if mode == "unwilling":
            return self.say("554 5.3.2 no mail here")
        if mode == "garbage":
            return self.request.sendall(b"\x00\xff\x13HTTP/1.1 400 Bad Request\r\n\r\n" * 10)
        if mode == "slow":
            while True:
                self.say("220-patience")
                time.sleep(0.2)
        self.say("220 peer.test ESMTP")
        encrypted = False
        messages = 0
        while True:
            line = self.hear()
            verb = line.split(" ")[0].upper()
            if verb == "EHLO":
                offers = ["250-peer.test", "250-DSN", "250-SIZE 1000000"]
                if mode != "nostarttls" and not encrypted:
                    offers.append("250-STARTTLS")
                self.say("\r\n".join(offers) + "\r\n250 8BITMIME")
            elif verb == "STARTTLS":
                self.say("220 go ahead")
                self.encrypt(mode if mode in ("wrongname", "stranger") else "server")
                encrypted = True
            elif verb == "MAIL" and mode == "halfmail":
                raise Leave
            elif verb == "MAIL" and mode == "failing":
                self.say("451 4.3.0 try again")
            elif verb == "MAIL" and mode == "idleclose" and messages == 1:
                # As a server that was left waiting: it says so and goes.
                self.say("421 4.4.2 idle too long")
                raise Leave
            elif verb == "MAIL" and mode == "hangmail":
                time.sleep(60)
            elif verb == "DATA":
                self.say("354 go on")
                while self.hear() != ".":
                    pass
                self.note("mail")
                messages += 1
                if mode == "halfdata" or (mode == "secondhalf" and messages == 2):
                    raise Leave
                if mode == "hangdata":
                    time.sleep(60)
                self.say("552 5.3.4 too big" if mode == "toobig" else "250 2.0.0 taken as 42")
                if mode == "onlyone":
                    raise Leave
            elif verb == "QUIT":
                self.say("221 bye")
                raise Leave
            else:
                self.say("250 2.0.0 fine")

    def imap(self):
        mode = self.mode
        if mode == "imaphang":
            time.sleep(60)
        self.say("* OK IMAP4rev1 ready")
        while True:
            tag, verb, *rest = self.hear().split(" ")
            verb = verb.upper()
            if verb == "CAPABILITY":
                self.say("* CAPABILITY IMAP4rev1 STARTTLS")
                self.say(f"{tag} OK done")
            elif verb == "STARTTLS":
                self.say(f"{tag} OK go ahead")
                self.encrypt("server")
            elif verb == "SELECT":
                self.say("* OK [UIDVALIDITY 7] fine")
                self.say(f"{tag} OK [READ-WRITE] done")
            elif verb == "UID" and rest[0].upper() == "SEARCH":
                self.say("* SEARCH 1")
                self.say(f"{tag} OK done")
            elif verb == "UID" and mode == "imaphuge":
                self.say("* 1 FETCH (UID 1 BODY[]<0> {999999999}")
                time.sleep(60)
            elif verb == "UID" and mode == "imaphalf":
                self.say("* 1 FETCH (UID 1 BODY[]<0> {100}")
                self.request.sendall(b"Subject: hal")
                raise Leave
            elif verb == "UID" and mode == "imapgone":
                self.say(f"{tag} OK nothing there")
            else:
                self.say(f"{tag} NO I do not want to" if mode == "imapno" and verb == "LOGIN" else f"{tag} OK done")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def handle_error(self, *_):
        pass


def serve(mode):
    server = Server(("127.0.0.1", 0), type("Handler", (Handler,), {"mode": mode}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


MODES = ["ok", "hang", "busy", "unwilling", "garbage", "slow", "nostarttls", "wrongname", "stranger", "failing", "halfmail", "halfdata", "secondhalf",
         "hangmail", "hangdata", "toobig", "onlyone", "idleclose", "imaphang", "imaphuge", "imaphalf", "imapgone", "imapno"]

try:
    _authority.make(FOLDER / "certificates")
    _lifetime.announce({"folder": str(FOLDER), "ports": {mode: serve(mode) for mode in MODES}})
    _lifetime.wait_for_the_end()
finally:
    shutil.rmtree(FOLDER, ignore_errors=True)
