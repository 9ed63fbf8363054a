"""What nobody should send, sent to the real server: over MLLP and over HTTP. After each, a good message is answered AA, and the server runs.

Nothing may end the process, trap, park an event, or put a patient into a log line. RELAIS_SEED repeats a run's random choices;
RELAIS_LONG=1 sends more of what is random.
"""

import os
import random
import sys

from _hostile_fire import attack_under_fire
from _hostile_http import attack_bodies, attack_from_other_sites, attack_http
from _hostile_limits import limits
from _hostile_mllp import attack_connections, attack_content, attack_framing, attack_mutations
from _hostile_storage import attack_storage, full_disk
from _hostile_target import GIVEN, NAME, Target
from _relais import TRAPS, Checks, Server, initialised, require_binary, run, scratch

# Peak of a debug build; what is sent here would be gigabytes if anything were kept or squared.
MEMORY_LIMIT = 700 << 20


def peak_memory(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        return next((int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM")), 0)


def main():
    require_binary("hostile")
    check = Checks("hostile")
    seed = int(os.environ.get("RELAIS_SEED", random.SystemRandom().randrange(2**32)))
    print(f"hostile: RELAIS_SEED={seed}", file=sys.stderr)
    chance = random.Random(seed)
    with scratch("hostile") as folder:
        data = initialised(folder / "data")
        server = Server(data)
        try:
            server.start()
            target = Target(check, server)
            for words, attack in (
                ("framing", attack_framing),
                ("connections", attack_connections),
                ("content", attack_content),
                ("mutations", attack_mutations),
                ("HTTP", attack_http),
                ("bodies", attack_bodies),
                ("other sites", attack_from_other_sites),
                ("storage", attack_storage),
                ("under fire", attack_under_fire),
            ):
                with check.part(words):
                    attack(check, target, chance)
            with check.part("afterwards"):
                check(server.settle(300), "planner and views do not catch up")
                ready = server.get("/readyz")
                check(
                    ready.status == 200 and all(one["status"] == "ready" for one in ready.json["checks"]), "something is not ready, or parked", ready
                )
                memory = peak_memory(server.process)
                check(0 < memory < MEMORY_LIMIT, f"peak of memory beyond {MEMORY_LIMIT >> 20} MiB", f"{memory >> 20} MiB")
                check.equal(server.stop(), 0, "exit status of a graceful stop")
                check(not any(trap in server.words for trap in TRAPS), "the server trapped", server.words[-800:])
                for name in (NAME, GIVEN.upper(), "SALINES"):
                    check(name not in server.words.upper(), f"the server's words hold « {name} » of a patient")
                result = run("verify", "--data", data)
                check.equal(result.code, 0, f"relais verify ({result.err.strip()})")
                for name in ("todo", "timeline", "directory", "feed", "patients", "notifications"):
                    result = run("projections", "rebuild", name, "--data", data)
                    check.equal(result.code, 0, f"{name} rebuilt is not {name} maintained ({result!r})")
        finally:
            server.kill()
        with check.part("limits"):
            limits(check, folder)
        with check.part("a full disk"):
            full_disk(check, folder)
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
