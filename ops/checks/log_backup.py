"""Backups of a log under load, killed at random moments: the copy must always verify, never go back, and catch up.

StoreProbe appends; another StoreProbe backs up and is killed; at the end the machine is lost (the log's process is killed and its
directory removed) and the copy is restored: everything acknowledged before the last backup began is there, under the root it reported.
RELAIS_SEED repeats a run's choices; RELAIS_LONG=1 makes more rounds.
"""

import os
import shutil
import subprocess
import sys
import time

from _faults import PROBE, Probe, chance
from _relais import LONG, Checks, scratch

ROUNDS = 60 if LONG else 9


def probe_run(*arguments):
    return subprocess.run([PROBE, *map(str, arguments)], capture_output=True, text=True, timeout=300)


def killed_backup(data, copy, seconds):
    """Whether it was still at work when it was killed."""
    process = subprocess.Popen([PROBE, "backup", str(data), str(copy)], stdout=subprocess.DEVNULL)
    try:
        process.wait(seconds)
        return False
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True


def drill(check, folder, seed):
    random = chance(seed)
    data, copy, restored = folder / "data", folder / "copy", folder / "restored"
    data.mkdir()
    check.equal(probe_run("fill", data, 4_000).returncode, 0, "filling the log")
    began = time.monotonic()
    check.equal(probe_run("backup", data, folder / "timed").returncode, 0, "a first backup")
    full = time.monotonic() - began
    probe = Probe(data, writers=2).start()
    try:
        check(probe.wait(20, 0, "ack"), "nothing is acknowledged", probe.lines[-3:])
        killed, position = 0, 0
        for round_number in range(ROUNDS):
            # A third is killed before there is a copy, mostly; the others amid an increment of a few thousand events.
            if round_number == ROUNDS // 3:
                check.equal(probe_run("backup", data, copy).returncode, 0, "a backup after some that were killed")
            if round_number >= ROUNDS // 3:
                time.sleep(0.4)
                killed += killed_backup(data, copy, random.uniform(0.0, full / 2))
            else:
                killed += killed_backup(data, copy, random.uniform(0.0, full))
            if (copy / "log.sqlite").exists():
                verified = probe_run("verify", copy)
                check(verified.returncode == 0, f"round {round_number}: the copy after a kill does not verify", verified.stdout)
                reached = int(verified.stdout.split()[1]) if verified.returncode == 0 else position
                check(reached >= position, f"round {round_number}: the copy went back from {position}", reached)
                position = reached
        check(killed >= ROUNDS // 4, "backups were caught at work", killed)
        before = set(probe.acknowledged)
        done = probe_run("backup", data, copy)
        check.equal(done.returncode, 0, f"the last backup {done.stdout}")
        root = done.stdout.split()[4]
        mark = probe.lines[-1][0]
        time.sleep(0.2)
        check(probe.since(mark, "ack"), "appends go on during and after a backup")
        check(not probe.since(0, "refused"), "an append was refused because of a backup", probe.since(0, "refused")[:2])
        # The machine is lost.
        probe.kill()
        shutil.rmtree(data)
        began = time.monotonic()
        result = probe_run("restore", copy, restored)
        check(result.returncode == 0 and result.stdout.split()[2] == root, "the restored log has another root", result.stdout)
        print(f"log_backup: restored and verified {result.stdout.split()[1]} events in {time.monotonic() - began:.1f} s", file=sys.stderr)
        again = Probe(restored)
        again.acknowledged = before
        missing = before - set(again.numbers())
        check(not missing, "acknowledged before the backup and not restored", sorted(missing)[:10])
        again.start()
        check(again.wait(20, 0, "ack"), "the restored log takes no append", again.lines[-3:])
        check.equal(again.stop(), 0, "exit status on the restored log")
        check.equal(again.verify().returncode, 0, "verify on the restored log, appended to")
        check.equal(probe_run("backup", restored, copy).returncode, 0, "the copy goes on with the log that was restored from it")
    finally:
        if probe.process.poll() is None:
            probe.kill()


def main():
    if not os.access(PROBE, os.X_OK):
        print(f"log_backup: no binary at {PROBE}: build it first, or name it in RELAIS_PROBE", file=sys.stderr)
        return 2
    seed = int(os.environ.get("RELAIS_SEED", time.time_ns() % 1_000_000))
    check = Checks("log_backup")
    print(f"log_backup: seed {seed}", file=sys.stderr)
    with scratch("log-backup") as folder, check.part("drill"):
        drill(check, folder, seed)
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
