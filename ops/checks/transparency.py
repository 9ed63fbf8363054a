"""Our tiles, checkpoints, proofs and bundles, judged by software that is not ours: Go's sumdb/tlog and note packages.

They must be convinced by a history that only grew, and not by one that was rewritten, cut, reordered or had an event dropped; a bundle
must convince its own stand-alone verifier, and not when any of its files was changed. A second Relais witnesses the first, and refuses
to co-sign a history that forked.
"""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys

from _hl7 import FINESS, Ack, Mllp, Stay
from _relais import ROOT, TRAPS, Checks, Server, initialised, require_binary, run, scratch

SEED = int(os.environ.get("RELAIS_SEED", random.randrange(1 << 32)))


def build_judge(folder):
    """The Go program, compiled with Debian's packages and nothing from the network."""
    binary = folder / "judge"
    environment = dict(os.environ, GO111MODULE="off", GOPATH="/usr/share/gocode", GOCACHE=str(folder / "go-cache"), GOFLAGS="")
    subprocess.run(["go", "build", "-o", binary, "main.go"], cwd=ROOT / "ops" / "checks" / "tlog", env=environment, check=True)
    return binary


def judged_proofs(inclusion, consistency):
    """Proofs of the API in the form that the judge reads."""
    record = {"Index": inclusion["leafIndex"], "Size": inclusion["size"], "Leaf": inclusion["leafHash"], "Path": inclusion["proof"]}
    growth = {"Old": consistency["from"], "New": consistency["to"], "Path": consistency["proof"]}
    return {"Records": [record], "Trees": [growth]}


def tell(server, first, last):
    with Mllp(server.mllp) as connection:
        for number in range(first, last):
            stay = Stay(f"T{number}")
            for trigger in ("A01", "A03"):
                assert Ack(connection.send(stay.message(trigger))).code == "AA"


def tampered(data, to, *statements):
    """A copy of the directory in which the log's rows were changed behind its back."""
    shutil.copytree(data, to, ignore=shutil.ignore_patterns("control.sock", "proofs.sqlite*"))
    connection = sqlite3.connect(to / "log.sqlite")
    for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()
    return to


def main():
    require_binary("transparency")
    check = Checks("transparency")
    with scratch("transparency") as folder:
        judge = build_judge(folder)

        def judged(directory, *arguments):
            done = subprocess.run([judge, *map(str, arguments), str(directory)], capture_output=True, text=True, timeout=120)
            return done

        data = initialised(folder / "data")
        with Server(data) as server:
            with check.part("exporting a small log"):
                tell(server, 0, 20)
                check(server.settle(), "the server settles")
                old = folder / "old.checkpoint"
                old.write_text(run("log", "checkpoint", "--data", data).out)
                tell(server, 20, 60)
                check(server.settle(), "the server settles again")
                exported = folder / "export"
                result = run("log", "export", exported, "--data", data)
                check.equal(result.code, 0, "log export")
                convinced = judged(exported, "-old", old)
                check.equal(convinced.returncode, 0, f"Go is convinced by tiles, entries and growth ({convinced.stdout.strip()} {convinced.stderr.strip()})")
            with check.part("the same over HTTP"):
                served = folder / "served"
                (served / "tile").mkdir(parents=True)
                for path in sorted(exported.rglob("*")):
                    if not path.is_file():
                        continue
                    name = path.relative_to(exported)
                    if str(name) in ("key.vkey",):
                        shutil.copy(path, served / name)
                        continue
                    answer = server.get(f"/api/v1/log/{name}")
                    # The log may have grown since: what is compared is the size that was exported.
                    if str(name) == "checkpoint":
                        check.equal(answer.status, 200, "the checkpoint is served")
                        continue
                    check(answer.status == 200 and answer.body == path.read_bytes(), f"/api/v1/log/{name} is the exported file", answer.status)
                position = 7
                size = int((exported / "checkpoint").read_text().split("\n")[1])
                proof = server.get(f"/api/v1/log/proof/inclusion?position={position}&size={size}")
                check(proof.status == 200 and proof.json["leafIndex"] == position - 1, "an inclusion proof is served", proof)
                grown = server.get(f"/api/v1/log/proof/consistency?from=10&to={size}")
                check(grown.status == 200 and grown.json["proof"], "a consistency proof is served", grown)
                proofs = folder / "proofs.json"
                proofs.write_text(json.dumps(judged_proofs(proof.json, grown.json)))
                single = judged(exported, "-proofs", proofs)
                check.equal(single.returncode, 0, f"Go is convinced by the single proofs ({single.stderr.strip()})")
                check("1 of records, 1 of growth" in single.stdout, "it has looked at both", single.stdout)
                for path in ("tile/0/x00", "tile/0/000.p/0", "tile/64/000", "tile/entries/-1", "proof/inclusion?position=0&size=1", "proof/inclusion?position=999999&size=5"):
                    answer = server.get(f"/api/v1/log/{path}")
                    check(400 <= answer.status < 500, f"{path} is refused", answer)
            with check.part("verify against a kept checkpoint"):
                result = run("verify", "--data", data, "--against", old, "--json")
                check(result.code == 0 and result.json["rollbackExcluded"], "growth since the kept checkpoint", result)
                forged = folder / "forged.checkpoint"
                forged.write_text(old.read_text().replace("\n", "\n", 1)[:-6] + "AAAA=\n")
                check.equal(run("verify", "--data", data, "--against", forged).code, 2, "a checkpoint with a false signature is no evidence")
            with check.part("a bundle for an auditor"):
                pathway = run("replay", "--visit", "VT3", "--facility", FINESS, "--json", "--data", data).json["pathway"]
                bundle = folder / "bundle"
                result = run("audit", "export", pathway, "--out", bundle, "--data", data)
                check.equal(result.code, 0, "audit export")
                check("LISEZMOI.html" in {path.name for path in bundle.iterdir()}, "it holds a page in French")
                vkey = (exported / "key.vkey").read_text().strip()
                check.equal(run("audit", "verify", bundle, "--key", vkey).code, 0, "our verifier is convinced, offline")
                alone = subprocess.run([sys.executable, "-I", bundle / "verify.py", vkey], capture_output=True, text=True, timeout=120)
                check.equal(alone.returncode, 0, f"so is the stand-alone one ({alone.stdout.strip()[-200:]} {alone.stderr.strip()[-300:]})")
                chance = random.Random(SEED)
                for path in sorted(bundle.rglob("*")):
                    if not path.is_file() or path.name in ("LISEZMOI.html", "verify.py"):
                        continue
                    broken = folder / "broken"
                    shutil.rmtree(broken, ignore_errors=True)
                    shutil.copytree(bundle, broken)
                    content = bytearray((broken / path.relative_to(bundle)).read_bytes())
                    index = chance.randrange(len(content))
                    content[index] ^= 1 << chance.randrange(7)
                    (broken / path.relative_to(bundle)).write_bytes(content)
                    check.equal(run("audit", "verify", broken, "--key", vkey).code, 1, f"byte {index} of {path.name} changed (seed {SEED}): ours finds it")
                    alone = subprocess.run([sys.executable, "-I", broken / "verify.py", vkey], capture_output=True, text=True, timeout=120)
                    check.equal(alone.returncode, 1, f"byte {index} of {path.name} changed (seed {SEED}): the stand-alone one finds it")
            with check.part("a witness"):
                neighbour = initialised(folder / "neighbour")
                with Server(neighbour) as witness:
                    check.equal(run("witness", "trust", vkey, "--data", neighbour).code, 0, "the neighbour trusts our key")
                    url = f"http://127.0.0.1:{witness.http}/witness"
                    cosigner = run("witness", "key", "--data", neighbour).out.strip()
                    saved, secret = folder / "saved", ["--keys", folder / "saved-keys", "--passphrase-file", folder / "passphrase"]
                    (folder / "passphrase").write_text("a long enough passphrase\n")
                    run("backup", saved, *secret, "--data", data)
                    first = run("witness", "ask", url, "--key", cosigner, "--data", data)
                    check.equal(first.code, 0, "it co-signs")
                    tell(server, 60, 70)
                    again = run("witness", "ask", url, "--key", cosigner, "--data", data)
                    check.equal(again.code, 0, "it co-signs what grew")
                    check.equal(len([line for line in again.out.splitlines() if line.startswith("—")]), 2, "the checkpoint carries both signatures")
                    # Another history after the same beginning, under the same keys: what somebody would show who rewrote the log.
                    run("restore", saved, *secret, "--data", folder / "fork")
                    fork = folder / "fork"
                    stays = folder / "stays.er7"
                    stays.write_bytes(b"".join(Stay(f"F{number}").message("A01") for number in range(80)))
                    run("import", "hl7", stays, "--data", fork)
                    refused = run("witness", "ask", url, "--key", cosigner, "--data", fork)
                    check(refused.code == 1 and "another history" in refused.err, "it does not co-sign a fork", refused)
            check.equal(server.stop(), 0, "the server stops")
        with check.part("histories that were changed"):
            size = int((exported / "checkpoint").read_text().split("\n")[1])
            changes = {
                "rewritten": ["UPDATE event SET source = 'urn:finess:0' WHERE position = 6"],
                "reordered": [
                    "UPDATE event SET position = -6 WHERE position = 6",
                    "UPDATE event SET position = 6 WHERE position = 7",
                    "UPDATE event SET position = 7 WHERE position = -6",
                ],
                "dropped": ["DELETE FROM event WHERE position = 6", "UPDATE event SET position = position - 1 WHERE position > 6"],
                "truncated": [f"DELETE FROM event WHERE position > {size - 30}"],
            }
            for name, statements in changes.items():
                copy = tampered(data, folder / name, *statements)
                verified = run("verify", "--data", copy)
                check.equal(verified.code, 1, f"verify finds that the history was {name}")
                out = folder / f"{name}-export"
                result = run("log", "export", out, "--data", copy)
                # Either we refuse to export, or Go is not convinced.
                verdict = judged(out, "-old", old).returncode if result.code == 0 else 1
                check(verdict != 0, f"nobody is convinced by a history that was {name}")
        check(not any(trap in server.words for trap in TRAPS), "no trap", server.words[-400:])
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
