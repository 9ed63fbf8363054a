"""What people do beside accepting: alert signs, prescriptions, PRADO, refusals, absences, consent, closing; and why a follow-up is in a list."""

import datetime

from _api_story import answer as answering
from _api_story import asked, problem
from _hl7 import FINESS, rfc3339, utc_now
from _relais import GP, REFERENT, UNIT_CONTACT, wait_until

NAME = "Ravenoisel"
# A GP of another sector.
STRANGER = "99999000070"
SECRETS = (NAME, "Aliénor", "rue de la Fable", "0261918181", "1949-02-28")


def check_people(check, server, story):
    pathway, follow_ups = story.discharged(NAME)
    path = f"/api/v1/pathways/{pathway}"
    check_why(check, server, story, follow_ups["nurse-first-visit"])
    check_reports(check, server, story, path)

    # Who has no part in this patient's care says nothing of it.
    for step in ("alerts", "prescriptions/missing", "prado", "refusals", "home-return", "protocols"):
        body = {"sign": "fever", "at": rfc3339(utc_now()), "howKnown": "visit", "protocol": "heart-failure"}
        problem(check, server.post(f"{path}/{step}", body, STRANGER, f"stranger-{step}"), 403, f"{step} by a stranger", "pathway-not-yours")

    # PRADO and refusal take away, and give back.
    check.equal(server.post(f"{path}/prado", {}, UNIT_CONTACT, "prado-1").status, 200, "status of a PRADO enrolment")
    check(wait_until(lambda: story.state(pathway, "gp-visit")["status"] == "withdrawn"), "PRADO books, and the GP's visit stays")
    check.equal(server.post(f"{path}/prado/left", {}, UNIT_CONTACT, "prado-2").status, 200, "status of leaving PRADO")
    refusal = {"followUps": [follow_ups["pharmacy-reconciliation"]["id"]]}
    check.equal(server.post(f"{path}/refusals", refusal, GP, "refusal-1").status, 200, "status of a refusal")
    check(wait_until(lambda: story.state(pathway, "pharmacy-reconciliation")["status"] == "withdrawn"), "what is refused stays")
    check.equal(server.post(f"{path}/refusals/taken-back", {}, GP, "refusal-2").status, 200, "status of taking a refusal back")
    problem(check, server.post(f"{path}/refusals", {"followUps": []}, GP, "refusal-3"), 422, "a refusal of nothing", "invalid-member")

    # The end is the référent's.
    problem(check, server.post(f"{path}/close", {"reason": "other"}, GP, "close-1"), 403, "closing as a GP", "referent-only")
    problem(check, server.post(f"{path}/close", {"reason": "goalReached"}, REFERENT, "close-2"), 409, "closing what is pending", "still-pending")
    check.equal(server.post(f"{path}/close", {"reason": "followedElsewhere"}, REFERENT, "close-3").status, 200, "status of closing")
    check.equal(story.pathway(pathway)["status"], "closed", "status after closing")
    check.equal(server.post(f"{path}/reopen", {}, REFERENT, "reopen-1").status, 200, "status of reopening")
    check(story.pathway(pathway)["status"] != "closed", "a reopened pathway is closed")

    check_consent(check, server)
    check_absence(check, server)


def check_why(check, server, story, visiting):
    """The same question at the same position: the same bytes; and nothing of who the patient is."""
    position = server.get("/api/v1/log/head").json["position"]
    path = f"/api/v1/follow-ups/{visiting['id']}/why"
    nurse = asked(visiting)[0]
    first = server.get(f"{path}?position={position}")
    check.equal(first.status, 200, f"status of why ({first!r})")
    for member in ("sentence", "because", "protocol", "asked", "next", "nextDeadline", "item", "owner"):
        check(member in first.json, f"why lacks « {member} »", first)
    for secret in SECRETS:
        check(secret not in first.text, f"why tells « {secret} » of the patient", first)
    own = server.get(f"{path}?position={position}&for={nurse}")
    check.equal(own.status, 200, "status of why for a nurse who is asked")
    problem(check, server.get(f"{path}?for={UNIT_CONTACT}"), 404, "why in the list of somebody else", "not-in-the-list")
    problem(check, server.get(f"/api/v1/follow-ups/{'0' * 32}/why"), 404, "why of an unknown follow-up", "unknown-follow-up")
    problem(check, server.get(f"{path}?position=999999999"), 409, "why beyond the log's end")
    check(all(one["position"] <= position for one in first.json["because"]), "why cites what came later", first)

    path = f"/api/v1/follow-ups/{visiting['id']}"
    problem(check, server.post(f"{path}/solicit-again", {}, nurse, "again-1"), 403, "soliciting again as a nurse", "referent-only")
    problem(
        check,
        server.post(f"{path}/accept", {"team": "nonsense"}, nurse, "team-1"),
        403,
        "accepting for a team that one is not of",
        "not-of-the-team",
    )
    check.equal(server.post(f"{path}/solicit-again", {}, REFERENT, "again-2").status, 200, "status of soliciting again")
    accepted = server.post(f"{path}/accept", answering(visiting, nurse), nurse, "people-accept")
    check.equal(accepted.status, 200, f"status of accepting ({accepted!r})")
    item = story.item(nurse, visiting["id"], accepted.json["position"])
    check(item and item["owner"]["rpps"] == nurse and item["nextDeadline"]["at"], "an accepted item without owner or next deadline", item)
    check.equal(server.get(f"/api/v1/follow-ups/{visiting['id']}/why?position={position}").body, first.body, "why as it stood, later")


def check_reports(check, server, story, path):
    pathway = path.rpartition("/")[2]
    for words, body, status in (
        ("without a sign", {}, 400),
        ("of an unknown sign", {"sign": "sadness"}, 400),
        ("in the future", {"sign": "fever", "at": rfc3339(utc_now() + datetime.timedelta(hours=2))}, 422),
        ("with a note that is too long", {"sign": "fever", "note": "x" * 2_001}, 422),
    ):
        problem(check, server.post(f"{path}/alerts", body, GP, f"alert {words}".replace(" ", "-")), status, f"an alert {words}")
    alert = (f"{path}/alerts", {"sign": "breathlessness", "called": ["sas"], "note": "Essoufflée au repos"}, GP, "alert-1")
    first = server.post(*alert)
    check(first.status == 200 and first.json["report"], "an alert has no report id", first)
    check.equal(server.post(*alert).body, first.body, "the same alert again")

    def planned(trigger_rule):
        return next((one for one in story.pathway(pathway)["followUps"] if trigger_rule in one["rule"]), None)

    check(wait_until(lambda: planned("alert")), "an alert sign asks for nothing")
    missing = server.post(f"{path}/prescriptions/missing", {}, GP, "missing-1")
    check(missing.status == 200 and missing.json["report"], "a missing prescription has no report id", missing)
    check(wait_until(lambda: planned("prescription")), "a missing prescription asks for nothing")
    problem(check, server.post(f"{path}/prescriptions/nothing/obtained", {}, GP, "obtained-0"), 404, "an unknown report", "unknown-report")
    obtained = server.post(f"{path}/prescriptions/{missing.json['report']}/obtained", {}, GP, "obtained-1")
    check.equal(obtained.status, 200, "status of a prescription that has come")
    check(wait_until(lambda: planned("prescription")["status"] == "withdrawn"), "a prescription has come, and is still asked for")


def check_consent(check, server):
    patient = {"authority": FINESS, "value": "PVAPI1"}
    for path in ("consents", "consents/withdrawn"):
        body = {"patient": patient, "basis": "consent-share"}
        check.equal(server.post(f"/api/v1/patients/{path}", body, GP, path).status, 200, f"status of {path}")
        problem(check, server.post(f"/api/v1/patients/{path}", {"patient": patient, "basis": "x"}, GP, f"{path}-0"), 400, "an unknown basis")
    nobody = {"patient": {"authority": FINESS, "value": "PNOBODY"}, "basis": "exchange"}
    answer = server.post("/api/v1/patients/consents", nobody, GP, "consents-nobody")
    problem(check, answer, 404, "consent of an unknown patient", "unknown-patient")


def check_absence(check, server):
    """Declared by oneself or the référent; what is declared is not offered."""
    start = utc_now() + datetime.timedelta(days=30)
    absence = {"from": rfc3339(start), "to": rfc3339(start + datetime.timedelta(days=7))}
    path = f"/api/v1/professionals/{GP}/absences"
    problem(check, server.post(path, absence, UNIT_CONTACT, "absence-1"), 403, "an absence declared by somebody else", "referent-only")
    backwards = {"from": absence["to"], "to": absence["from"]}
    problem(check, server.post(path, backwards, GP, "absence-2"), 422, "an absence that ends before it begins", "invalid-absence")
    check.equal(server.post(path, absence, GP, "absence-3").status, 200, "status of an absence")
    check.equal(server.post(path, absence, GP, "absence-3").status, 200, "status of the same absence again")
    ended = {"from": absence["from"], "at": absence["from"]}
    check.equal(server.post(f"{path}/ended", ended, REFERENT, "absence-4").status, 200, "status of calling an absence off")
    problem(check, server.post(f"{path}/ended", {"from": rfc3339(utc_now())}, GP, "absence-5"), 404, "the end of no absence", "unknown-absence")
