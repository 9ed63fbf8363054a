"""The drill: load, backup under load, kill -9, destroy, restore, the same root hash, serving again.

Prints the recovery point (what was acknowledged after the backup began and is not in it) and the recovery time (from the destroyed
directory to the first answer), so that an operator knows both.
"""

import shutil
import sqlite3
import sys
import threading
import time

from _hl7 import FINESS, Ack, Mllp, Stay
from _relais import TRAPS, Checks, Server, initialised, require_binary, run, scratch

SENDERS = 4


class Load(threading.Thread):
    """Tells stays until it is stopped; remembers what was acknowledged and when."""

    def __init__(self, port, number):
        super().__init__(daemon=True)
        self.port, self.number, self.done, self.acknowledged = port, number, False, []

    def run(self):
        try:
            with Mllp(self.port) as connection:
                count = 0
                while not self.done:
                    count += 1
                    stay = Stay(f"L{self.number}X{count}")
                    for trigger in ("A01", "A03"):
                        answer = connection.send(stay.message(trigger))
                        if not answer:
                            return
                        if Ack(answer).code == "AA":
                            self.acknowledged.append((time.monotonic(), stay.control(trigger)))
        except OSError:
            pass


def loads(port):
    threads = [Load(port, number) for number in range(SENDERS)]
    for thread in threads:
        thread.start()
    return threads


def count(log):
    connection = sqlite3.connect(f"file:{log}?mode=ro", uri=True)
    try:
        return connection.execute("SELECT max(position) FROM event").fetchone()[0]
    finally:
        connection.close()


def main():
    require_binary("backup")
    check = Checks("backup")
    with scratch("backup") as folder:
        secret = folder / "passphrase"
        secret.write_text("a long enough passphrase\n")
        secret.chmod(0o600)
        data = initialised(folder / "data")
        saved, keys = folder / "saved", folder / "saved-keys"
        arguments = ["--keys", keys, "--passphrase-file", secret]
        server = Server(data).start()
        threads = loads(server.mllp)
        with check.part("backing up under load"):
            time.sleep(1.5)
            first = run("backup", saved, *arguments, "--data", data, "--json")
            check.equal(first.code, 0, "the first backup")
            time.sleep(1.0)
            began = time.monotonic()
            second = run("backup", saved, *arguments, "--data", data, "--json")
            check.equal(second.code, 0, "the second backup")
            check(second.json["copied"] < second.json["position"] and second.json["copied"] > 0, "it copies what is new only", second)
            check.equal(count(saved / "log.sqlite"), second.json["position"], "the copy goes as far as it says")
            time.sleep(0.5)
        with check.part("losing the machine"):
            server.kill()
            for thread in threads:
                thread.done = True
            killed = time.monotonic()
            acknowledged = sorted(moment for thread in threads for moment, _ in thread.acknowledged)
            check(len(acknowledged) > 20, "there was load", len(acknowledged))
            lost_after = [moment for moment in acknowledged if moment > began]
            print(f"backup: RPO: {len(lost_after)} of {len(acknowledged)} messages were acknowledged after the last backup began, {killed - began:.1f} s before the loss")
            shutil.rmtree(data)
        with check.part("restoring"):
            began = time.monotonic()
            wrong = folder / "wrong"
            wrong.write_text("another passphrase\n")
            wrong.chmod(0o600)
            refused = run("restore", saved, "--keys", keys, "--passphrase-file", wrong, "--data", folder / "nothing")
            check(refused.code in (1, 2) and not (folder / "nothing" / "log.sqlite").exists(), "a wrong passphrase restores nothing", refused)
            began = time.monotonic()
            restored = run("restore", saved, *arguments, "--data", data, "--json")
            check.equal(restored.code, 0, "restore")
            check.equal(restored.json["root"], second.json["root"], "the root is that of the backup")
            check.equal(restored.json["position"], second.json["position"], "and so is the position")
            server = Server(data).start()
            check.equal(server.get("/healthz").status, 200, "it serves")
            print(f"backup: RTO: {time.monotonic() - began:.1f} s from an empty disk to an answer, {restored.json['position']} events")
            # What came in until the loss is all planned anew, on however slow a machine.
            check(server.settle(400), "followers catch up")
            head = server.get("/api/v1/log/head").json
            check(head["position"] >= second.json["position"], "nothing of the copy is lost", head)
            stay = Stay("AFTER")
            check.equal(Ack(_send(server.mllp, stay.message("A01"))).code, "AA", "it takes messages again")
            # What the sender repeats is recognised: it was acknowledged before the loss and is in the copy.
            first_stay = Stay("L0X1")
            replay = run("replay", "--visit", first_stay.visit, "--facility", FINESS, "--json", "--data", data)
            check(replay.code == 0 and replay.json["status"] in ("discharged", "admitted"), "a stay of before is readable", replay)
            verified = run("verify", "--data", data, "--against", saved / "checkpoint", "--json")
            check(verified.code == 0 and verified.json["rollbackExcluded"], "it has grown from the backup's checkpoint", verified)
            check.equal(server.stop(), 0, "it stops")
        with check.part("refusing what is not sound"):
            again = run("restore", saved, *arguments, "--data", data)
            check.equal(again.code, 2 if again.code == 2 else 1, "restoring over a directory that exists is refused")
            other = folder / "tampered"
            shutil.copytree(saved, other)
            connection = sqlite3.connect(other / "log.sqlite")
            connection.execute("DROP TRIGGER event_no_update")
            connection.execute("UPDATE event SET payload = x'00' WHERE position = 5")
            connection.commit()
            connection.close()
            tampered = run("restore", other, *arguments, "--data", folder / "tampered-data")
            check.equal(tampered.code, 1, "a tampered backup is not restored")
            check(not (folder / "tampered-data" / "settings.json").exists(), "and leaves no directory that could be served")
        check(not any(trap in server.words for trap in TRAPS), "no trap", server.words[-400:])
    return check.finish()


def _send(port, message):
    with Mllp(port) as connection:
        return connection.send(message)


if __name__ == "__main__":
    sys.exit(main())
