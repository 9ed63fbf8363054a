"""Erases a patient from a running server and looks for what is left: in every file, write-ahead logs and free pages included.

The patient's names are invented words that occur nowhere else, so a plain search of all bytes finds them wherever they are. Before the
erasure the search must find them in the views (else it could not fail); after it, nowhere. The log must verify as before, the rebuilt
views must be those that were maintained, other patients must still be there, and a restored older key store must revive nobody.
"""

import sys

from _hl7 import FINESS, Ack, Stay, send_once
from _relais import REFERENT, TRAPS, Checks, Server, initialised, require_binary, run, scratch

NEEDLES = ["ZQWRENFEATHER", "Xylophania", "19371103", "RUE DES SALINES"]


def occurrences(directory, words, skip=()):
    """The files that hold one of the words, in UTF-8 or UTF-16, whatever the case."""
    found = []
    for path in sorted(directory.rglob("*")):
        if not path.is_file() or path.name in skip:
            continue
        content = path.read_bytes().lower()
        for word in words:
            if word.lower().encode() in content or word.lower().encode("utf-16-le") in content:
                found.append(f"{path.name}: {word}")
    return found


def stay(key, **changes):
    return Stay(key, family="ZQWRENFEATHER", given="Xylophania", birth="19371103", **changes)


def main():
    require_binary("erasure")
    check = Checks("erasure")
    with scratch("erasure") as folder:
        data = initialised(folder / "data")
        with Server(data) as server:
            with check.part("telling two patients' stays"):
                # The same person under two local numbers of one visit each, with a message that was refused, and another patient.
                gone, other = stay("E1"), Stay("E2", family="BLACKTHORNE", given="Ondine")
                for message in [gone.message("A01"), gone.message("A02"), gone.message("A03"), other.message("A01"), other.message("A03")]:
                    check.equal(Ack(send_once(server.mllp, message)).code, "AA", "a message of the story")
                refused = gone.message("A01", control="E1BAD", zbe=f"ZBE||CHLVO^{FINESS}^N|not-a-time||INSERT|N||||HMS")
                check(Ack(send_once(server.mllp, refused)).code != "AA", "a broken message is not accepted")
                check(server.settle(), "the server settles")
            with check.part("finding the patient before"):
                words = NEEDLES[:2]
                check(any("views.sqlite" in place for place in occurrences(data, words)), "the views hold the name before, or the search finds nothing")
                check(not any(place.startswith("log.sqlite") for place in occurrences(data, words)), "the log holds no name even before", occurrences(data, words))
            before = server.get("/api/v1/log/head").json
            keys_before = folder / "old-keys"
            keys_before.mkdir()
            with check.part("looking at what would be erased"):
                looked = run("erase", "--patient", f"{FINESS}/PE1", "--reason", "requestOfPatient", "--actor", f"urn:rpps:{REFERENT}", "--data", data)
                check.equal(looked.code, 0, "erase without --yes looks only")
                check(looked.json["erased"] is False and looked.json["keys"] >= 2, "it tells how much would go", looked)
                check.equal(server.get("/api/v1/log/head").json, before, "and changes nothing")
                # A copy of the key store from before the erasure, as an old backup would hold it.
                run("backup", folder / "old", "--keys", keys_before, "--passphrase-file", passphrase(folder), "--data", data)
            with check.part("erasing"):
                done = run("erase", "--patient", f"{FINESS}/PE1", "--reason", "requestOfPatient", "--actor", f"urn:rpps:{REFERENT}", "--yes", "--data", data)
                check.equal(done.code, 0, "erase --yes")
                check(done.json["erased"] is True, "it says so", done)
                check(server.settle(), "the server settles after")
                check.equal(occurrences(data, NEEDLES[:3]), [], "nothing of the patient is left in any file of the running server")
                unknown = run("erase", "--patient", f"{FINESS}/PNOBODY", "--reason", "order", "--actor", f"urn:rpps:{REFERENT}", "--yes", "--data", data)
                check.equal(unknown.code, 1, "erasing nobody says no")
            with check.part("erasing again"):
                again = run("erase", "--patient", f"{FINESS}/PE1", "--reason", "order", "--actor", f"urn:rpps:{REFERENT}", "--yes", "--data", data)
                check(again.code == 0 and again.json["keys"] == 0, "finishes what a broken-off erasure may have left", again)
            with check.part("what remains"):
                replay = run("replay", "--visit", "VE2", "--facility", FINESS, "--json", "--data", data)
                check(replay.code == 0 and replay.json["status"] == "discharged", "the other patient's pathway is whole", replay)
                erased = run("replay", "--visit", "VE1", "--facility", FINESS, "--json", "--data", data)
                check("ZQWREN" not in erased.out and "PE1" not in erased.out, "the erased pathway tells nothing", erased)
                verified = run("verify", "--data", data, "--json")
                check(verified.code == 0 and verified.json["sound"], "the log verifies", verified)
                again = Ack(send_once(server.mllp, stay("E1").message("A01")))
                check(again.code == "AA", "a repeated message of the erased patient is answered", again)
            with check.part("a patient who comes back"):
                back = stay("E9")
                check.equal(Ack(send_once(server.mllp, back.message("A01"))).code, "AA", "a later stay under another number is taken")
                check(server.settle(), "the server settles")
                check.equal(run("replay", "--visit", "VE9", "--facility", FINESS, "--json", "--data", data).json["status"], "admitted", "and is readable")
                check.equal(server.stop(), 0, "the server stops")
        with check.part("views rebuilt are those maintained"):
            for name in run("projections", "list").out.split():
                rebuilt = run("projections", "rebuild", name, "--data", data)
                check.equal(rebuilt.code, 0, f"{name} rebuilt = maintained")
        with check.part("an old copy of log and keys, beside a newer log"):
            newest, restored = folder / "newest", folder / "restored-old"
            run("backup", newest, "--keys", folder / "newest-keys", "--passphrase-file", passphrase(folder), "--data", data)
            options = ["--keys", keys_before, "--passphrase-file", passphrase(folder)]
            result = run("restore", folder / "old", *options, "--erasures", newest, "--data", restored, "--json")
            check(result.code == 0 and result.json["erasures"] == 1, "the newer log's erasure is taken over", result)
            replay = run("replay", "--visit", "VE1", "--facility", FINESS, "--json", "--data", restored)
            check("ZQWREN" not in replay.out and "PE1" not in replay.out, "and revives nobody", replay)
            check.equal(run("verify", "--data", restored).code, 0, "the restored log verifies")
        with check.part("an old copy of the keys"):
            newer = folder / "newer"
            run("backup", newer, "--keys", folder / "new-keys", "--passphrase-file", passphrase(folder), "--data", data)
            restored = folder / "restored"
            result = run("restore", newer, "--keys", keys_before, "--passphrase-file", passphrase(folder), "--data", restored)
            check.equal(result.code, 1, "keys that are older than the log are told, and nothing is restored")
            result = run("restore", newer, "--keys", keys_before, "--passphrase-file", passphrase(folder), "--incomplete", "--data", restored)
            check.equal(result.code, 0, "a new log with old keys is restored")
            replay = run("replay", "--visit", "VE1", "--facility", FINESS, "--json", "--data", restored)
            check("ZQWREN" not in replay.out and "PE1" not in replay.out, "the old keys revive nobody", replay)
            check.equal([place for place in occurrences(restored, NEEDLES[:2]) if "E9" in place], [], "nothing of the old stay is in the restored files")
        check(not any(trap in server.words for trap in TRAPS), "no trap", server.words[-400:])
    return check.finish()


def passphrase(folder):
    path = folder / "passphrase"
    path.write_text("correct horse battery staple\n")
    path.chmod(0o600)
    return path


if __name__ == "__main__":
    sys.exit(main())
