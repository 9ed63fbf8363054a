"""A failing disk under the whole server: it stops acknowledging, says so, loses nothing that it acknowledged, and resumes by itself.

Two hospital senders tell stays over MLLP while writes, syncs and descriptors of log.sqlite (and once of keys.sqlite) fail. What was
answered AA must be in the log at the end; what was answered AR is repeated by its sender, as a hospital's interface does. A follower that
is silent is told by `relais followers status`.
"""

import sqlite3
import sys
import threading
import time

from _faults import Faults
from _hl7 import Ack, Mllp, Stay
from _relais import TRAPS, Checks, Server, initialised, require_binary, run, scratch, wait_until

STOPPING = ["sync EIO log.sqlite", "write EIO log.sqlite", "write ENOSPC log.sqlite", "write EROFS log.sqlite", "write ENOSPC keys.sqlite"]


class Sender(threading.Thread):
    """Tells stays; repeats a message until it is answered AA."""

    def __init__(self, port, name):
        super().__init__(daemon=True)
        self.port, self.name_, self.done, self.accepted, self.refused, self.events = port, name, False, [], 0, []

    def run(self):
        number = 0
        while not self.done:
            try:
                with Mllp(self.port, timeout=30) as connection:
                    while not self.done:
                        number += 1
                        stay = Stay(f"{self.name_}N{number}")
                        for trigger in ("A01", "A03"):
                            self._tell(connection, stay.message(trigger), stay.control(trigger))
            except OSError:
                time.sleep(0.05)

    def _tell(self, connection, message, control):
        while not self.done:
            answer = connection.send(message)
            if not answer:
                raise OSError("closed")
            code = Ack(answer).code
            self.events.append((time.monotonic(), code))
            if code == "AA":
                self.accepted.append(control)
                return
            self.refused += 1
            time.sleep(0.02)


def controls_in(log):
    """How often each control id stands in the log. It is sealed there, so the command rows' count is what can be seen from outside."""
    connection = sqlite3.connect(f"file:{log}?mode=ro", uri=True)
    try:
        return connection.execute("SELECT count(*) FROM command WHERE scope LIKE 'hl7/%'").fetchone()[0]
    finally:
        connection.close()


def main():
    require_binary("served_faults")
    check = Checks("served_faults")
    with scratch("served-faults") as folder:
        faults = Faults(folder)
        data = initialised(folder / "data")
        server = Server(data)
        server.environment = faults.environment()
        with server.start():
            senders = [Sender(server.mllp, name) for name in "AB"]
            for sender in senders:
                sender.start()
            wait_until(lambda: all(sender.accepted for sender in senders), 20)
            for rule in STOPPING:
                with check.part(rule):
                    began = time.monotonic()
                    faults.set(rule)
                    refusing = wait_until(lambda: any(moment > began and code != "AA" for sender in senders for moment, code in sender.events), 5)
                    check(refusing, f"{rule}: a sender is refused")
                    first = min(moment for sender in senders for moment, code in sender.events if moment > began and code != "AA")
                    check(first - began < 1.5, f"{rule}: within a second", first - began)
                    codes = {code for sender in senders for moment, code in sender.events if moment > began}
                    check(codes <= {"AA", "AR"}, f"{rule}: never AE, which would lose the message", codes)
                    if "log.sqlite" in rule:
                        seen = wait_until(lambda: server.get("/readyz").status == 503, 2)
                        check(seen, f"{rule}: /readyz says so")
                        accepted = sum(len(sender.accepted) for sender in senders)
                        time.sleep(0.5)
                        check.equal(sum(len(sender.accepted) for sender in senders), accepted, f"{rule}: nothing is acknowledged meanwhile")
                    lifted = time.monotonic()
                    faults.clear()
                    resumed = wait_until(lambda: any(moment > lifted + 0.05 and code == "AA" for sender in senders for moment, code in sender.events), 8)
                    check(resumed, f"{rule}: it resumes by itself")
            with check.part("out of descriptors"):
                began = time.monotonic()
                faults.set("open EMFILE sqlite")
                time.sleep(1.0)
                faults.clear()
                resumed = wait_until(lambda: any(moment > began + 1.2 and code == "AA" for sender in senders for moment, code in sender.events), 8)
                check(resumed, "it goes on after it ran out of descriptors")
            for sender in senders:
                sender.done = True
            for sender in senders:
                sender.join(10)
            check(server.settle(), "followers catch up, the planner too", server.get("/readyz").text)
            head = server.get("/api/v1/log/head").json["position"]
            check.equal(server.kill(), -9, "killed")
        with check.part("nothing is lost"):
            accepted = sum(len(sender.accepted) for sender in senders)
            check(accepted > 20 and all(sender.refused for sender in senders), "there was load, and refusals", accepted)
            check(controls_in(data / "log.sqlite") >= accepted, "every accepted message is in the log")
            verified = run("verify", "--data", data, "--json")
            check(verified.code == 0 and verified.json["events"] >= head, "the log is sound", verified)
            for sender in senders:
                last = sender.accepted[-1]
                visit = "V" + last[: -len("A01")]
                found = run("replay", "--visit", visit, "--facility", "850099995", "--json", "--data", data)
                check.equal(found.code, 0, f"the last accepted stay {visit} is there")
        with check.part("nobody runs the followers"):
            status = wait_until(lambda: (lambda result: result if "nobody runs it" in result.out else None)(run("followers", "status", "--data", data)), 60, 1)
            check(status and status.code == 1, "a killed server's followers are told within a minute", status)
        check(not any(trap in server.words for trap in TRAPS), "no trap", server.words[-400:])
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
