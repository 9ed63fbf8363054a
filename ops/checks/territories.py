"""Two territories in one process, one hospital that sends to both: the commune chooses, nothing crosses over, a move hands over.

The second territory is cut out of the demonstration's: its communes of the département 44. The hospital uses one listener; the same visit
number, local number and names are used on both sides of the border on purpose.
"""

import json
import sqlite3
import sys

import yaml
from _hl7 import FINESS, Ack, Mllp, Stay, send_once
from _relais import TERRITORY_FILE, TRAPS, Checks, Server, require_binary, run, scratch, wait_until

HOME = ("CHALLANS", "85300")
RETZ = ("MACHECOUL SAINT MEME", "44270")


def territory_files(folder):
    """The demonstration's territory in two: département 85, and département 44 under an id of its own."""
    whole = yaml.safe_load(TERRITORY_FILE.read_text())
    paths = []
    for identity, department in (("clvo-sud", "85"), ("clvo-retz", "44")):
        part = json.loads(json.dumps(whole, default=str))
        part["id"], part["name"] = identity, f"Territoire {department} (fictif)"
        codes = {commune["code"] for commune in whole["communes"] if commune["code"].startswith(department)}
        part["communes"] = [commune for commune in part["communes"] if commune["code"] in codes]
        keep_covering(part, codes)
        path = folder / f"{identity}.yaml"
        path.write_text(json.dumps(part, ensure_ascii=False, indent=1))  # JSON is YAML, with every text quoted
        paths.append((identity, path))
    return paths


def keep_covering(part, codes):
    """Leaves out whoever covers none of the communes, and what names them."""

    def covered(entry):
        communes = entry.get("communes")
        if not isinstance(communes, list):
            return True
        entry["communes"] = [code for code in communes if code in codes]
        return bool(entry["communes"])

    part["professionals"] = [person for person in part["professionals"] if covered(person)]
    known = {person["rpps"] for person in part["professionals"]}
    for person in part["professionals"]:
        for absence in person.get("absences", []):
            if absence.get("replacement") not in known:
                absence.pop("replacement", None)
    for team in part["teams"]:
        team["members"] = [member for member in team["members"] if member in known]
    part["teams"] = [team for team in part["teams"] if covered(team) and team["members"]]


def streams(data):
    connection = sqlite3.connect(f"file:{data / 'log.sqlite'}?mode=ro", uri=True)
    try:
        return {name for (name,) in connection.execute("SELECT name FROM stream")}
    finally:
        connection.close()


def replay(data, visit):
    result = run("replay", "--visit", visit, "--facility", FINESS, "--json", "--data", data)
    return result.json if result.code == 0 else None


def main():
    require_binary("territories")
    check = Checks("territories")
    with scratch("territories") as folder:
        directories = []
        for identity, path in territory_files(folder):
            result = run("init", "--data", folder / identity, "--territory", path)
            check.equal(result.code, 0, f"init of {identity}")
            directories.append(folder / identity)
        south, retz = directories
        server = Server(south)
        server.more = ["--data", str(retz)]
        with server.start():
            with check.part("the commune chooses"):
                here, there = Stay("B1", city=HOME[0], postal=HOME[1]), Stay("B2", city=RETZ[0], postal=RETZ[1])
                for stay in (here, there):
                    for trigger in ("A01", "A03"):
                        check.equal(Ack(send_once(server.mllp, stay.message(trigger))).code, "AA", f"{stay.visit} {trigger}")
                check(settled(server), "both settle")
                check(replay(south, here.visit) and not replay(retz, here.visit), "who lives in Challans is in the south")
                check(replay(retz, there.visit) and not replay(south, there.visit), "who lives in Machecoul is in the Retz")
            with check.part("a message without an address follows its visit"):
                message = there.message("A13").replace("12 RUE DES SALINES^^MACHECOUL SAINT MEME^^44270^FRA^H".encode(), b"")
                check.equal(Ack(send_once(server.mllp, message)).code, "AA", "a cancellation without an address")
                check(settled(server), "both settle")
                check.equal((replay(retz, there.visit) or {}).get("status"), "admitted", "the discharge of the Retz is taken back")
            with check.part("a repetition goes where it went"):
                with Mllp(server.mllp) as connection:
                    again = there.message("A01")
                    first, second = connection.send(again), connection.send(again)
                    check(first == second, "the same answer again")
            with check.part("a move hands over"):
                mover = Stay("B3", city=HOME[0], postal=HOME[1])
                for trigger in ("A01", "A03"):
                    check.equal(Ack(send_once(server.mllp, mover.message(trigger))).code, "AA", f"{mover.visit} {trigger}")
                check(settled(server), "both settle")
                before = replay(south, mover.visit)
                check(before and any(item["status"] in ("open", "accepted") for item in before["followUps"]), "the south has follow-ups")
                moved = Stay("B3", city=RETZ[0], postal=RETZ[1])
                check.equal(Ack(send_once(server.mllp, moved.message("A02", control="B3MOVE"))).code, "AA", "the message that tells of the move")
                check(settled(server), "both settle")
                left, arrived = replay(south, mover.visit), replay(retz, mover.visit)
                check(left and left["status"] == "closed", "the old pathway is closed", left and left["status"])
                check(left and all(item["status"] in ("withdrawn", "done") for item in left["followUps"]), "its follow-ups are withdrawn")
                check(any("handed-over" in event["type"] for event in left["events"]), "an event in the old log says so")
                check(arrived and any("taken-over" in event["type"] for event in arrived["events"]), "and one in the new log")
                check(arrived and any(item["status"] in ("open", "accepted") for item in arrived["followUps"]), "the new territory has follow-ups")
            with check.part("nothing crosses over"):
                check.equal(streams(south) & streams(retz), set(), "no stream id is in both logs")
                for path, host in ((f"/t/clvo-sud/api/v1/pathways?visit={there.visit}", None), (f"/t/clvo-retz/api/v1/pathways?visit={here.visit}", None)):
                    answer = server.get(path)
                    check(answer.status == 200 and answer.json["pathways"] == [], f"{path} finds nothing", answer)
                check.equal(server.get("/t/unknown/api/v1/log/head").status, 404, "an unknown territory is not found")
                check.equal(server.get("/readyz").status, 200, "one readiness for all")
                page = server.get("/")
                check(page.status == 200 and "clvo-retz" in page.text, "the first page names both", page.status)
            for data in directories:
                check.equal(run("verify", "--data", data).code, 0, f"{data.name} verifies")
            check.equal(server.stop(), 0, "the server stops")
        check(not any(trap in server.words for trap in TRAPS), "no trap", server.words[-400:])
    return check.finish()


def settled(server):
    def heads():
        return [server.get(f"/t/{name}/api/v1/log/head").json["position"] for name in ("clvo-sud", "clvo-retz")]

    def is_still():
        before = heads()
        answer = server.get("/readyz")
        return answer.status == 200 and all(item.get("lag", 0) == 0 for item in answer.json["checks"]) and heads() == before

    return wait_until(is_still, 60)


if __name__ == "__main__":
    sys.exit(main())
