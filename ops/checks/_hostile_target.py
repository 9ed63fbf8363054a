"""The server under attack, and the good sender that must be served whatever happens."""

import time

from _hl7 import Ack, Mllp, Stay, send_once

# Names that nothing else uses: finding one in a log line says where it came from.
NAME, GIVEN = "VORAGINELLE", "Quitterienne"


class Target:
    """The server under attack, and the good sender that must be served whatever happens."""

    def __init__(self, check, server):
        self.check, self.server = check, server
        self._good = 0

    def stay(self, key):
        return Stay(key, family=NAME, given=GIVEN)

    def is_well(self, words, seconds=15):
        """After every case: the process runs, and takes a good message over MLLP and a request over HTTP."""
        if not self.check(self.server.is_running, f"{words}: the server has ended", self.server.words[-800:]):
            raise RuntimeError("nothing to attack any more")
        self._good += 1
        stay = self.stay(f"GOOD{self._good:04d}")
        began = time.monotonic()
        try:
            ack = Ack(send_once(self.server.mllp, stay.message("A01"), seconds))
            self.check(ack.code == "AA", f"{words}: a good message afterwards", ack)
            self.check.equal(self.server.request("GET", "/healthz", timeout=seconds).status, 200, f"{words}: /healthz afterwards")
        except OSError as error:
            self.check(False, f"{words}: no answer to a good sender within {time.monotonic() - began:.0f} s", error)

    def frame(self, content, words, allow=("AA", "AE", "AR"), seconds=20):
        """A frame that is no good message: it gets an acknowledgement, or its connection is closed; it never hangs."""
        try:
            with Mllp(self.server.mllp, seconds) as sender:
                answer = sender.send(content)
                ack = Ack(answer) if answer else None
                self.check(ack is None or ack.code in allow, f"{words}: expected {' or '.join(allow)}, or a closed connection", ack)
                self.check(NAME not in repr(ack), f"{words}: the answer quotes the patient", ack)
                return ack
        except TimeoutError:
            self.check(False, f"{words}: neither answered nor closed within {seconds} s")
        except OSError:
            self.check(True, words)  # closed while it was still sent
        return None
