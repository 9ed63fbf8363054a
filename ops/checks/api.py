"""The story of a stay through the real server: the JSON API, HL7 over HTTP, and the French pages.

From the admission to the nurse who accepts, the second who is told, the visit that is done and the discharge that is cancelled; with
every refusal that a client can run into. At the end the log is read beside the product: each write once, each key re-used recorded.
"""

import concurrent.futures
import datetime
import json
import re
import sqlite3
import sys

from _api_pages import check_pages
from _api_people import check_people
from _api_story import Story, asked, problem
from _api_story import answer as answering
from _hl7 import Ack, Stay, rfc3339, send_once, utc_now
from _relais import GP, PLAIN_RULES, REFERENT, TRAPS, UNIT_CONTACT, Checks, Server, initialised, require_binary, run, scratch, wait_until
from _unseal import events

OTHER_NURSE = "99999000443"  # of Machecoul: takes no part in what happens in Challans
# Names that nothing else uses, so that finding one in a log line says where it came from.
NAMES = ["Oswinthal", "Brumétoile", "Quenotaire", "Isabeausse", "Zéphirinette"]


def check_writes(check, server, story):
    """Admission, idempotency, and who may write."""
    body = story.body("VKEYS", NAMES[0])
    problem(check, server.post("/api/v1/pathways", body, UNIT_CONTACT), 400, "a write without a key", "idempotency-key-missing")
    problem(check, server.post("/api/v1/pathways", body, key="k"), 401, "a write without an actor", "actor-missing")
    problem(check, server.post("/api/v1/pathways", body, "12", "k"), 401, "a malformed actor", "actor-malformed")
    problem(check, server.post("/api/v1/pathways", body, "10000023084", "k"), 403, "an unknown actor", "actor-unknown")
    first = server.post("/api/v1/pathways", body, UNIT_CONTACT, "key-1")
    check.equal(first.status, 201, "status of an admission")
    check.equal(first.headers.get("location"), f"/api/v1/pathways/{first.json['pathway']}", "Location of an admission")
    server.settle()
    head = server.get("/api/v1/log/head").json["position"]
    again = server.post("/api/v1/pathways", body, UNIT_CONTACT, "key-1")
    check.equal(
        (again.status, again.body, again.headers.get("location")), (first.status, first.body, first.headers.get("location")), "the same request again"
    )
    check.equal(server.get("/api/v1/log/head").json["position"], head, "the log's position after the same request again")
    problem(
        check, server.post("/api/v1/pathways", story.body("VOTHER", NAMES[0]), UNIT_CONTACT, "key-1"), 422, "a used key", "idempotency-key-reused"
    )
    answers = concurrent_posts(server, 6, lambda number: ("/api/v1/pathways", story.body("VRACE", NAMES[0]), UNIT_CONTACT, "key-race"))
    check.equal({(answer.status, answer.body) for answer in answers}, {(201, answers[0].body)}, "six times the same request at once")

    pathway = first.json["pathway"]
    path = f"/api/v1/pathways/{pathway}"
    planned = rfc3339(utc_now() + datetime.timedelta(hours=3))
    check.equal(server.post(f"{path}/discharge-planned", {"at": planned}, UNIT_CONTACT, "key-2").status, 200, "status of a planned discharge")
    check.equal(story.pathway(pathway)["status"], "admitted", "status after a planned discharge")
    problem(check, server.post(f"{path}/discharge", {"at": planned, "destination": "moon"}, UNIT_CONTACT, "key-3"), 400, "an unknown destination")
    problem(check, server.post(f"{path}/discharge", {"destination": "home"}, UNIT_CONTACT, "key-4"), 400, "a discharge without a time")
    problem(check, server.post(f"{path}/discharge", {"at": "soon", "destination": "home"}, UNIT_CONTACT, "key-5"), 400, "a time that is none")
    problem(
        check,
        server.post(f"/api/v1/pathways/{'0' * 32}/discharge", {"at": rfc3339(utc_now()), "destination": "home"}, UNIT_CONTACT, "key-6"),
        404,
        "an unknown pathway",
    )
    answer = server.post("/api/v1/pathways", {**body, "patient": {**body["patient"], "birthDate": "someday"}}, UNIT_CONTACT, "key-7")
    problem(check, answer, 422, "a birth date that is none", "invalid-member")
    check("someday" not in answer.text, "a problem quotes what was sent of a patient", answer)


def concurrent_posts(server, number, request):
    with concurrent.futures.ThreadPoolExecutor(number) as pool:
        return list(pool.map(lambda one: server.post(*request(one)), range(number)))


def check_follow_ups(check, server, story):
    """Offered, accepted by one, refused to the others, declined, done."""
    pathway, follow_ups = story.discharged(NAMES[0])
    visiting = follow_ups["nurse-first-visit"]
    nurses = asked(visiting)
    check(len(nurses) >= 2, "fewer than two nurses of Challans are asked", nurses)
    head = server.get("/api/v1/log/head").json["position"]
    for nurse in nurses:
        item = story.item(nurse, visiting["id"], head)
        check(item and item["kind"] == "offered", f"nurse {nurse} does not find the visit in the list")
        check(item and "patient" not in item and NAMES[0] not in json.dumps(item), "a nurse who is only asked sees who the patient is", item)
        check(item and item["commune"] == "Challans", "the offer does not say the commune", item)
    gp = story.item(GP, follow_ups["gp-visit"]["id"], head)
    check(gp and gp.get("patient"), "the patient's own GP does not see who the patient is", gp)
    check.equal(visiting["owner"], f"urn:rpps:{REFERENT}", "the owner before anybody accepts")
    check(story.item(REFERENT, visiting["id"], head), "the référent-parcours does not have what nobody accepted")
    problem(
        check,
        server.post(f"/api/v1/follow-ups/{visiting['id']}/accept", {}, OTHER_NURSE, "other"),
        409,
        "accepting what was not offered",
        "not-offered",
    )

    answers = concurrent_posts(
        server, len(nurses), lambda number: (f"/api/v1/follow-ups/{visiting['id']}/accept", answering(visiting, nurses[number]), nurses[number], f"accept-{number}")
    )
    winners = [nurse for nurse, answer in zip(nurses, answers, strict=True) if answer.status == 200]
    check.equal(len(winners), 1, "how many of those who accept at once are told yes")
    for answer in answers:
        if answer.status != 200:
            problem(check, answer, 409, "accepting after another", "already-accepted")
    winner = winners[0]
    position = next(answer.json["position"] for answer in answers if answer.status == 200)
    check.equal(story.state(pathway, "nurse-first-visit")["owner"], f"urn:rpps:{winner}", "the owner after an acceptance")
    mine = story.item(winner, visiting["id"], position)
    check(mine and mine["kind"] == "accepted" and mine["patient"], "who accepted does not see the patient", mine)
    for loser in set(nurses) - {winner}:
        check(story.item(loser, visiting["id"], position) is None, "an accepted visit stays in the lists of others")
        problem(check, server.post(*completion(visiting, loser, "steal")), 409, "completing what another accepted")

    # Declined, with a reason of the list.
    reconciling = follow_ups["pharmacy-reconciliation"]
    pharmacist = asked(reconciling)[0]
    path = f"/api/v1/follow-ups/{reconciling['id']}"
    problem(check, server.post(f"{path}/decline", {}, pharmacist, "decline-0"), 400, "declining without a reason")
    problem(check, server.post(f"{path}/decline", {"reason": "tired"}, pharmacist, "decline-1"), 400, "declining for an unknown reason")
    answer = server.post(f"{path}/decline", {"reason": "noCapacity"}, pharmacist, "decline-2")
    check.equal(answer.status, 200, f"status of declining ({answer!r})")
    check(story.item(pharmacist, reconciling["id"], answer.json["position"]) is None, "what was declined stays in the list")
    offers = {offer["to"]: offer["answer"] for offer in story.state(pathway, "pharmacy-reconciliation")["offers"]}
    check.equal(offers[f"urn:rpps:{pharmacist}"], "declined", "the answer of who declined")

    # Done.
    check.equal(
        server.post(f"/api/v1/follow-ups/{visiting['id']}/note", {"note": "Appelée, visite demain."}, winner, "note-1").status,
        200,
        "status of a note",
    )
    done = completion(visiting, winner, "done-1", note="Vue à domicile.")
    answer = server.post(*done)
    check.equal(answer.status, 200, f"status of completing ({answer!r})")
    check.equal(server.post(*done).body, answer.body, "completing again under the same key")
    check.equal(story.state(pathway, "nurse-first-visit")["status"], "done", "status after completing")
    check(story.item(winner, visiting["id"], answer.json["position"]) is None, "what is done stays in the list")
    problem(check, server.post(f"/api/v1/follow-ups/{visiting['id']}/accept", {}, winner, "after"), 409, "accepting what is done", "already-closed")
    problem(check, server.post(f"/api/v1/follow-ups/{'0' * 32}/accept", {}, winner, "unknown"), 404, "an unknown follow-up", "unknown-follow-up")
    check.equal(story.pathway(pathway)["status"], "atHome", "status after the first visit, which records the home return")


def completion(follow_up, rpps, key, note=None):
    """The request that reports a visit as done, for `Server.post`."""
    body = {"at": rfc3339(utc_now()), "outcome": "done", **({"note": note} if note else {})}
    return f"/api/v1/follow-ups/{follow_up['id']}/complete", body, rpps, key


def check_home_return(check, server, story):
    pathway, _ = story.discharged(NAMES[1])
    path = f"/api/v1/pathways/{pathway}/home-return"
    problem(check, server.post(path, {"at": rfc3339(utc_now()), "howKnown": "guess"}, GP, "home-0"), 400, "an unknown way of knowing")
    early = {"at": rfc3339(utc_now() - datetime.timedelta(days=1)), "howKnown": "phoneCallFamily"}
    problem(check, server.post(path, early, GP, "home-early"), 422, "a home return before the discharge", "before-discharge")
    answer = server.post(path, {"at": rfc3339(utc_now()), "howKnown": "phoneCallFamily"}, GP, "home-1")
    check.equal(answer.status, 200, f"status of a home return ({answer!r})")
    document = story.pathway(pathway)
    check(document["status"] == "atHome" and document["homeReturnedAt"], "the pathway after the home return", document["status"])


def check_protocols(check, server, story):
    pathway, before = story.discharged(NAMES[1])
    path = f"/api/v1/pathways/{pathway}/protocols"
    problem(check, server.post(path, {"protocol": "nonsense"}, UNIT_CONTACT, "protocol-0"), 404, "an unknown protocol", "unknown-protocol")
    check.equal(server.post(path, {"protocol": "heart-failure"}, UNIT_CONTACT, "protocol-1").status, 200, "status of applying a protocol")

    def applied():
        found = story.pathway(pathway)["followUps"]
        return found if any(one["protocol"] == "heart-failure" for one in found) else None

    found = wait_until(applied)
    if not check(found, "a protocol that was applied plans nothing"):
        return
    server.settle()
    open_ones = [(one["role"], one["protocol"], one["rule"]) for one in story.pathway(pathway)["followUps"] if one["status"] != "withdrawn"]
    check.equal(len(open_ones), len(set(open_ones)), "follow-ups of two protocols, each once")
    count = len(story.pathway(pathway)["followUps"])
    server.post(path, {"protocol": "heart-failure"}, UNIT_CONTACT, "protocol-2")
    server.settle()
    check.equal(len(story.pathway(pathway)["followUps"]), count, "follow-ups after applying the same protocol again")
    check(
        all(one["owner"] for one in story.pathway(pathway)["followUps"] if one["status"] in ("open", "accepted", "onHold")),
        "an open follow-up has no owner",
    )
    check(before, "nothing was planned before")


def check_hl7(check, server, story):
    """The acknowledgements of health-domain A.5 and A.8 over HTTP; a discharge that is cancelled after a nurse accepted."""

    def send(message):
        return server.request("POST", "/api/v1/hl7", message, {"Content-Type": "application/hl7-v2+er7"})

    stay = Stay("HTTP1", family=NAMES[2].upper(), given=NAMES[4], gp=GP)
    first = None
    for trigger in ("A01", "A02", "A03"):
        answer = send(stay.message(trigger))
        ack = Ack(answer.body)
        check.equal((answer.status, ack.code, ack.control), (200, "AA", stay.control(trigger)), f"the answer to {trigger} over HTTP")
        check(answer.headers.get("relais-position", "").isdigit(), f"no Relais-Position in the answer to {trigger}", answer.headers)
        first = first or answer
    again = send(stay.message("A01"))
    check.equal(again.body, first.body, "the acknowledgement of the same bytes again")
    check.equal(Ack(send_once(server.mllp, stay.message("A01"))).bytes, first.body, "the same bytes over MLLP")
    answer = Ack(send(Stay("HTTP1", family=NAMES[2].upper(), gp=GP).message("A02", control=stay.control("A01"), movement=9)).body)
    check(answer.code == "AA" and "control-id-reused" in answer.warnings, "other bytes under a used control id", answer)
    for words, message, code, error in (
        ("no ZBE", Stay("HTTP2").message("A01", zbe=""), "AE", "101"),
        ("no PID-3", Stay("HTTP3").message("A01", pid3=""), "AE", "101"),
        ("production data", Stay("HTTP4").message("A01", processing="P"), "AR", "202"),
        ("version 3", Stay("HTTP5").message("A01", version="3.0"), "AR", "203"),
        ("an MDM message", Stay("HTTP6").message("A01").replace(b"ADT^A01^ADT_A01", b"MDM^T02^MDM_T02"), "AR", "200"),
    ):
        ack = Ack(send(message).body)
        check(ack.code == code and error in ack.error_codes, f"{words}: expected {code} {error}", ack)
        check(NAMES[2].upper() not in repr(ack), "an acknowledgement quotes the patient", ack)
    check.equal(Ack(send(Stay("HTTP7").message("A54")).body).code, "AA", "a trigger that is not carried")
    problem(check, send(b"this is no message"), 400, "what is no message", "unreadable-message")
    problem(check, send(b""), 400, "an empty message", "unreadable-message")

    [pathway] = server.get(f"/api/v1/pathways?visit={stay.visit}").json["pathways"]
    follow_ups = story.planned(pathway)
    visiting = follow_ups["nurse-first-visit"]
    nurse = asked(visiting)[0]
    check.equal(server.post(f"/api/v1/follow-ups/{visiting['id']}/accept", answering(visiting, nurse), nurse, "a13-accept").status, 200, "status of accepting")
    check.equal(Ack(send(stay.message("A13")).body).code, "AA", "the answer to A13")
    check(wait_until(lambda: all(one["status"] == "withdrawn" for one in story.pathway(pathway)["followUps"] if one["rule"] in PLAIN_RULES)), "A13 leaves follow-ups open")
    server.settle()
    check.equal((story.pathway(pathway)["status"], story.pathway(pathway)["dischargedAt"]), ("admitted", None), "the pathway after A13")
    notice = story.item(nurse, visiting["id"])
    check(
        notice and notice["kind"] == "notice" and notice.get("withdrawal") == "dischargeCancelled",
        "the nurse who accepted is not told of A13",
        notice,
    )
    position = server.post(f"/api/v1/follow-ups/{visiting['id']}/acknowledge", {}, nurse, "a13-seen").json["position"]
    check(story.item(nurse, visiting["id"], position) is None, "a notice that was seen stays")
    notice = story.item(GP, follow_ups["gp-visit"]["id"], position)
    check(notice and notice["kind"] == "notice", "the GP, who was asked, is not told of A13, or no more because another has seen it", notice)
    late = stay.message("A03", occurred=utc_now(), movement=4, control="HTTP1A03BIS")
    check.equal(Ack(send(late).body).code, "AA", "the second discharge")

    def planned_again():
        return [one["rule"] for one in story.pathway(pathway)["followUps"] if one["status"] == "open" and one["rule"] in PLAIN_RULES]

    wait_until(lambda: len(planned_again()) >= len(PLAIN_RULES))
    check.equal(sorted(planned_again()), PLAIN_RULES, "open follow-ups after the second discharge")


def check_problems(check, server, story):
    """Every refusal is a problem document; none is a page, none is empty."""
    problem(check, server.get("/api/v1/nothing"), 404, "an unknown route")
    problem(check, server.request("DELETE", "/api/v1/pathways"), 404, "an unknown method")
    big = json.dumps({"note": "x" * 70_000}).encode()
    headers = {"Relais-Actor": f"urn:rpps:{GP}", "Idempotency-Key": "big", "Content-Type": "application/json"}
    problem(check, server.request("POST", "/api/v1/pathways", big, headers), 413, "a body that is too large")
    problem(check, server.request("POST", "/api/v1/hl7", b"MSH|^~\\&|" + b"x" * (9 << 20), {}), 413, "a message that is too large")
    for words, body in (
        ("broken JSON", b"{"),
        ("no object", b"[1]"),
        ("two documents", b"{} {}"),
        ("a key twice", b'{"at":"a","at":"b"}'),
        ("no UTF-8", b'{"a":"\xff"}'),
        ("a deep document", b'{"a":' + b"[" * 20_000 + b"]" * 20_000 + b"}"),
        ("a lone surrogate", b'{"visit":"\\ud800"}'),
    ):
        answer = server.request("POST", "/api/v1/pathways", body, {**headers, "Idempotency-Key": "bad"})
        problem(check, answer, 400, f"a body with {words}")
    problem(check, server.get("/api/v1/professionals/123/todo"), 422, "an RPPS that is none", "invalid-identifier")
    problem(check, server.get("/api/v1/pathways"), 400, "a search for everything")
    problem(check, server.get("/api/v1/pathways/zz"), 404, "an id that is none")
    for query, status in (
        ("min-position=999999999", 409),
        ("min-position=x", 400),
        ("position=-1", 400),
        ("at=now", 400),
        ("position=1&at=2026-01-01T00:00:00Z", 400),
        ("min-position=99999999999999999999999", 400),
    ):
        problem(check, server.get(f"/api/v1/professionals/{GP}/todo?{query}"), status, f"a to-do list with {query}")


def check_reading(check, server, story):
    """The timeline in pages that fit together; lists as they stood."""
    pathway, follow_ups = story.discharged(NAMES[3])
    whole = server.get(f"/api/v1/pathways/{pathway}/timeline").json
    check(all(entry["sentence"] for entry in whole["entries"]) and "next" not in whole, "the timeline has an event without a sentence", whole)
    entries, cursor = [], ""
    for _ in range(20):
        page = server.get(f"/api/v1/pathways/{pathway}/timeline?limit=2{cursor}").json
        check(1 <= len(page["entries"]) <= 2, "a page of the timeline has another size", page)
        entries += page["entries"]
        if "next" not in page:
            break
        cursor = f"&cursor={page['next']}"
    check.equal(entries, whole["entries"], "the pages of the timeline together")
    problem(check, server.get(f"/api/v1/pathways/{pathway}/timeline?cursor=nonsense"), 400, "a cursor that is none")
    admitted = next(entry["position"] for entry in whole["entries"] if entry["type"] == "fr.relais.pathway.patient-admitted.v1")
    for entry in whole["entries"]:
        past = server.get(f"/api/v1/pathways/{pathway}/timeline?position={entry['position']}")
        if check(past.status == 200, f"the timeline as it stood at the position of its own entry « {entry['sentence']} »", past):
            check.equal(past.json["entries"], [one for one in whole["entries"] if one["position"] <= entry["position"]], "the timeline as it stood")
    nurse = asked(follow_ups["nurse-first-visit"])[0]
    before = server.get(f"/api/v1/professionals/{nurse}/todo?position={admitted}").json
    check(all(item["pathway"] != pathway for item in before["items"]), "a list as it stood shows what came later")
    keys = [
        (
            ["urgent", "high", "normal", "low"].index(item["priority"]) if item["priority"] in ("urgent", "high", "normal", "low") else -1,
            datetime.datetime.fromisoformat(item["dueBy"]),
        )
        for item in story.todo(REFERENT)["items"]
    ]
    check(keys == sorted(keys) and keys, "the référent's list is not in the order priority, due")


SAMPLE = re.compile(r'^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*"(,[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*")*\})? [-+0-9.eE]+$')


def check_health(check, server):
    """Alive, ready, and figures that a Prometheus can read."""
    check.equal(server.get("/healthz").json["status"], "alive", "/healthz")
    server.settle()
    ready = server.get("/readyz")
    check(ready.status == 200 and all(one["status"] == "ready" for one in ready.json["checks"]), "/readyz", ready)
    metrics = server.get("/metrics")
    check(metrics.headers["content-type"].startswith("text/plain; version=0.0.4"), "the type of /metrics", metrics.headers["content-type"])
    typed, seen = {}, set()
    for line in metrics.text.splitlines():
        if line.startswith("# TYPE "):
            typed[line.split()[2]] = line.split()[3]
        elif not line.startswith("# HELP "):
            check(SAMPLE.match(line), "a line of /metrics is no sample", line)
            check(line.split("{")[0].split(" ")[0] in typed, "a sample of /metrics has no TYPE before it", line)
            check(line.rsplit(" ", 1)[0] not in seen, "a sample of /metrics stands twice", line)
            seen.add(line.rsplit(" ", 1)[0])
    check(metrics.text.endswith("\n") and set(typed.values()) <= {"counter", "gauge"}, "the types of /metrics", typed)
    check(
        any(line.startswith('relais_feed_messages_total{territory="clvo-demo",application="SIMHOSP",facility="CHLVO",outcome="accepted"}') for line in seen),
        "/metrics lacks the feed",
    )


def check_log(check, data):
    """What the log holds, read without the product."""
    connection = sqlite3.connect(f"file:{data / 'log.sqlite'}?mode=ro", uri=True)
    rows = connection.execute("SELECT type, position FROM event ORDER BY position").fetchall()
    connection.close()
    kinds = [kind for kind, _ in rows]
    check(sum("command-key-reused" in kind for kind in kinds) >= 1, "the use of a key for another request is not in the log")
    accepted = [body["followUp"] for _, kind, body in events(data) if kind.startswith("fr.relais.pathway.follow-up-accepted.")]
    check(accepted and len(accepted) == len(set(accepted)), "a follow-up was accepted twice", accepted)
    check.equal([position for _, position in rows], list(range(1, len(rows) + 1)), "positions")
    result = run("verify", "--data", data)
    check.equal(result.code, 0, f"relais verify ({result.err.strip()})")


def check_other_program(check, server, data):
    """Somebody opens the server's files with another program, reads, and closes them: the server goes on, and keeps its WAL files."""
    files = sorted(data.glob("*.sqlite"))
    check(len(files) >= 4, "the server's databases are not there", files)

    def wals():
        return {file.name: file.with_name(file.name + "-wal").stat().st_ino for file in files}

    before = wals()
    for file in files:
        connection = sqlite3.connect(file)
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        connection.close()
    check.equal(wals(), before, "the WAL files after another program")
    check.equal(server.get(f"/api/v1/professionals/{GP}/todo").status, 200, "a list after another program")


def main():
    require_binary("api")
    check = Checks("api")
    with scratch("api") as folder:
        data = initialised(folder / "data")
        server = Server(data)
        try:
            server.start()
            story = Story(check, server)
            for words, part in (
                ("writes", check_writes),
                ("follow-ups", check_follow_ups),
                ("home return", check_home_return),
                ("protocols", check_protocols),
                ("HL7 over HTTP", check_hl7),
                ("problems", check_problems),
                ("reading", check_reading),
                ("people", check_people),
                ("pages", check_pages),
            ):
                with check.part(words):
                    part(check, server, story)
            with check.part("another program"):
                check_other_program(check, server, data)
            with check.part("health"):
                check_health(check, server)
            with check.part("the stop"):
                check(server.is_running, "the server has ended by itself")
                check.equal(server.stop(), 0, "exit status of a graceful stop")
            with check.part("what the server said"):
                for name in [*NAMES, "Ravenoisel", "thère", "Aubrac", "Aliénor", "0261918181", "Fable"]:
                    check(name.lower() not in server.words.lower(), f"the server's words hold « {name} » of a patient")
                check(not any(trap in server.words for trap in TRAPS), "the server trapped", server.words[-500:])
                check(" error " not in server.words, "the server logged an error", server.words[-500:])
            with check.part("the log"):
                check_log(check, data)
        finally:
            server.kill()
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
