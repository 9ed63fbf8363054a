#!/usr/bin/env python3
"""The hospital feed as it really is, through the real server: the official samples, every trigger of PAM France, the quarantine and its
repair, merged patients and moved files, a death, and orphans that wait too long.

The official samples are read from beside the repository (../shared/samples, or where RELAIS_SAMPLES says) and are left out where they are
not there."""

import datetime
import json
import os
import pathlib
import re
import sys

from _feed_story import AUTHORITY, HOUR, TEST_INS, Feed, Person, Stay
from _hl7 import FINESS, Ack, rfc3339, send_once
from _relais import GP, PLAIN_RULES, REFERENT, ROOT, TRAPS, Checks, Server, initialised, require_binary, run, scratch

SAMPLES = pathlib.Path(os.environ.get("RELAIS_SAMPLES", ROOT.parent / "shared" / "samples")) / "hl7"
# A name that nothing else uses: finding it where it must be masked says where it came from.
SECRET = "OSWINTHALE"


class Line:
    """A server and the command line on its directory."""

    def __init__(self, check, server):
        self.check, self.server = check, server

    def send(self, message, code="AA", words="", warnings=None, errors=None):
        answer = Ack(send_once(self.server.mllp, message))
        self.check.equal(answer.code, code, f"{words}: the acknowledgement ({answer!r})")
        if errors is not None:
            # 0 is a warning.
            self.check.equal([code for code in answer.error_codes if code != "0"], errors, f"{words}: codes of table 0357")
        if warnings is not None:
            self.check.equal(sorted(answer.warnings), sorted(warnings), f"{words}: warnings")
        return answer

    def relais(self, *arguments, code=0, words=None):
        result = run(*arguments, "--data", self.server.data)
        self.check.equal(result.code, code, f"{words or ' '.join(map(str, arguments))}: exit status ({result!r})")
        return result

    def replay(self, visit, facility=None):
        more = ["--facility", facility] if facility else []
        result = self.relais("replay", "--visit", visit, *more, "--json")
        return result.json if result.code == 0 else {}

    def feed(self):
        self.server.settle()
        return self.server.get("/api/v1/feed").json

    def sender(self, application="SIMHOSP"):
        return next((one for one in self.feed()["senders"] if one["application"] == application), {})

    def todo(self, rpps):
        self.server.settle()
        return self.server.get(f"/api/v1/professionals/{rpps}/todo").json["items"]


def quarantined(line, control):
    """The quarantine's entry of a message, by its MSH-10."""
    line.server.settle()
    found = [one for one in line.relais("quarantine", "list", "--json").json if one["controlID"] == control]
    line.check.equal(len(found), 1, f"entries of {control} in the quarantine")
    return found[0] if found else {"id": "00000000-0000-0000-0000-000000000000", "faults": []}


# ── The official samples ──────────────────────────────────────────────────────────────────────────


PROFILE = """id: chu-x
version: 1
title: CHU X, ZBE shifted by one field
date: "2026-11-22"
senders:
  - {application: GAM, facility: CHU-X}
shifts:
  - {segment: ZBE, field: 4, by: 1}
"""


def check_samples(check, line, folder):
    if not SAMPLES.is_dir():
        print("feed: the official samples are not beside the repository; left out", file=sys.stderr)
        return

    def sample(name):
        return (SAMPLES / name).read_bytes()

    line.send(sample("ans-01-a01-sgl-admission.er7"), words="ans-01")
    state = line.replay("000897406")
    check.equal((state.get("status"), state.get("ins")), ("admitted", "qualified"), "the stay of ans-01")
    refused = line.send(sample("ans-02-a03-sgl-sortie.er7"), "AE", "ans-02, whose ZBE is shifted")
    check(any("ZBE" in "|".join(error) for error in refused.errors), "the refusal of ans-02 does not say ZBE", refused)
    second = line.send(sample("ans-03-ConsentementConsultation_NonOppositionAlimentation.er7"), words="ans-03")
    check("control-id-reused" in second.warnings, "ans-03 comes under the control id of ans-01, and is not flagged", second)
    for name in sorted(path.name for path in SAMPLES.glob("spec-pam-fr-*")):
        line.send(sample(name), "AR", f"{name}, of a production system", errors=["202"])

    entry = quarantined(line, "3995")
    check(any(fault.startswith("101 ZBE-4") for fault in entry["faults"]), "the quarantine does not say that ZBE-4 is missing", entry)
    shown = line.relais("quarantine", "show", entry["id"])
    check("PAT-TROIS" not in shown.out and "DOMINIQUE" not in shown.out, "relais quarantine show tells the patient's name", shown)
    check("ZBE-5: INSERT" in shown.out, "relais quarantine show does not show ZBE-5", shown)
    result = line.relais("quarantine", "correct", entry["id"], "--actor", f"urn:rpps:{REFERENT}", code=1, words="correct, with nothing changed")
    check("ZBE-4" in result.err, "a repair that still has faults does not say which", result)

    profile = folder / "chu-x.yaml"
    profile.write_text(PROFILE, encoding="utf-8")
    check("chu-x" not in line.relais("profiles", "list").out, "a profile is in force before it is published")
    published = line.relais("profiles", "publish", profile)
    check("published at position" in published.err, "relais profiles publish", published)
    check("unchanged" in line.relais("profiles", "publish", profile).err, "relais profiles publish of the same file again")
    check("chu-x version 1: GAM|CHU-X" in line.relais("profiles", "list").out, "relais profiles list")
    listed = line.server.get("/api/v1/site-profiles").json["profiles"]
    check.equal([(one["id"], one["version"]) for one in listed], [("chu-x", 1)], "profiles of the API")

    repaired = line.relais("quarantine", "correct", entry["id"], "--actor", f"urn:rpps:{REFERENT}", words="correct under the profile")
    check.equal(repaired.code == 0 and repaired.json["outcome"], "accepted", "the outcome of the repair of ans-02")
    check.equal(line.replay("000897406").get("status"), "discharged", "the stay of ans-02 after its repair")
    line.relais("quarantine", "correct", entry["id"], "--actor", f"urn:rpps:{REFERENT}", code=1, words="correct a second time")
    entry = quarantined(line, "3995")
    check.equal((entry["status"], entry.get("decidedBy")), ("repaired", f"urn:rpps:{REFERENT}"), "the quarantine after the repair")


# ── Every trigger ─────────────────────────────────────────────────────────────────────────────────


def check_triggers(check, line, folder):
    feed = Feed()

    def stay(key, **more):
        return Stay(feed, key, Person(f"P{key}", "FICTIF"), **more)

    def tell(one, *steps):
        """Sends steps `(trigger, movement, hours, changes, expected)`; what is expected is the status after it, or members of the state."""
        for trigger, movement, hours, changes, expected in steps:
            words = f"{one.visit}: {trigger}"
            line.send(one.message(trigger, movement, hours, **changes), words=words)
            state = line.replay(one.visit)
            wanted = expected if isinstance(expected, dict) else {"status": expected}
            check.equal({name: state.get(name) for name in wanted}, wanted, f"{words}: the state")

    planned, back = feed.now + 40 * HOUR, feed.now + 20 * HOUR
    tell(stay("T1"), ("A14", "1", 1, {}, "preadmitted"), ("A27", "1", 1, {}, "cancelled"))
    tell(stay("T2"), ("A05", "1", 1, {}, "preadmitted"), ("A01", "2", 2, {}, "admitted"), ("A11", "2", 2, {}, "preadmitted"))
    tell(stay("T3"), ("A05", "1", 1, {}, "preadmitted"), ("A38", "1", 1, {}, "cancelled"))
    tell(
        stay("T4"),
        ("A04", "1", 1, {"klass": "E"}, "admitted"),
        ("A06", "2", 2, {"klass": "I"}, "admitted"),
        ("A54", "3", 3, {}, "admitted"),
        ("A55", "3", 3, {}, "admitted"),
        ("A15", "4", 4, {}, "admitted"),
        ("A26", "4", 4, {}, "admitted"),
        ("A02", "5", 5, {}, "admitted"),
        ("A12", "5", 5, {}, "admitted"),
        ("A21", "6", 6, {"back": back}, {"status": "onLeave", "returnExpectedAt": rfc3339(back), "dischargedAt": None}),
        ("A22", "7", 7, {}, {"status": "admitted", "returnExpectedAt": None}),
        ("A53", "7", 7, {}, "onLeave"),
        ("A52", "6", 6, {}, "admitted"),
        ("A16", "8", 8, {"planned": planned}, {"status": "admitted", "plannedDischargeAt": rfc3339(planned)}),
        ("A25", "8", 8, {}, {"status": "admitted", "plannedDischargeAt": None}),
        ("A03", "9", 9, {}, {"status": "discharged", "dischargedAt": rfc3339(feed.now + 9 * HOUR), "destination": "home"}),
        ("Z99", "9", 12, {"origin": "A03"}, {"status": "discharged", "dischargedAt": rfc3339(feed.now + 12 * HOUR)}),
        ("A13", "9", 12, {}, {"status": "admitted", "dischargedAt": None}),
        ("A07", "10", 13, {"klass": "O"}, {}),
    )

    stranger = Person("PT5", "FICTIF")
    for trigger in ("A28", "A31"):
        line.send(feed.identity(trigger, stranger), words=trigger)
    line.send(stay("T6").message("A08", "1", 1, zbe=""), words="A08, which France excludes", warnings=["non-conformant-trigger"])
    before = line.sender()["ignored"]
    for trigger in ("A09", "A10", "A32", "A33", "A60"):
        line.send(stay("T7").message(trigger, "1", 1), words=f"{trigger}, which is not carried")
    check.equal(line.sender()["ignored"], before + 5, "ignored messages")

    # Whatever the order: the correction, then the discharge, then the admission; each once more.
    late = stay("T8")
    messages = [late.message("A01", "1", 1), late.message("A03", "2", 4), late.message("Z99", "2", 6, origin="A03")]
    messages.reverse()
    line.send(messages[0], words="Z99 before what it corrects")
    check.equal(line.sender()["orphansWaiting"], 1, "orphans that wait")
    for message in messages[1:] + messages:
        line.send(message, words="a story in another order")
    state = line.replay(late.visit)
    check.equal((state.get("status"), state.get("dischargedAt")), ("discharged", rfc3339(feed.now + 6 * HOUR)), "the story told backwards")
    check.equal(line.sender()["orphansWaiting"], 0, "orphans that wait after their parent came")


# ── Quarantine ────────────────────────────────────────────────────────────────────────────────────


def check_quarantine(check, line, folder):
    feed = Feed()
    referent, nurse = f"urn:rpps:{REFERENT}", f"urn:rpps:{GP}"
    stay = Stay(feed, "Q1", Person("PQ1", SECRET, given="Aliénor"))
    line.send(stay.message("A01", "1", 1, visit="", account=""), "AE", "A01 without visit", errors=["101", "101"])
    control = f"FEED{feed.count}"
    entry = quarantined(line, control)
    waiting = line.relais("quarantine", "list", "--status", "waiting", "--json").json
    check(any(one["id"] == entry["id"] for one in waiting), "relais quarantine list --status waiting", waiting)
    check("Aliénor" not in json.dumps(entry) and SECRET not in json.dumps(entry), "the quarantine's list tells who the patient is")
    shown = line.relais("quarantine", "show", entry["id"])
    check(SECRET not in shown.out and "SALINES" not in shown.out and "19481204" not in shown.out, "a shown message tells who the patient is", shown)
    check("PV1-19" in shown.out, "a shown message does not say where the fault is", shown)
    document = line.relais("quarantine", "show", entry["id"], "--json").json
    fields = {field["location"]: field for segment in document["content"]["segments"] for field in segment["fields"]}
    check(fields.get("PID-5", {}).get("masked") and fields.get("PV1-19", {}).get("faults"), "the document of a shown message", fields)

    path = f"/api/v1/quarantine/{entry['id']}"
    visit, account = f"VQ1^^^{AUTHORITY}^VN", f"NQ1^^^{AUTHORITY}^AN"
    body = {"corrections": [{"location": "PV1-19", "value": visit}]}
    check.equal(line.server.post(f"{path}/repair", body, GP, "q-gp").status, 403, "a repair by somebody who is not the référent-parcours")
    answer = line.server.post(f"{path}/repair", body, REFERENT, "q-half")
    check.equal((answer.status, answer.json.get("code")), (422, "still-faulty"), "half a repair")
    check(any(error.get("location", "").startswith("PID-18") for error in answer.json.get("errors", [])), "half a repair does not say what is left", answer)
    broken = line.server.post(f"{path}/repair", {"corrections": [{"location": "nowhere", "value": "x"}]}, REFERENT, "q-nowhere")
    check.equal((broken.status, broken.json.get("code")), (422, "malformed-correction"), "a correction of no field")
    body["corrections"].append({"location": "PID-18", "value": account})
    done = line.server.post(f"{path}/repair", body, REFERENT, "q-whole")
    check.equal((done.status, done.json.get("outcome")), (200, "accepted"), f"a whole repair ({done!r})")
    check.equal(line.server.post(f"{path}/repair", body, REFERENT, "q-whole").body, done.body, "the same repair again")
    again = line.server.post(f"{path}/repair", body, REFERENT, "q-again")
    check.equal((again.status, again.json.get("code")), (409, "already-decided"), "another repair of the same message")
    line.server.settle()
    check.equal(line.replay("VQ1").get("status"), "admitted", "the stay of a repaired message")
    told = line.server.get(f"/api/v1/pathways/{line.replay('VQ1')['pathway']}/timeline").json["entries"]
    check(any("corrigé par" in one["sentence"] for one in told), "the story does not tell of the repair", [one["sentence"] for one in told])

    line.send(Stay(feed, "Q2", Person("PQ2", SECRET)).message("A01", "1", 1, zbe=""), "AE", "A01 without ZBE")
    entry = quarantined(line, f"FEED{feed.count}")
    line.relais("quarantine", "discard", entry["id"], "--actor", nurse, "--reason", "sentAgain", code=1, words="discard by a GP")
    line.relais("quarantine", "discard", entry["id"], "--actor", referent, "--reason", "sentAgain", "--note", "renvoyé par le CH", "--key", "d1")
    line.relais("quarantine", "discard", entry["id"], "--actor", referent, "--reason", "sentAgain", "--note", "renvoyé par le CH", "--key", "d1")
    line.relais("quarantine", "correct", entry["id"], "--actor", referent, code=1, words="correct what was discarded")
    entry = quarantined(line, f"FEED{feed.count}")
    check.equal((entry["status"], entry.get("reason")), ("discarded", "sentAgain"), "the quarantine after a discard")
    sender = line.sender()
    check.equal((sender["quarantineWaiting"], sender["discarded"] >= 1, sender["repaired"] >= 1), (0, True, True), "counts of the quarantine")
    text = line.relais("feed", "status").out
    check(re.search(r"quarantine: 0 waiting, \d+ repaired, \d+ discarded", text), "relais feed status lacks the quarantine", text)
    page = line.server.get("/api/v1/quarantine?limit=1")
    check(len(page.json["messages"]) == 1 and page.json.get("next"), "the first page of the quarantine", page)
    other = line.server.get(f"/api/v1/quarantine?limit=1&cursor={page.json['next']}")
    check(other.json["messages"] and other.json["messages"][0]["id"] != page.json["messages"][0]["id"], "the second page of the quarantine", other)
    check.equal(line.server.get("/api/v1/quarantine?status=nothing").status, 400, "an unknown status")
    check.equal(line.server.get("/api/v1/quarantine/019f0000-0000-7000-8000-000000000000").status, 404, "an unknown message")


# ── Identity ──────────────────────────────────────────────────────────────────────────────────────


def check_identity(check, line, folder):
    feed = Feed()
    old, new = Person("PM1", "LANCIENNE"), Person("PM2", "SURVIVANTE")
    stays = [Stay(feed, f"M{index}", person, gp=GP) for index, person in ((1, old), (2, new))]
    for stay in stays:
        line.send(stay.message("A01", "1", 1), words="A01")
        line.send(stay.message("A03", "2", 40), words="A03")

    def names():
        return {item["visit"]: item["patient"]["birthFamilyName"] for item in line.todo(GP) if item.get("visit") in ("VM1", "VM2")}

    check.equal(names(), {"VM1": "LANCIENNE", "VM2": "SURVIVANTE"}, "the GP's list before the merge")
    line.send(feed.merge(old, new), words="A40")
    check.equal(names(), {"VM1": "SURVIVANTE", "VM2": "SURVIVANTE"}, "the GP's list after the merge")
    check.equal(line.replay("VM1").get("mergedInto"), "PM2", "mergedInto")
    line.relais(
        *("patient", "unmerge", "--patient", f"{FINESS}/PM1", "--survivor", f"{FINESS}/PM2", "--actor", f"urn:rpps:{GP}"),
        code=1,
        words="unmerge by a GP",
    )
    line.relais("patient", "unmerge", "--patient", f"{FINESS}/PM1", "--survivor", f"{FINESS}/PM2", "--actor", f"urn:rpps:{REFERENT}")
    check.equal(names(), {"VM1": "LANCIENNE", "VM2": "SURVIVANTE"}, "the GP's list after the un-merge")
    line.relais(
        *("patient", "unmerge", "--patient", f"{FINESS}/PM1", "--survivor", f"{FINESS}/PM2", "--actor", f"urn:rpps:{REFERENT}"),
        code=1,
        words="unmerge of what is not merged",
    )

    # A merge of a number that nobody knows yet.
    before = line.sender()
    unknown = Person("PM9", "INCONNUE")
    line.send(feed.merge(unknown, new), words="A40 with an unknown number")
    waiting = line.sender()
    check.equal(
        (waiting["orphans"], waiting["orphansWaiting"]), (before["orphans"] + 1, before["orphansWaiting"] + 1), "orphans after an early A40"
    )
    line.send(feed.identity("A28", unknown), words="A28 of the retired number")
    check.equal(line.sender()["orphansWaiting"], before["orphansWaiting"], "orphans after the number is known")

    # A file that turns out to be another patient's, told before and after its messages.
    right, wrong = Person("PM4", "JUSTE"), Person("PM3", "FAUSSE")
    moved = Stay(feed, "M3", wrong, account="NM3")
    line.send(moved.message("A01", "1", 1), words="A01 under the wrong patient")
    line.send(feed.identity("A28", right), words="A28")
    line.send(feed.move("NM3", wrong, right), words="A44")
    check.equal(line.replay("VM3").get("patient"), "PM4", "the patient of a moved file")
    line.send(moved.message("A02", "2", 3), words="A02 that still names the old patient")
    state = line.replay("VM3")
    check.equal((state.get("patient"), state.get("status")), ("PM4", "admitted"), "a moved file after a late message")
    early = Stay(feed, "M5", wrong, account="NM5")
    line.send(feed.move("NM5", wrong, right), words="A44 before the admission")
    line.send(early.message("A01", "1", 1), words="A01 after its A44")
    check.equal(line.replay("VM5").get("patient"), "PM4", "the patient of a file that was moved before its admission")

    # An INS that is taken back, and a number that is changed.
    qualified = Person("PM6", "QUALIFIEE", reliability="VALI", ins=TEST_INS)
    stay = Stay(feed, "M6", qualified)
    line.send(stay.message("A01", "1", 1), words="A01 with an INS")
    check.equal(line.replay("VM6").get("ins"), "qualified", "a qualified INS")
    deletion = '""^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS'
    line.send(feed.identity("A47", qualified, mrg=TEST_INS, ins=deletion), words="A47 that deletes the INS")
    check.equal(line.replay("VM6").get("ins"), "none", "an INS that was taken back")
    renamed = Person("PM7", "QUALIFIEE")
    line.send(feed.identity("A47", renamed, mrg=qualified.identifier), words="A47 with another number")
    check.equal(line.replay("VM6").get("mergedInto"), "PM7", "mergedInto after A47")


# ── Death ─────────────────────────────────────────────────────────────────────────────────────────


def check_death(check, line, folder):
    feed = Feed()
    person = Person("PD1", "FICTIVE")
    stays = [Stay(feed, f"D{index}", person, gp=GP) for index in (1, 2)]
    for stay in stays:
        line.send(stay.message("A01", "1", 1), words="A01")
        line.send(stay.message("A03", "2", 40), words="A03")

    def mine():
        return [item for item in line.todo(GP) if item.get("visit") in ("VD1", "VD2")]

    check(len(mine()) >= 2 and all(item["kind"] == "offered" for item in mine()), "the GP is not asked for both stays", mine())
    asked = {stay.visit: [one["status"] for one in line.replay(stay.visit)["followUps"] if one["rule"] in PLAIN_RULES] for stay in stays}
    check(all(statuses and "withdrawn" not in statuses for statuses in asked.values()), "follow-ups before the death", asked)
    line.send(feed.identity("A31", person, deceased="Y"), words="A31 that tells a death")
    line.server.settle()
    for stay in stays:
        state = line.replay(stay.visit)
        check.equal(state.get("status"), "deceased", f"the status of {stay.visit} after a death")
        check.equal({one["status"] for one in state["followUps"]}, {"withdrawn"}, f"follow-ups of {stay.visit} after a death")
    check.equal([(item["kind"], item.get("withdrawal")) for item in mine()], [("notice", "deceased")], "what the GP is told: one notice")
    page = line.server.request("GET", "/a-faire", None, {"Cookie": f"relais-acteur={GP}"}).text
    check.equal(page.count("Décès du patient</h4>"), 1, "notices of the death on the page")
    feed.count += 100
    line.send(feed.identity("A31", person, deceased="N"), words="A31 that takes it back")
    line.server.settle()
    for stay in stays:
        state = line.replay(stay.visit)
        check.equal(state.get("status"), "discharged", f"the status of {stay.visit} after the death was taken back")
        check(any(one["status"] == "open" for one in state["followUps"]), f"follow-ups of {stay.visit} are not wanted again", state["followUps"])


# ── Orphans ───────────────────────────────────────────────────────────────────────────────────────


def check_orphans(check, line, folder):
    feed = Feed()
    stay = Stay(feed, "O1", Person("PO1", "FICTIF"))
    line.send(stay.message("A02", "2", 3), words="A02 before its A01")
    control = f"FEED{feed.count}"
    document = line.feed()
    sender = next(one for one in document["senders"] if one["application"] == "SIMHOSP")
    check.equal((document["orphanAlarmMinutes"], sender["orphansWaiting"], sender["orphansOverdue"]), (0, 1, 1), "orphans of the feed")
    check.equal([(one["controlID"], one["overdue"]) for one in document["orphans"]], [(control, True)], "the orphans that wait")
    metrics = line.server.get("/metrics").text
    overdue = [text for text in metrics.splitlines() if text.startswith("relais_feed_orphans_overdue{") and 'application="SIMHOSP"' in text]
    check(overdue and overdue[0].endswith(" 1"), "/metrics lacks the overdue orphan", overdue)
    text = line.relais("feed", "status", "--orphan-alarm-hours", "0").out
    check("1 overdue" in text and f"overdue: ADT^A02 {control}" in text, "relais feed status lacks the overdue orphan", text)
    usual = line.relais("feed", "status", "--json").json
    check.equal((usual["orphanAlarmMinutes"], usual["orphans"][0]["overdue"]), (240, False), "relais feed status with the usual delay")
    line.send(stay.message("A01", "1", 1), words="the A01")
    after = line.sender()
    check.equal((after["orphansWaiting"], after["orphansOverdue"]), (0, 0), "orphans after their parent came")
    check.equal(line.replay("VO1").get("status"), "admitted", "the stay of an orphan that was applied")


def main():
    require_binary("feed")
    check = Checks("feed")
    with scratch("feed") as folder:
        server = Server(initialised(folder / "data"))
        server.more = ["--orphan-alarm-hours", "0"]
        with server:
            line = Line(check, server)
            for words, part in (
                ("orphans", check_orphans),
                ("the official samples", check_samples),
                ("every trigger", check_triggers),
                ("the quarantine", check_quarantine),
                ("identity", check_identity),
                ("death", check_death),
            ):
                with check.part(words):
                    part(check, line, folder)
            check(server.is_running, "the server stopped")
            server.stop()
        check(not any(trap in server.words for trap in TRAPS), "the server trapped", server.words[-2000:])
        check(SECRET not in server.words, "a log line tells a patient's name")
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
