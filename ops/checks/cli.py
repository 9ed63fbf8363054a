"""The command line of the real binary, with and without a running server: happy paths, exit statuses, documents, and clear words.

Exit status 0 = done, 1 = the answer is no, 2 = usage or environment. With --json, standard output is one JSON document.
"""

import json
import os
import shutil
import sqlite3
import sys

from _cli_story import Lines, admission, check_story, emit
from _hl7 import FINESS, Stay
from _relais import PROTOCOL_FILES, PROTOCOLS, REFERENT, TERRITORY_FILE, Checks, Server, initialised, require_binary, run, scratch


def check_usage(check, line, folder, data):
    missing = folder / "nowhere"
    for arguments in (
        ["serve"],
        ["todo", "--rpps", REFERENT],
        ["feed", "status"],
        ["quarantine", "list"],
        ["quarantine", "show", "019f0000-0000-7000-8000-000000000000"],
        ["profiles", "list"],
        ["replay", "--visit", "V1"],
        ["verify"],
        ["projections", "status"],
        ["projections", "rebuild", "todo"],
        ["import", "hl7", TERRITORY_FILE],
        ["territory", "publish", TERRITORY_FILE],
        emit("discharge", "V1"),
    ):
        line(2, *arguments, "--data", missing, says=["nowhere", "relais init"], words=f"{' '.join(map(str, arguments[:2]))} on a missing directory")
    check(not missing.exists(), "a command made a directory that only relais init makes")
    line(1, "init", "--data", data, says="already")
    line(2, "init")
    line(2, "nonsense")
    line(2, "todo", "--data", data)
    line(2, "todo", "--rpps", REFERENT, "--at", "yesterday", "--data", data)
    line(2, "todo", "--rpps", REFERENT, "--at", "2026-01-01T00:00:00Z", "--position", "1", "--data", data)
    line(1, "todo", "--rpps", "10000023084", "--data", data, says="directory", words="todo of somebody unknown")
    line(2, "replay", "--data", data)
    line(2, "replay", "not-hexadecimal", "--data", data)
    line(1, "replay", "0" * 32, "--data", data, words="replay of an unknown pathway")
    line(1, "replay", "--visit", "V-unknown", "--data", data)
    line(2, "replay", "--visit", "V1", "--position", "-5x", "--data", data)
    line(2, "projections", "rebuild", "nonsense", "--data", data)
    line(2, "feed", "status", "--orphan-alarm-hours", "-1", "--data", data)
    line(2, "quarantine", "list", "--status", "nothing", "--data", data)
    line(1, "quarantine", "show", "019f0000-0000-7000-8000-000000000000", "--data", data, words="quarantine show of an unknown message")
    line(2, "quarantine", "correct", "019f0000-0000-7000-8000-000000000000", "--actor", f"urn:rpps:{REFERENT}", "--set", "PV1-19", "--data", data)
    line(2, "import", "hl7", folder / "no-such-file", "--data", data, says="no-such-file")
    line(1, *emit("discharge", "V-unknown", "--data", data), says="admission", words="emit discharge of an unknown visit")
    line(2, *emit("discharge", "V1", "--destination", "moon", "--data", data), words="emit discharge to the moon")
    line(
        1,
        "emit",
        "discharge",
        "--visit",
        "V1",
        "--facility",
        FINESS,
        "--actor",
        "urn:rpps:10000023084",
        "--data",
        data,
        words="emit by somebody unknown",
    )
    for option in ("--http", "--mllp"):
        for host in ("0.0.0.0:0", "192.0.2.1:0", "[::]:0"):
            line(2, "serve", "--data", data, option, host, says=["loopback", "refus"][1], words=f"serve {option} {host}")
    line(2, "serve", "--data", data, "--http", "127.0.0.1:99999")
    check("Exit status" in line(0, "--help").out, "relais --help does not tell the exit statuses")
    check(line(0, "--version").out.strip(), "relais --version says nothing")
    check.equal(set(line(0, "projections", "list").out.split()), {"todo", "timeline", "directory", "feed", "patients", "notifications"}, "relais projections list")


def check_import(check, line, folder, data):
    stay = Stay("IMPORT1")
    file = folder / "stay.er7"
    file.write_bytes(b"".join(stay.message(trigger) for trigger in ("A01", "A02", "A03")))
    result = line(0, "import", "hl7", file, "--data", data, says="3 messages")
    check.equal(result.out.count("MSA|AA|"), 3, "acknowledgements that relais import hl7 prints")
    document = line.document("import", "hl7", file, "--data", data, words="the same file again")
    check.equal((document["messages"], document["codes"]), (3, {"AA": 3}), "the document of relais import hl7 --json")
    [sender] = line.document("feed", "status", "--data", data)["senders"]
    check.equal((sender["accepted"], sender["duplicates"]), (3, 3), "accepted and duplicates of relais feed status")
    check("accepted 3" in line(0, "feed", "status", "--data", data).out, "relais feed status for people lacks its counts")

    framed = folder / "framed.hl7"
    other = Stay("IMPORT2")
    framed.write_bytes(b"".join(b"\x0b" + other.message(trigger) + b"\x1c\r" for trigger in ("A01", "A03")))
    check.equal(line.document("import", "hl7", framed, "--data", data)["codes"], {"AA": 2}, "import of a file with MLLP framing")
    refused = folder / "refused.er7"
    refused.write_bytes(Stay("IMPORT3").message("A01", zbe="") + Stay("IMPORT4").message("A01", processing="P"))
    check.equal(line.document("import", "hl7", refused, "--data", data, code=1)["codes"], {"AE": 1, "AR": 1}, "import of refused messages")
    garbage = folder / "garbage.er7"
    garbage.write_bytes(bytes(range(256)) * 8)
    check.equal(line.document("import", "hl7", garbage, "--data", data, code=1)["codes"], {"none": 1}, "import of garbage")


def check_publishing(check, line, folder, data):
    shipped = TERRITORY_FILE.read_text(encoding="utf-8")
    line(0, "territory", "publish", TERRITORY_FILE, "--data", data, says="unchanged")
    for name in PROTOCOLS:
        line(0, "protocols", "publish", PROTOCOL_FILES / f"{name}.yaml", "--data", data, says="unchanged")
    changed = folder / "changed.yaml"
    changed.write_text(shipped.replace("\nversion: 1\n", "\nversion: 2\n").replace('phone: "0261910052"', 'phone: "0261919952"'), encoding="utf-8")
    line(0, "territory", "publish", changed, "--data", data, says="published at position", words="territory publish of a changed file")
    line(0, "territory", "publish", changed, "--data", data, says="unchanged", words="territory publish of the same file again")
    plain = (PROTOCOL_FILES / "plain-home-discharge.yaml").read_text(encoding="utf-8")
    protocol = folder / "protocol.yaml"
    protocol.write_text(plain.replace("\nversion: 2\n", "\nversion: 3\n").replace("value: J0+7d", "value: J0+6d"), encoding="utf-8")
    line(0, "protocols", "publish", protocol, "--data", data, says="published at position", words="protocols publish of a changed file")

    def faulty(kind, text, old, new):
        file = folder / f"faulty-{kind}.yaml"
        if not check(old in text, f"the fault to plant is not in the shipped {kind} file"):
            return
        at = text[: text.index(old)].count("\n") + 1
        file.write_text(text.replace(old, new, 1), encoding="utf-8")
        result = line(1, kind, "publish", file, "--data", data, words=f"{kind} publish of a file with a fault")
        check(f"faulty-{kind}.yaml:{at}" in result.err, f"the fault of line {at} is not told as file:line", result)

    faulty("territory", shipped, 'rpps: "99999000021", family', 'rpps: "99999000022", family')
    faulty("protocols", plain, "role: pharmacist", "role: pharmacits")
    before = line.document("verify", "--data", data)["position"]
    two = folder / "two.yaml"
    two.write_text(shipped.replace('postalCodes: ["85300"]', 'postalCodes: ["853"]', 1).replace("role: nurse", "role: nurze", 1), encoding="utf-8")
    result = line(1, "territory", "publish", two, "--data", data)
    check(result.err.count("two.yaml:") >= 2, "not all faults of a file are told at once", result)
    check.equal(line.document("verify", "--data", data)["position"], before, "the log's position after a refused file")
    not_yaml = folder / "not.yaml"
    not_yaml.write_bytes(b"\xff\xfe\x00 {[")
    line(2, "territory", "publish", not_yaml, "--data", data, words="territory publish of what is no text")
    not_yaml.write_text("a: [1, 2\nb: }", encoding="utf-8")
    line(1, "territory", "publish", not_yaml, "--data", data, words="territory publish of what is no YAML")
    line(1, "init", "--data", folder / "never", "--territory", two, says="two.yaml:")
    check(not (folder / "never" / "settings.json").exists(), "relais init with a faulty territory leaves a directory that looks made")


def check_read_only(check, folder, data):
    """A copy on a read-only disk, or in the hands of somebody who may not write: what only reads works, and leaves nothing behind."""
    copy = folder / "read-only"
    shutil.copytree(data, copy, ignore=shutil.ignore_patterns("control.sock"))
    # Root may write whatever the mode says.
    user = {"user": 65534} if os.geteuid() == 0 else {}
    folder.chmod(0o755)
    for path in copy.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    copy.chmod(0o555)
    before = sorted(path.name for path in copy.iterdir())
    for arguments in (["verify"], ["log", "key"], ["log", "checkpoint"], ["followers", "parked"]):
        result = run(*arguments, "--data", copy, **user)
        check.equal(result.code, 0, f"relais {' '.join(arguments)} where nothing may be written ({result.err.strip()})")
    result = run("followers", "status", "--json", "--data", copy, **user)
    check(result.code in (0, 1) and result.json, "relais followers status where nothing may be written", result)
    check.equal(sorted(path.name for path in copy.iterdir()), before, "the files of a directory that was only read")
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def check_verify(check, line, folder, data):
    line(0, "verify", "--data", data, says=["sound", "rollback"])
    document = line.document("verify", "--data", data)
    check(document["sound"] is True and document["events"] == document["position"] > 0, "the document of a sound log", document)

    def tampered(name, *statements):
        copy = folder / f"tampered-{name}"
        shutil.copytree(data, copy, ignore=shutil.ignore_patterns("control.sock"))
        connection = sqlite3.connect(copy / "log.sqlite")
        for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            if connection.execute(statement).rowcount < 1:
                check(False, f"the tampering « {name} » changed nothing")
        connection.commit()
        connection.close()
        result = line(1, "verify", "--data", copy, words=f"verify of a log with tampered {name}")
        problems = line.document("verify", "--data", copy, code=1, words=f"verify --json of a log with tampered {name}")
        check(problems and problems["sound"] is False and problems["problemCount"] > 0, f"verify --json of tampered {name}", problems)
        return result

    flip = "substr(payload, 1, 20) || x'21' || substr(payload, 22)"
    result = tampered("payload", f"UPDATE event SET payload = CAST({flip} AS BLOB) WHERE position = 12")
    check("12" in result.err, "verify does not say at which position the payload was changed", result)
    tampered("time", "UPDATE event SET recorded_at = recorded_at + 1 WHERE position = 11")
    tampered("actor", "UPDATE event SET actor = 'urn:rpps:99999000021' WHERE position = 12")
    tampered("order", "UPDATE event SET position = 1000000 WHERE position = 13")
    tampered("end", "DELETE FROM event WHERE position = (SELECT max(position) FROM event)")
    tampered("root", "UPDATE head SET root_hash = zeroblob(32)")

    # The keys: of a log that is whole.
    check(document["keys"]["sound"] is True and document["keys"]["uses"] > 0 and document["keys"]["unwrapped"] > 0, "the keys of a sound log", document)

    def keys_tampered(name, says, *statements):
        copy = folder / f"keys-{name}"
        shutil.copytree(data, copy, ignore=shutil.ignore_patterns("control.sock"))
        connection = sqlite3.connect(copy / "keys.sqlite")
        for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        for statement in statements:
            if connection.execute(statement).rowcount < 1:
                check(False, f"the tampering of keys « {name} » changed nothing")
        connection.commit()
        connection.close()
        line(1, "verify", "--data", copy, says=says, words=f"verify with keys tampered: {name}")
        found = line.document("verify", "--data", copy, code=1, words=f"verify --json with keys tampered: {name}")
        check(found["sound"] is False and found["keys"]["sound"] is False and not found["problems"], f"verify --json, keys: {name}", found)
        return copy

    keys_tampered("missing", "missing without an erasure", "DELETE FROM data_key WHERE number = 1")
    keys_tampered("garbled", "does not unwrap", "UPDATE data_key SET wrapped = randomblob(60) WHERE number = 1")
    bury = "UPDATE data_key SET wrapped = NULL, stream = NULL, created_at = NULL, destroyed_at = 1 WHERE number = 1"
    copy = keys_tampered("destroyed", "says nothing of an erasure", bury)
    (copy / "keys.sqlite").unlink()
    line(1, "verify", "--data", copy, says="no keys.sqlite", words="verify without a key store")
    copy = folder / "without-secrets"
    shutil.copytree(data, copy, ignore=shutil.ignore_patterns("control.sock", "master*.key"))
    line(0, "verify", "--data", copy, says=["keys sound", "no key was unwrapped"], words="verify without the master key")

    # The triggers themselves, on a copy.
    copy = folder / "triggers"
    shutil.copytree(data, copy, ignore=shutil.ignore_patterns("control.sock"))
    connection = sqlite3.connect(copy / "log.sqlite")
    for statement in ("UPDATE event SET actor = 'x' WHERE position = 1", "DELETE FROM event WHERE position = 1"):
        try:
            connection.execute(statement)
            check(False, f"the log takes « {statement} »")
        except sqlite3.Error as error:
            check("append-only" in str(error), "the trigger's words", error)
    connection.close()

    broken = folder / "broken"
    shutil.copytree(data, broken, ignore=shutil.ignore_patterns("control.sock", "*-wal", "*-shm"))
    (broken / "log.sqlite").write_bytes(b"this is no database " * 1000)
    line(1, "verify", "--data", broken, words="verify of a file that is no log")
    empty = folder / "empty"
    shutil.copytree(data, empty, ignore=shutil.ignore_patterns("control.sock", "log.sqlite*"))
    result = run("verify", "--data", empty)
    check(result.code in (1, 2) and result.err.strip(), "verify without a log must not succeed", result)


def check_projections(check, line, data):
    document = line.document("projections", "status", "--data", data)
    check(len(document) == 6 and all(view["lag"] == 0 and view["parked"] == 0 for view in document), "views at rest behind the log", document)
    for name in ("todo", "timeline", "directory", "feed", "patients", "notifications"):
        result = line(0, "projections", "rebuild", name, "--data", data)
        words = result.out.replace(",", "").split()
        check(len(words) >= 5 and words[1] == words[3], f"{name} rebuilt has another digest", result)


def check_simulate(check, line, folder):
    """The same seed tells the same story; its directory is like any other."""
    roots = []
    for name in ("first", "second"):
        data = folder / f"simulated-{name}"
        report = line(0, "simulate", "--seed", "7", "--days", "2", "--inhabitants", "1000", "--data", data, "--json").json
        roots.append(report["rootHash"])
        check(report["events"] > 0 and report["messages"] > 0, "a simulated territory in which nothing happens", report)
        line(2, "simulate", "--days", "0", "--data", folder / "never", words="simulate no day")
        line(1, "simulate", "--data", data, says="already", words="simulate into a directory that is there")
    line(0, "verify", "--data", data, words="verify of a simulated territory")
    line.document("todo", "--rpps", REFERENT, "--data", data)
    check_what_if(check, line, folder)


def check_what_if(check, line, folder):
    """The protocol in force makes history again; another one is an estimate; a log that cannot be made again shows nothing."""
    data = folder / "what-if"
    line(0, "simulate", "--seed", "7", "--days", "12", "--inhabitants", "2000", "--data", data, words="simulate twelve days")
    plain = PROTOCOL_FILES / "plain-home-discharge.yaml"
    same = line(0, "simulate", "--what-if", plain, "--data", data, "--draws", "2", "--json").json
    check(same["decisions"] > 10 and same["differences"] == 0, "the protocol in force does not make history again", same)
    nothing = {"mean": 0, "low": 0, "high": 0}
    check(all(one["difference"] == nothing for one in same["measures"]), "something would have been otherwise under the same protocol", same["measures"])
    other = folder / "other.yaml"
    other.write_text(plain.read_text(encoding="utf-8").replace("\nversion: 2\n", "\nversion: 3\n").replace("value: J0+7d", "value: J0+6d"), encoding="utf-8")
    asked = ("simulate", "--what-if", other, "--data", data, "--draws", "2")
    check.equal(line(0, *asked, "--json").out, line(0, *asked, "--json").out, "the same question with the same seed")
    line(2, *asked, "--days", "3", words="simulate --what-if --days")
    other.write_text("id: nonsense\n", encoding="utf-8")
    line(1, *asked, says="other.yaml", words="simulate --what-if with a faulty protocol")


def check_deep(check, line, folder):
    deep = folder
    while len(str(deep)) < 160:
        deep = deep / "une-arborescence-très-profonde"
    deep.mkdir(parents=True)
    data = initialised(deep / "data")
    line(0, "territory", "publish", TERRITORY_FILE, "--data", data, says="unchanged", words="publishing into a deep directory")
    with Server(data) as server:
        result = line(0, *admission("VDEEP", data, "deep"), words="emit to the server of a deep directory")
        position = result.json["position"]
        check(server.get("/api/v1/log/head").json["position"] >= position, "the server of a deep directory did not take the command")
        check.equal(server.stop(), 0, "exit status of the server of a deep directory")


def check_served(check, line, folder, data):
    with Server(data) as server:
        check_story(check, line, data, "VSERVED", is_served=True)
        line(
            2, "serve", "--data", data, "--http", "127.0.0.1:0", "--mllp", "127.0.0.1:0", says="in use by another process", words="a second server on a directory"
        )
        result = run("serve", "--data", data, "--http", "127.0.0.1:0", "--mllp", "127.0.0.1:0")
        check(
            any(word in result.err for word in ("another process", "owned", "already", "running")),
            "a second server is not told why it may not",
            result,
        )
        line(0, "projections", "rebuild", "todo", "--data", data, words="rebuild beside a running server")
        file = folder / "served.er7"
        file.write_bytes(Stay("SERVED2").message("A01"))
        check.equal(line.document("import", "hl7", file, "--data", data)["codes"], {"AA": 1}, "import to a running server")
        line(0, "territory", "publish", folder / "changed.yaml", "--data", data, says="unchanged", words="publishing to a running server")
        line(0, "verify", "--data", data, words="verify beside a running server")
        check(all(view["parked"] == 0 for view in line.document("projections", "status", "--data", data)), "a view parked an event")
        line.document("feed", "status", "--data", data)
        check.equal(server.stop(), 0, "exit status of a graceful stop")
        check("stopped" in server.words, "the server does not say that it stopped", server.words)
        check("WRENFEATHER" not in server.words.upper(), "a patient's name is in what the server says")
    check(not (data / "control.sock").exists(), "a stopped server leaves its socket")


def main():
    require_binary("cli")
    check = Checks("cli")
    line = Lines(check)
    with scratch("cli") as folder:
        data = folder / "data"
        with check.part("relais init"):
            line(0, "init", "--data", data, says="is ready")
            settings = json.loads((data / "settings.json").read_text())
            check.equal(settings["environment"], "test", "the environment of a new directory")
            others = [path.name for path in (data, data / "secrets", data / "log.sqlite") if path.stat().st_mode & 0o077]
            check(not others, "others may read what only the owner may", others)
        for words, part in (
            ("usage and environment", lambda: check_usage(check, line, folder, data)),
            ("relais import", lambda: check_import(check, line, folder, data)),
            ("the story without a server", lambda: check_story(check, line, data, "VALONE", is_served=False)),
            ("publishing", lambda: check_publishing(check, line, folder, data)),
            ("the story with a server", lambda: check_served(check, line, folder, data)),
            ("projections", lambda: check_projections(check, line, data)),
            ("verify", lambda: check_verify(check, line, folder, data)),
            ("read-only", lambda: check_read_only(check, folder, data)),
            ("relais simulate", lambda: check_simulate(check, line, folder)),
            ("a deep directory", lambda: check_deep(check, line, folder)),
        ):
            with check.part(words):
                part()
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
