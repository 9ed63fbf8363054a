"""The log on disk while its disk fails: errors are put under a real process, by LD_PRELOAD and by a file system that is full.

While a fault lasts nothing may be acknowledged that is not kept; the log must say within a second that it refuses, and must accept again
within five seconds after the fault is gone, without a restart. Then the process is killed, also amid a fault, and everything it
acknowledged must be in a log that verifies. RELAIS_SEED repeats a run's choices; RELAIS_LONG=1 makes more rounds.
"""

import os
import shutil
import subprocess
import sys
import time

from _faults import PROBE, Faults, Probe, chance, check_kept
from _relais import LONG, Checks, scratch, wait_until

REFUSED_WITHIN = 1000
RESUMED_WITHIN = 5000
ROUNDS_OF_KILLS = 30 if LONG else 4

# Each: what fails, and the code refusals carry.
STOPPING = {
    "failing write of the write-ahead log": ("write EIO log.sqlite-wal", "storageUnavailable"),
    "failing sync": ("sync EIO log.sqlite", "storageUnavailable"),
    "failing sync of the write-ahead log alone": ("sync EIO log.sqlite-wal", "storageUnavailable"),
    "sync that finds no room": ("sync ENOSPC log.sqlite", "storageUnavailable"),
    "no room": ("write ENOSPC log.sqlite", "diskFull"),
    "read-only file system": ("write EROFS log.sqlite", "storageUnavailable"),
}
# What need not stop the log, and must not harm it.
UNEASY = {
    "short writes": ["write half log.sqlite"],
    "short reads": ["read half log.sqlite"],
    "reads that end early": ["read none log.sqlite 30"],
    "failing reads": ["read EIO log.sqlite 50"],
    "out of descriptors": ["open EMFILE log.sqlite"],
    "out of descriptors while a write failed": ["open EMFILE log.sqlite", "write EIO log.sqlite-wal 100 1"],
    "a fault here and there": ["write EIO log.sqlite 2", "sync EIO log.sqlite 2", "read EIO log.sqlite 2"],
    "a clock that jumps back": ["clock -3600 -"],
}


def started(check, folder, name, faults):
    data = folder / name.replace(" ", "-")
    data.mkdir()
    probe = Probe(data, faults).start()
    check(probe.wait(20, 0, "ack"), f"{name}: nothing is acknowledged before the fault", probe.lines[-3:])
    return probe


def stops_and_resumes(check, folder, faults, name, rule, code):
    probe = started(check, folder, name, faults)
    try:
        for again in range(3 if LONG else 2):
            began = faults.set(rule)
            refusing = probe.wait(5, began, "health", "refusing")
            check(refusing and refusing - began <= REFUSED_WITHIN, f"{name}: told within a second", refusing and refusing - began)
            check(probe.wait(2, began, "refused", code), f"{name}: refusals with {code}", probe.since(began, "refused")[:2])
            time.sleep(0.4)
            silent_from = (refusing or began) + 50
            check(not probe.since(silent_from, "ack"), f"{name}: acknowledged while refusing", probe.since(silent_from, "ack")[:2])
            if again == 1:
                # Killed amid the fault, and started again under it: it may refuse to start, it may not lose anything.
                probe.kill()
                faults.clear()
                check_kept(check, probe, f"{name}, killed amid it")
                probe.start()
                check(probe.wait(20, began, "opened"), f"{name}: does not start again", probe.lines[-3:])
            lifted = faults.clear()
            accepting = probe.wait(RESUMED_WITHIN / 1000, lifted, "ack")
            check(accepting and accepting - lifted <= RESUMED_WITHIN, f"{name}: acknowledges again within 5 s", probe.lines[-3:])
            check(probe.wait(5, lifted, "followed"), f"{name}: followers go on", probe.lines[-3:])
        check.equal(probe.stop(), 0, f"{name}: exit status")
        check_kept(check, probe, name)
    finally:
        faults.clear()
        probe.kill()


def survives(check, folder, faults, name, rules):
    probe = started(check, folder, name, faults)
    try:
        faults.set(*rules)
        time.sleep(1.5)
        lifted = faults.clear()
        check(probe.wait(RESUMED_WITHIN / 1000, lifted, "ack"), f"{name}: acknowledges again within 5 s", probe.lines[-3:])
        check(probe.wait(5, lifted, "followed"), f"{name}: followers go on", probe.lines[-3:])
        check(not probe.since(0, "health", "closed"), f"{name}: closed for good", probe.since(0, "health", "closed"))
        check.equal(probe.stop(), 0, f"{name}: exit status")
        check_kept(check, probe, name)
        if rules[0].startswith("clock"):
            # Verify refuses recorded times that go back; that the events' own do shows that the clock did.
            check(probe.clock_went_back(3_000_000), f"{name}: the clock was not moved")
    finally:
        faults.clear()
        probe.kill()


def kills(check, folder, faults, seed):
    """SIGKILL at random moments, faults coming and going; one log all along."""
    random = chance(seed)
    rules = [rule for rule, _ in STOPPING.values()] + [rules[0] for rules in UNEASY.values() if "clock" not in rules[0]]
    name = "kills"
    probe = started(check, folder, name, faults)
    try:
        for round_number in range(ROUNDS_OF_KILLS):
            faults.set(f"{random.choice(rules)} {random.choice([5, 30, 100])}")
            time.sleep(random.uniform(0.0, 0.6))
            if random.random() < 0.5:
                faults.clear()
                time.sleep(random.uniform(0.0, 0.3))
            probe.kill()
            faults.clear()
            check_kept(check, probe, f"{name}, round {round_number}")
            mark = len(probe.lines) and probe.lines[-1][0] + 1
            probe.start()
            check(probe.wait(20, mark, "ack"), f"{name}: does not start again", probe.lines[-3:])
        check.equal(probe.stop(), 0, f"{name}: exit status")
        check_kept(check, probe, name)
    finally:
        faults.clear()
        probe.kill()


def full_disk(check, folder):
    """A small file system that fills up by itself, and later by another's file."""
    if os.geteuid() != 0 or not shutil.which("mount"):
        print("faults: note: not root, so no small file system is mounted and the full disk is not tried", file=sys.stderr)
        return
    small = folder / "small"
    small.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "none", small], capture_output=True, text=True)
    if mounted.returncode != 0:
        print(f"faults: note: this machine allows no mount ({mounted.stderr.strip()}), so the full disk is not tried", file=sys.stderr)
        return
    try:
        probe = started(check, small, "full disk", None)
        filler = small / "filler"
        began = probe.lines[0][0]
        with open(filler, "wb", buffering=0) as file:
            for block in (65_536, 512):
                try:
                    while True:
                        file.write(b"x" * block)
                except OSError:
                    pass
        refusing = probe.wait(20, began, "health", "refusing", "diskFull")
        check(refusing, "full disk: not told", probe.lines[-3:])
        time.sleep(1.5)
        filler.unlink()
        lifted = time.monotonic_ns() // 1_000_000
        check(probe.wait(RESUMED_WITHIN / 1000, lifted, "ack"), "full disk: acknowledges again within 5 s", probe.lines[-3:])
        # Now its own events fill what is left.
        check(probe.wait(60, lifted + 100, "health", "refusing", "diskFull"), "full disk: its own events fill it", probe.lines[-3:])
        probe.kill()
        check_kept(check, probe, "full disk, killed")
    finally:
        if "probe" in locals():
            probe.kill()
        subprocess.run(["umount", small], check=False)


def main():
    if not os.access(PROBE, os.X_OK):
        print(f"faults: no binary at {PROBE}: build it first, or name it in RELAIS_PROBE", file=sys.stderr)
        return 2
    seed = int(os.environ.get("RELAIS_SEED", time.time_ns() % 1_000_000))
    check = Checks("faults")
    print(f"faults: seed {seed}", file=sys.stderr)
    with scratch("faults") as folder:
        faults = Faults(folder, seed)
        for name, (rule, code) in STOPPING.items():
            with check.part(name):
                stops_and_resumes(check, folder, faults, name, rule, code)
        for name, rules in UNEASY.items():
            with check.part(name):
                survives(check, folder, faults, name, rules)
        with check.part("kills"):
            kills(check, folder, faults, seed)
        with check.part("full disk"):
            full_disk(check, folder)
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
