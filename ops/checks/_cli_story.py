"""The commands of the check of the command line: run with the exit status they must have, and the story of a stay told with them."""

import datetime

from _api_story import asked
from _hl7 import FINESS, UNIT, rfc3339, utc_now
from _relais import DESTINATIONS, FOLLOW_UP_STATUSES, GP, PLAIN_RULES, REFERENT, STATUSES, TRAPS, UNIT_CONTACT, run, wait_until

REPLAY_KEYS = {
    "pathway",
    "visit",
    "facility",
    "patient",
    "status",
    "admittedAt",
    "dischargedAt",
    "homeReturnedAt",
    "destination",
    "ins",
    "followUps",
    "events",
}
FOLLOW_UP_KEYS = {"id", "role", "title", "protocol", "rule", "status", "late", "owner", "dueFrom", "dueBy", "offers"}
OFFER_KEYS = {"to", "at", "until", "answer"}
EVENT_KEYS = {"position", "version", "type", "occurredAt", "recordedAt", "source", "actor"}

ADMISSION = datetime.timedelta(days=3)
DISCHARGE = datetime.timedelta(hours=2)


class Lines:
    """Runs commands and checks their exit status; whatever trapped is a failure of its own."""

    def __init__(self, check):
        self.check = check

    def __call__(self, code, *arguments, says=None, words=None):
        result = run(*arguments)
        name = words or "relais " + " ".join(str(argument) for argument in arguments[:3])
        self.check(result.code == code, f"{name}: expected exit {code}", result)
        self.check(not any(trap in result.err for trap in TRAPS), f"{name} trapped", result.err)
        for text in [says] if isinstance(says, str) else says or []:
            self.check(text.lower() in (result.err + result.out).lower(), f"{name} should say « {text} »", result)
        if code != 0:
            self.check(result.err.strip(), f"{name} fails without a word on standard error")
        return result

    def document(self, *arguments, code=0, words=None):
        """The JSON document of a command: all of its standard output."""
        result = self(code, *arguments, "--json", words=words)
        try:
            return result.json
        except ValueError:
            self.check(False, f"relais {' '.join(map(str, arguments))} --json: standard output is not one JSON document", result)
            return None


def emit(step, visit, *arguments):
    return ["emit", step, "--visit", visit, "--facility", FINESS, "--actor", f"urn:rpps:{UNIT_CONTACT}", *arguments]


def admission(visit, data, key, name="Wrenfeather"):
    return emit(
        "admission",
        visit,
        "--patient",
        f"P{visit}",
        "--birth-name",
        name,
        "--given-name",
        "Odile",
        "--birth-date",
        "1951-04-30",
        "--sex",
        "F",
        "--phone",
        "0261919191",
        "--postal-code",
        "85300",
        "--city",
        "CHALLANS",
        "--unit",
        UNIT,
        "--gp",
        GP,
        "--at",
        rfc3339(utc_now() - ADMISSION),
        "--key",
        key,
        "--data",
        data,
    )


def check_replay(check, document):
    """The document has every member of its contract, with values of its contract."""
    check.equal(REPLAY_KEYS - set(document), set(), "members that relais replay --json lacks")
    check(document["status"] in STATUSES, "status of relais replay --json", document["status"])
    check(document["destination"] in DESTINATIONS | {None}, "destination of relais replay --json", document["destination"])
    check(document["ins"] in {"qualified", "none"}, "ins of relais replay --json", document["ins"])
    for name in ("admittedAt", "dischargedAt", "homeReturnedAt"):
        value = document[name]
        check(value is None or datetime.datetime.fromisoformat(value.replace("Z", "+00:00")).tzinfo, f"{name} is no RFC 3339 time", value)
    for event in document["events"]:
        check.equal(EVENT_KEYS - set(event), set(), "members that an event of relais replay --json lacks")
    positions = [event["position"] for event in document["events"]]
    check(positions == sorted(set(positions)), "events of relais replay --json are not in the log's order", positions)
    for follow_up in document["followUps"]:
        check.equal(FOLLOW_UP_KEYS - set(follow_up), set(), "members that a follow-up of relais replay --json lacks")
        check(follow_up["status"] in FOLLOW_UP_STATUSES, "status of a follow-up", follow_up["status"])
        check(isinstance(follow_up["late"], bool), "late is no truth value", follow_up["late"])
        for offer in follow_up["offers"]:
            check.equal(OFFER_KEYS - set(offer), set(), "members that an offer of relais replay --json lacks")


def check_story(check, line, data, visit, is_served):
    """Admission to home return by hand, and reading it now and as it stood."""
    first = line(0, *admission(visit, data, f"{visit}-a"), words="emit admission")
    check(first.json["pathway"] and first.json["position"] > 0, "emit admission says no pathway or position", first)
    again = line(
        0,
        *admission(visit, data, f"{visit}-a")[:-4],
        "--at",
        first_at(first, data, visit, line),
        "--key",
        f"{visit}-b",
        "--data",
        data,
        words="emit admission under another key",
    )
    check(again.json["pathway"] == first.json["pathway"], "the same admission makes another pathway", again)
    reused = line(
        1, *admission(visit, data, f"{visit}-a", name="Autre"), says="Idempotency-Key", words="emit admission with a used key and another body"
    )
    check("Wrenfeather" not in reused.err, "an error quotes the patient", reused.err)

    planned = rfc3339(utc_now() + datetime.timedelta(hours=1))
    line(0, *emit("discharge-planned", visit, "--at", planned, "--data", data), words="emit discharge-planned")
    before = line.document("replay", "--visit", visit, "--data", data)
    check.equal(before["status"], "admitted", "status before the discharge")
    left = utc_now() - DISCHARGE
    line(0, *emit("discharge", visit, "--at", rfc3339(left), "--destination", "home", "--data", data), words="emit discharge")

    def planned_story():
        document = line.document("replay", "--visit", visit, "--data", data)
        return document if any(one["rule"] in PLAIN_RULES for one in document["followUps"]) else None

    # Without a server the command itself waits for the planner; a server plans in its own time.
    story = wait_until(planned_story, 20 if is_served else 0)
    if not check(story, f"no follow-up after emit discharge ({'with' if is_served else 'without'} a server)"):
        return
    check_replay(check, story)
    pending = [one for one in story["followUps"] if one["status"] != "withdrawn" and one["rule"] in PLAIN_RULES]
    check.equal(sorted(one["rule"] for one in pending), PLAIN_RULES, "follow-ups of a plain discharge home")
    check.equal((story["status"], story["destination"]), ("discharged", "home"), "status and destination after the discharge")
    check.equal(story["patient"], f"P{visit}", "the patient's local number")
    by_id = line.document("replay", story["pathway"], "--data", data)
    check.equal(by_id["events"], story["events"], "replay by id tells what replay by visit tells")
    check(
        "Sortie à domicile" in line(0, "replay", "--visit", visit, "--facility", FINESS, "--data", data).out,
        "replay for people has no French sentence",
    )

    # As it stood.
    admitted_at_position = story["events"][0]["position"]
    past = line.document("replay", "--visit", visit, "--data", data, "--position", admitted_at_position)
    check.equal((past["status"], len(past["events"]), past["followUps"]), ("admitted", 1, []), "replay --position of the admission")
    past = line.document("replay", "--visit", visit, "--data", data, "--at", before["events"][-1]["recordedAt"])
    check.equal((past["status"], [one for one in past["followUps"] if one["rule"] in PLAIN_RULES]), ("admitted", []), "replay --at a moment before the discharge was recorded")
    past = line.document("replay", "--visit", visit, "--data", data, "--occurred-by", rfc3339(left - datetime.timedelta(hours=1)))
    check.equal((past["status"], past["dischargedAt"]), ("admitted", None), "replay --occurred-by an hour before the discharge")
    line(1, "replay", "--visit", visit, "--data", data, "--at", "2020-01-01T00:00:00Z", words="replay of a time before everything")
    line(2, "replay", "--visit", visit, "--data", data, "--position", "3", "--at", planned, words="replay with --at and --position")

    # In the lists.
    [visiting] = [one for one in story["followUps"] if one["rule"] == "nurse-first-visit"]
    nurse = asked(visiting)[0]
    todo = line.document("todo", "--rpps", nurse, "--data", data)
    mine = [item for item in todo["items"] if item["followUp"] == visiting["id"]]
    check(len(mine) == 1 and mine[0]["kind"] == "offered", "the nurse does not find the first visit in relais todo", todo)
    check(mine and "patient" not in mine[0], "a nurse who is only asked sees the patient's identity", mine)
    earlier = line.document("todo", "--rpps", nurse, "--data", data, "--position", story["events"][0]["position"])
    check(all(item["followUp"] != visiting["id"] for item in earlier["items"]), "todo --position shows what came later")
    line.document("todo", "--rpps", nurse, "--data", data, "--at", rfc3339(utc_now()))
    check("Faire la première visite" in line(0, "todo", "--rpps", nurse, "--data", data).out, "todo for people lacks the title")

    check_why(check, line, data, visit, visiting, nurse)

    line(0, *emit("home-return", visit, "--how-known", "phoneCallPatient", "--data", data), words="emit home-return")
    document = line.document("replay", "--visit", visit, "--data", data)
    check(document["status"] == "atHome" and document["homeReturnedAt"], "status after the home return", document["status"])


def check_why(check, line, data, visit, visiting, nurse):
    """Why, the same bytes for the same position; absences and asking again."""
    arguments = ("why", visiting["id"], "--data", data)
    first = line(0, *arguments, "--json")
    position = first.json["position"]
    check(first.json["sentence"] and first.json["because"], "relais why without sentence or events", first)
    check("Wrenfeather" not in first.out and "Odile" not in first.out, "relais why tells who the patient is", first)
    check.equal(line(0, *arguments, "--position", position, "--json").out, first.out, "relais why again at the same position")
    check(first.json["sentence"] in line(0, *arguments, "--position", position).out, "relais why for people lacks the sentence")
    line(0, *arguments, "--for", nurse, words="why in the list of a nurse who is asked")
    line(1, "why", "0" * 32, "--data", data, words="why of an unknown follow-up")

    actor = ("--actor", f"urn:rpps:{REFERENT}", "--data", data)
    line(1, "follow-up", "solicit-again", visiting["id"], "--actor", f"urn:rpps:{nurse}", "--data", data, says="référent", words="a nurse asks again")
    line(0, "follow-up", "solicit-again", visiting["id"], *actor, words="the référent asks again")
    start = utc_now() + datetime.timedelta(days=60 if visit == "VALONE" else 90)
    begin, end = rfc3339(start), rfc3339(start + datetime.timedelta(days=7))
    line(0, "absence", "declare", "--rpps", nurse, "--from", begin, "--to", end, "--data", data, words="absence declare")
    line(1, "absence", "declare", "--rpps", nurse, "--from", end, "--to", begin, "--data", data, words="an absence that ends before it begins")
    line(0, "absence", "end", "--rpps", nurse, "--from", begin, "--at", begin, *actor, words="absence end")
    line(1, "absence", "end", "--rpps", nurse, "--from", end, *actor, words="the end of no absence")


def first_at(first, data, visit, line):
    """The moment of the admission, as recorded."""
    return line.document("replay", first.json["pathway"], "--data", data)["admittedAt"]
