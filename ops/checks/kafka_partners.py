"""Partners through Kafka, end to end: a pharmacy follows its topic, a hospital and a pharmacy send to the intake and get their answers.

Clients are Python's confluent_kafka and kcat, by the examples of ops/kafka among others. The server is killed with SIGKILL amid commands and
while it tells partners; a copy is promoted; a patient is erased. What a partner was told all along is compared with the feed of its
professionals, and with what a partner is told who was named only in the end.

Brokers as in kafka.py: librdkafka's mock cluster, which shows aborted records and forgets a transaction's offsets, so that after each start all
of the intake comes once more; or RELAIS_KAFKA_BOOTSTRAP=HOST:PORT. RELAIS_SEED repeats random choices.
"""

import contextlib
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import time

import yaml
from jsonschema import Draft202012Validator

from _api_story import Story, answer as answering
from _hl7 import FINESS, Ack, Stay
from _kafka_cluster import MOCK, cluster, read, rows
from _kafka_nodes import FAMILY, GIVEN, Node, bare_copy
from _kafka_partners import Answers, Partner, days_ago, new_secret
from _relais import GP, LONG, REFERENT, ROOT, TERRITORY_FILE, TRAPS, UNIT_CONTACT, Checks, require_binary, run, scratch, wait_until
from _unseal import events

DEMO = "clvo-demo"
PHARMACISTS = re.findall(r'rpps: "(\d{11})"[^\n]*role: pharmacist', TERRITORY_FILE.read_text(encoding="utf-8"))
RECEIVED = "fr.relais.intake.message-received.v1"
# The official samples are read from beside the repository, and are left out where they are not there.
SAMPLE = pathlib.Path(os.environ.get("RELAIS_SAMPLES", ROOT.parent / "shared" / "samples")) / "hl7" / "ans-01-a01-sgl-admission.er7"
EXAMPLES = ROOT / "ops" / "kafka" / "examples"
SCHEMA = yaml.safe_load((ROOT / "schemas" / "asyncapi.yaml").read_text(encoding="utf-8"))
POLICY = Draft202012Validator(json.loads((ROOT / "schemas" / "partners.schema.json").read_text(encoding="utf-8")))
COMMANDS = 1000 if LONG else 200


class Scene:
    def __init__(self, check, folder, brokers, chance):
        self.check, self.folder, self.brokers, self.chance = check, folder, brokers, chance
        self.territory = DEMO if brokers.is_mock else f"check-{os.getpid()}-{int(time.time())}"
        self.nodes, self.node, self.standby, self.answers = [], None, None, None
        self.secrets = {name: new_secret() for name in ("pharmacy", "hospital")}
        self.policy_file = folder / "partners.json"

    def topic(self, name):
        return f"relais.{self.territory}.{name}"

    def policy(self, *more):
        """The pharmacy and the hospital, and whoever comes beside."""
        for name, secret in self.secrets.items():
            (self.folder / f"{name}.whsec").write_text(f"{secret}\n")
        partners = [
            {"id": "pharmacy", "feed": PHARMACISTS, "actors": PHARMACISTS, "secretFile": "pharmacy.whsec"},
            {"id": "hospital", "facilities": ["CHLVO", FINESS, "CHU-X"], "actors": [UNIT_CONTACT], "secretFile": "hospital.whsec"},
            {"id": "trusting", "actors": [GP], "unsigned": True},
            *more,
        ]
        self.check(POLICY.is_valid({"partners": partners}), "the policy is not of its schema", list(POLICY.iter_errors({"partners": partners}))[:1])
        self.policy_file.write_text(json.dumps({"partners": partners}))
        return self.policy_file

    def new_node(self, data, role="serve"):
        node = Node(data, self.brokers.bootstrap, role)
        node.environment = {**os.environ, "RELAIS_NOTIFICATIONS_MERGE_MINUTES": "0"}
        self.nodes.append(node)
        return node

    def told(self, partner="pharmacy"):
        return read(self.brokers, self.topic(f"partner.{partner}"))

    def partner(self, name):
        return Partner(self.brokers, self.territory, name, self.secrets.get(name))

    def answered(self, place, status, words, code=None):
        """Sees that a record was answered so; the answer."""
        found = self.answers.of(place)
        if not self.check(found is not None, f"{words}: no answer"):
            return None
        wrong = faults("answer", found, has_json=False)
        self.check(not wrong, f"{words}: the answer is not of schemas/asyncapi.yaml", wrong[:3])
        body = found.value.decode("utf-8", "replace")
        self.check.equal(found.text("relais_status"), str(status), f"{words}: status ({body[:300]})")
        if status >= 400:
            document = json.loads(body)
            is_whole = found.text("content-type") == "application/problem+json" and document["status"] == status and document["title"] and document["detail"]
            self.check(is_whole, f"{words}: no problem document", body)
            if code:
                self.check.equal(document.get("code"), code, f"{words}: code")
        return found

    def acts(self):
        """How many events the log has but for those that say who was told what, which come when they come."""
        return rows(self.node.data, "SELECT count(*) FROM event WHERE type NOT LIKE 'fr.relais.recipient.%'")[0][0]

    def received(self, data):
        """Control id → positions at which that message was received."""
        found = {}
        for position, kind, body in events(data):
            if kind == RECEIVED:
                found.setdefault(body["message"]["controlID"], []).append(position)
        return found


def faults(message, record, has_json):
    """How a record differs from a message of schemas/asyncapi.yaml."""
    described = SCHEMA["components"]["messages"][message]
    headers = {name: record.text(name) for name in record.names}
    found = [error.message for error in validator(described["headers"]).iter_errors(headers)]
    found += [f"{name} is not described" for name in headers if name not in described["headers"]["properties"]]
    if has_json:
        found += [error.message for error in validator(described["payload"]).iter_errors(json.loads(record.value))]
    return found


def validator(schema):
    return Draft202012Validator({**schema, "components": SCHEMA["components"]})


def ids(records):
    return {record.text("ce_id") for record in records}


# ── 1: off by default ─────────────────────────────────────────────────────────────────────────────


def off_by_default(scene):
    check, brokers = scene.check, scene.brokers
    data = scene.folder / "machine-a"
    options = []
    if not brokers.is_mock:
        file = scene.folder / "territory.yaml"
        file.write_text(re.sub(rf"(?m)^id: {DEMO}$", f"id: {scene.territory}", TERRITORY_FILE.read_text(encoding="utf-8")), encoding="utf-8")
        options = ["--territory", file]
    check.equal(run("init", "--data", data, *options).code, 0, "relais init")
    scene.policy({"id": "late", "feed": PHARMACISTS}, {"id": "later", "feed": PHARMACISTS})
    if brokers.is_mock:
        brokers.make_topics(scene.territory)
        for name in ("pharmacy", "hospital", "trusting", "late", "later"):
            for kind in ("partner", "answers"):
                brokers.tell(f"topic {scene.topic(f'{kind}.{name}')} 1")
    else:
        made = run("kafka", "init", "--data", data, "--kafka", brokers.bootstrap, "--replication", "1", "--partners", scene.policy_file)
        check.equal(made.code, 0, f"relais kafka init ({made!r})")
    names = [scene.topic("answers"), *(scene.topic(f"answers.{name}") for name in ("pharmacy", "hospital", "trusting"))]
    scene.answers = Answers(brokers, names)
    scene.node = scene.new_node(data).start()
    story = Story(check, scene.node)
    story.discharged(FAMILY)
    scene.waiting = scene.partner("hospital").hl7(Stay("OFF", family=FAMILY, given=GIVEN).message("A01"), "OFFA01")
    check(scene.node.settle(), "the writer does not settle", scene.node.words[-600:])
    time.sleep(2)
    check.equal(scene.answers.count, 0, "answers while no partner is named")
    for name in ("pharmacy", "late"):
        check.equal(len(scene.told(name)), 0, f"records of {name} while no partner is named")
    check("OFFA01" not in scene.received(data), "the intake is read while no partner is named")
    scene.node.stop(60)


# ── 2: the hospital ───────────────────────────────────────────────────────────────────────────────


def hospital(scene):
    """Named now: what waited in the intake is taken in, then a stay from its admission to its discharge."""
    check = scene.check
    scene.node.more = ["--partners", str(scene.policy())]
    node = scene.node.start()
    sender = scene.partner("hospital")
    scene.answered(scene.waiting, 200, "what waited in the intake")
    stay = Stay("KAFKA", family=FAMILY, given=GIVEN)
    for trigger in ("A01", "A03"):
        place = sender.hl7(stay.message(trigger), stay.control(trigger))
        found = scene.answered(place, 200, f"{trigger} through Kafka")
        ack = Ack(found.value) if found else None
        check(ack and ack.code == "AA" and ack.control == stay.control(trigger), f"{trigger}: no acknowledgement", ack)
        check(found and found.key.decode() == stay.control(trigger) and found.topic == scene.topic("answers"), f"{trigger}: key and topic of the answer")
        check(found and int(found.text("relais_position") or 0) > 0 and found.text("relais_partner") == "hospital", f"{trigger}: position and partner")
    check(node.settle(), "the writer does not settle", node.words[-600:])
    pathways = node.get(f"/api/v1/pathways?visit={stay.visit}").json["pathways"]
    check.equal(len(pathways), 1, "pathways of a stay that was told through Kafka")
    check.equal(node.get(f"/api/v1/pathways/{pathways[0]}").json["status"], "discharged", "its status")
    scene.stay, scene.pathway = stay, pathways[0]
    scene.follow_ups = Story(check, node).planned(scene.pathway)

    before = scene.acts()
    message = stay.message("A03")
    again = sender.hl7(message, stay.control("A03"))
    check.equal(scene.answered(again, 200, "the same message again").value, found.value, "the answer to the same message again")
    by_http = node.request("POST", "/api/v1/hl7", message, {"Content-Type": "application/hl7-v2"})
    check.equal(by_http.body, found.value, "the answer to the same message by HTTP")
    check.equal(len(scene.received(node.data)[stay.control("A03")]), 1, "how often the message is in the log")
    other = sender.hl7(message, "another-key", reply_to=scene.topic("answers.hospital"))
    found = scene.answered(other, 200, "the same message under another key, answered in its own topic")
    check(found and found.topic == scene.topic("answers.hospital") and found.value == by_http.body, "the answer in its own topic", found and found.topic)
    check.equal(scene.acts(), before, "events after repetitions")
    production = Stay("PROD", family=FAMILY, given=GIVEN)
    ack = Ack(scene.answered(sender.hl7(production.message("A01", processing="P"), "PROD"), 200, "a message of production").value)
    check(ack.code == "AR" and "202" in ack.error_codes, "a message of production is taken", ack)


# ── 3: the pharmacy ───────────────────────────────────────────────────────────────────────────────


def pharmacy(scene):
    check, node = scene.check, scene.node
    follow_up = scene.follow_ups["pharmacy-reconciliation"]
    sender = scene.partner("pharmacy")
    asked = [offer["to"].removeprefix("urn:rpps:") for offer in follow_up["offers"]]
    asked = [rpps for rpps in asked if rpps in PHARMACISTS]
    if not check(asked, "no pharmacist is asked: nothing can be accepted", follow_up):
        return
    actor, path = asked[0], f"/api/v1/follow-ups/{follow_up['id']}"
    body = answering(follow_up, actor)
    found = scene.answered(sender.command(f"{path}/accept", actor, body, "accept-1"), 200, "accepting through Kafka")
    check.equal(Story(check, node).state(scene.pathway, "pharmacy-reconciliation")["status"], "accepted", "the follow-up after that")
    before = scene.acts()
    again = scene.answered(sender.command(f"{path}/accept", actor, body, "accept-1"), 200, "accepting again, under the same key")
    check.equal(again.value, found.value, "the answer to the same command again")
    by_http = node.post(f"{path}/accept", body, actor, "accept-1")
    check.equal((by_http.status, by_http.body), (200, found.value), "the same command by HTTP")
    check.equal(scene.acts(), before, "events after repetitions")
    reused = sender.command(f"{path}/note", actor, {"note": "autre chose"}, "accept-1")
    found = scene.answers.of(reused)
    same = node.post(f"{path}/note", {"note": "autre chose"}, actor, "accept-1")
    check.equal(found and int(found.text("relais_status")), same.status, "a used key with another command: status as by HTTP")
    check(400 <= same.status < 500 and json.loads(found.value)["code"] == same.json["code"], "a used key with another command", (found.value, same))
    place = sender.command(f"{path}/decline", actor, {"reason": "nonsense"}, "decline-1")
    same = node.post(f"{path}/decline", {"reason": "nonsense"}, actor, "decline-2")
    scene.answered(place, same.status, "a body that is wrong", same.json["code"])


# ── 4: who is nobody, and what is nothing ─────────────────────────────────────────────────────────


def refusals(scene):
    check, node = scene.check, scene.node
    drug, house, open_ = (scene.partner(name) for name in ("pharmacy", "hospital", "trusting"))
    follow_up = scene.follow_ups["gp-visit"]
    path = f"/api/v1/follow-ups/{follow_up['id']}/note"
    note = {"note": "par un autre"}
    mine = PHARMACISTS[0]
    before = scene.acts()
    stay = Stay("FORGED", family=FAMILY, given=GIVEN)
    message = stay.message("A01")
    elsewhere = stay.message("A01").replace(b"|CHLVO|", b"|CHAUTRE|", 1)
    cases = [
        (drug.command(path, GP, note, "r1"), 403, "not-in-policy", "acting for somebody who is not in the policy"),
        (drug.command(path, mine, note, "r2", secret=new_secret()), 401, "signature-invalid", "a wrong secret"),
        (drug.command(path, mine, note, "r3", partner="hospital"), 401, "signature-invalid", "another partner's name"),
        (drug.command(path, mine, note, "r4", secret=None), 401, "signature-invalid", "no signature"),
        (drug.command(path, mine, note, "r5", timestamp=days_ago(30)), 401, "signature-invalid", "an old signature"),
        (drug.command(path, mine, note, "r6", timestamp=days_ago(-1)), 401, "signature-invalid", "a signature of tomorrow"),
        (drug.command(path, mine, note, "r7", partner="stranger"), 401, "unknown-partner", "a partner that nobody knows"),
        (drug.command(path, mine, note, "r8", reply_to=scene.topic("events")), 400, "reply-to", "an answer into the topic of events"),
        (drug.command(path, mine, note, "r9", reply_to=scene.topic("answers.hospital")), 400, "reply-to", "an answer into another's topic"),
        (drug.hl7(message, "r10"), 403, "not-in-policy", "a pharmacy that tells of movements"),
        (house.hl7(elsewhere, "r11"), 403, "not-in-policy", "another hospital's movement"),
        (open_.hl7(message, "r12"), 403, "not-in-policy", "movements of whoever may tell of none"),
        (drug.command("/api/v1/erasures", mine, {}, "r13"), 403, "operation-not-allowed", "a path that is none of theirs"),
        (drug.command(f"{path}?min-position=1", mine, note, "r14"), 403, "operation-not-allowed", "a query"),
        (drug.command("/api/v1/follow-ups/../erasures/accept", mine, {}, "r15"), 403, "operation-not-allowed", "a path with dots"),
    ]
    value = json.dumps({"path": path, "actor": f"urn:rpps:{mine}", "body": note}).encode()
    signed = dict(drug.headers(value, "r16", "application/json"))
    cases += [
        (drug.produce(value + b" ", b"r16", list(signed.items())), 401, "signature-invalid", "a value that was changed"),
        (drug.produce(value, b"r17", list(signed.items())), 401, "signature-invalid", "a key that was changed"),
        (drug.produce(value, b"r16", [*(signed | {"content-type": "text/plain"}).items()]), 415, "content-type", "another type"),
        (open_.produce(value, b"r18", open_.headers(value, "r18", "application/json")), 403, "not-in-policy", "unsigned, for somebody else"),
    ]
    own = {"path": path, "actor": f"urn:rpps:{GP}", "body": {"note": "sans clef"}}
    bad = json.dumps(own).encode()
    head_of = open_.headers(b"", "", "application/json")
    cases += [
        (open_.produce(bad, None, head_of), 400, "idempotency-key-missing", "no key"),
        (open_.produce(bad, "clé été".encode(), head_of), 400, "idempotency-key-missing", "a key that no header can hold"),
        (open_.produce(b"{", b"g1", head_of), 400, "record-unreadable", "half a JSON"),
        (open_.produce(b"[" * 60_000, b"g2", head_of), 400, "record-unreadable", "brackets"),
        (open_.produce(b'{"path":1}', b"g3", head_of), 400, "record-unreadable", "a path that is a number"),
        (open_.produce(json.dumps(own | {"more": 1}).encode(), b"g4", head_of), 400, "record-unreadable", "one member too many"),
        (open_.produce(b'{"path":"' + b"x" * 200_000 + b'"}', b"g5", head_of), 413, "body-too-large", "too large"),
        (open_.produce(None, b"g6", head_of), 400, "record-unreadable", "no value"),
        (open_.produce(None, None, []), 401, "unknown-partner", "nothing at all"),
        (house.hl7(b"MSH", "g7"), 400, "unreadable-message", "no message"),
    ]
    garbage = [scene.chance.randbytes(scene.chance.randint(0, 3000)) for _ in range(60)]
    places = []
    for number, junk in enumerate(garbage):
        headers = [] if number % 3 == 0 else [("relais_partner", b"trusting"), ("content-type", scene.chance.choice([b"application/json", junk[:40], None]))]
        places.append(open_.produce(junk, scene.chance.choice([None, junk[:20]]), headers, partition=number % 3))
    for place, status, code, words in cases:
        found = scene.answered(place, status, words, code)
        is_known = code not in ("unknown-partner", "signature-invalid")
        check(found and (found.text("relais_partner") is not None) == is_known, f"{words}: says whose it was", found and found.names)
        check(found and found.topic == scene.topic("answers"), f"{words}: answered elsewhere", found and found.topic)
    for place in places:
        found = scene.answers.of(place)
        check(found and found.number("relais_status") >= 400, "garbage has no answer that refuses it", found)
    check.equal(scene.acts(), before, "events that refused commands and garbage left")
    # And on it goes, in each partition.
    for number in range(3):
        key = f"AFTER{number}A01"
        [place] = house.produce_all([house.hl7_record(Stay(f"AFTER{number}", family=FAMILY, given=GIVEN).message("A01"), key, number)])
        found = scene.answered(place, 200, f"after garbage in partition {number}")
        check(found and Ack(found.value).code == "AA", f"what comes after garbage in partition {number} is not taken in", found)
    check(not any(trap in node.words for trap in TRAPS) and node.is_running, "the server trapped", node.words[-600:])


# ── 5: what a partner is told ─────────────────────────────────────────────────────────────────────


def feed_items(node, rpps):
    items, cursor = [], ""
    while True:
        page = node.get(f"/api/v1/professionals/{rpps}/feed?limit=100{cursor}", **{"Relais-Actor": f"urn:rpps:{rpps}"}).json
        items += [item for entry in page["entries"] for item in entry["items"]]
        if not page["entries"]:
            return items
        cursor = f"&cursor={page['next']}"


def told(scene):
    check, node = scene.check, scene.node
    check(node.settle(), "the writer does not settle", node.get("/readyz"))

    def in_feeds():
        return {item["key"]: (rpps, item) for rpps in PHARMACISTS for item in feed_items(node, rpps)}

    records = scene.told()
    check(len(records) >= 2, "the pharmacy is told too little to compare", len(records))
    wait_until(lambda: set(in_feeds()) >= ids(scene.told()), 60, 0.5)
    records, feeds = scene.told(), in_feeds()
    check.equal(sorted(ids(records)), sorted(feeds), "ids of the topic, and keys of the professionals' feeds")
    check.equal(len(records), len(ids(records)), "records of the topic, without a crash")
    positions = [record.number("ce_position") for record in records]
    check.equal(positions, sorted(positions), "the order of the log")
    for record in records:
        news = json.loads(record.value)
        rpps, item = feeds.get(record.text("ce_id"), (None, None))
        check(news["professional"] == rpps and news["item"] == item, "a record is not the feed's item", (news, rpps, item))
        check(record.key.decode() == news["item"]["pathway"] == record.text("ce_subject"), "key and subject of a record", record.names)
        wrong = faults("news", record, has_json=True)
        check(not wrong, "a record is not of schemas/asyncapi.yaml", (wrong[:3], record.names))
        check(not any(word.lower().encode() in record.bytes.lower() for word in (FAMILY, GIVEN)), "a record tells a patient's name", record.value)
    check.equal([len(scene.told(name)) for name in ("hospital", "trusting", "late")], [0, 0, 0], "records of those who are told nothing")
    ready = node.get("/readyz").json["checks"]
    check(any(one["name"] == "kafka-partner:pharmacy" for one in ready), "/readyz does not tell of the partner's topic", ready)
    figures = [line for line in node.get("/metrics").text.splitlines() if line.startswith("relais_partner_items_total{")]
    check(any('partner="pharmacy"' in line and not line.endswith(" 0") for line in figures), "/metrics does not tell of the partner's topic", figures)


# ── 6: the examples ───────────────────────────────────────────────────────────────────────────────


def examples(scene):
    check = scene.check
    place = [scene.brokers.bootstrap, scene.territory]

    def example(name, *arguments):
        command = [sys.executable, "-B"] if name.endswith(".py") else []
        return subprocess.run([*command, EXAMPLES / name, *map(str, arguments)], capture_output=True, timeout=150, encoding="utf-8", check=False)

    count = len(ids(scene.told()))
    done = example("follow_partner.py", *place, "pharmacy", "--count", count)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    check.equal(sorted(line["item"]["key"] for line in lines), sorted(ids(scene.told())), f"follow_partner.py ({done.stderr[-300:]})")
    done = example("follow_partner.sh", *place, "pharmacy", "-e")
    check.equal(len(done.stdout.splitlines()), len(scene.told()), f"lines of follow_partner.sh ({done.stderr[-300:]})")
    stay = Stay("EXAMPLE", family=FAMILY, given=GIVEN)
    file = scene.folder / "message.er7"
    file.write_bytes(stay.message("A01"))
    done = example("send.py", *place, "hospital", "--secret-file", scene.folder / "hospital.whsec", "--key", stay.control("A01"), "--hl7", file, "--own-topic")
    check(done.returncode == 0 and f"MSA|AA|{stay.control('A01')}" in done.stdout, "send.py --hl7", (done.stdout, done.stderr[-300:]))
    if SAMPLE.is_file():
        done = example("send.py", *place, "hospital", "--secret-file", scene.folder / "hospital.whsec", "--key", "ans-01", "--hl7", SAMPLE)
        check(done.returncode == 0 and "MSA|AA|" in done.stdout, "send.py of an official sample", (done.stdout, done.stderr[-300:]))
    command = scene.folder / "command.json"
    command.write_text(json.dumps({"path": "/api/v1/follow-ups/none/accept", "actor": f"urn:rpps:{PHARMACISTS[0]}"}))
    done = example("send.py", *place, "pharmacy", "--secret-file", scene.folder / "pharmacy.whsec", "--key", "ex-1", "--command", command)
    check(done.returncode == 1 and "unknown-follow-up" in done.stdout, "send.py --command of a follow-up that is none", (done.stdout, done.stderr[-300:]))
    file.write_bytes(stay.message("A03"))
    before = scene.answers.count
    done = example("send_hl7.sh", *place, "hospital", scene.folder / "hospital.whsec", stay.control("A03"), file)
    check.equal(done.returncode, 0, f"send_hl7.sh ({done.stderr[-300:]})")
    check(wait_until(lambda: scene.answers.count > before, 60), "what send_hl7.sh sent is not answered")
    check(stay.control("A03") in scene.received(scene.node.data), "what send_hl7.sh sent is not in the log")


# ── 7: killed ─────────────────────────────────────────────────────────────────────────────────────


def killed(scene):
    """SIGKILL amid commands, several times; then every one has its answer, and its effect once."""
    check, node = scene.check, scene.node
    sender = scene.partner("hospital")
    stays = [Stay(f"KILL{number}", family=FAMILY, given=GIVEN) for number in range(COMMANDS // 2)]
    records = [sender.hl7_record(stay.message(trigger), stay.control(trigger)) for stay in stays for trigger in ("A01", "A03")]
    controls = [stay.control(trigger) for stay in stays for trigger in ("A01", "A03")]
    known = ids(scene.told())
    places = sender.produce_all(records)
    for number in range(4):
        # The mock gives all of the intake once more after a start: it must come further each time.
        aim = scene.chance.randint(len(places) // 8, len(places) // 2)
        wait_until(lambda: sum(bool(scene.answers.all(place)) for place in places) >= aim, 60)
        time.sleep(scene.chance.uniform(0, 0.4))
        node.kill()
        node.start()
    missing = [control for place, control in zip(places, controls) if scene.answers.of(place, 120) is None]
    check(not missing, f"{len(missing)} of {len(places)} commands have no answer after a kill", missing[:5])
    check(node.settle(), "the writer does not settle after the kills", node.get("/readyz"))
    wrong = [control for place, control in zip(places, controls) if any(Ack(one.value).code != "AA" for one in scene.answers.all(place))]
    check(not wrong, f"{len(wrong)} commands are not answered AA", wrong[:5])
    other = [control for place, control in zip(places, controls) if len({one.value for one in scene.answers.all(place)}) > 1]
    check(not other, f"{len(other)} commands were answered differently the second time", other[:5])
    found = scene.received(node.data)
    check(all(len(found.get(control, [])) == 1 for control in controls), "a command is not in the log once", [(one, found.get(one)) for one in controls if len(found.get(one, [])) != 1][:5])
    twice = sum(len(scene.answers.all(place)) > 1 for place in places)
    print(f"kafka_partners: {len(places)} commands through 4 kills, {twice} answered again with the same bytes", file=sys.stderr)
    records = scene.told()
    values = {}
    for record in records:
        values.setdefault(record.text("ce_id"), set()).add((record.key, record.value, record.text("ce_position")))
    check(all(len(one) == 1 for one in values.values()), "a repeat in the partner's topic differs")
    check(known <= set(values) and len(values) > len(known), "the pharmacy is told nothing of the new stays", (len(known), len(values)))
    print(f"kafka_partners: {len(records)} records in the partner's topic, {len(values)} different", file=sys.stderr)


# ── 8: a copy, and who takes over ─────────────────────────────────────────────────────────────────


def fail_over(scene):
    check, old = scene.check, scene.node
    copy = scene.new_node(bare_copy(old.data, scene.folder / "machine-b"), "standby")
    copy.more = ["--partners", str(scene.policy_file)]
    copy.start()
    check(copy.has(old.log_head()["position"], 180), "the copy does not follow", copy.words[-600:])
    old.kill()
    before = (len(scene.told()), scene.answers.count)
    place = scene.partner("hospital").hl7(Stay("COPY", family=FAMILY, given=GIVEN).message("A01"), "COPYA01")
    time.sleep(3)
    check.equal((len(scene.told()), scene.answers.count), before, "what a copy wrote")
    check(not any(one["name"].startswith("kafka-partner") for one in copy.get("/readyz").json["checks"]), "a copy tells of partners' topics")
    result = run("promote", "--data", copy.data, "--json")
    check.equal(result.code, 0, f"relais promote ({result!r})")
    copy.role = "serve"
    scene.node = copy
    found = scene.answered(place, 200, "what came while nobody wrote")
    check(found and Ack(found.value).code == "AA", "what came while nobody wrote is not taken in", found and found.value)
    known = ids(scene.told())
    stay = Stay("AFTER", family=FAMILY, given=GIVEN)
    for trigger in ("A01", "A03"):
        scene.answered(scene.partner("hospital").hl7(stay.message(trigger), stay.control(trigger)), 200, f"{trigger} at the new writer")
    check(copy.settle(), "the new writer does not settle", copy.get("/readyz"))
    check(known < ids(scene.told()), "the new writer tells the pharmacy nothing")


# ── 9: named in the end ───────────────────────────────────────────────────────────────────────────


def restart_with(scene, *more):
    check, node = scene.check, scene.node
    check.equal(node.stop(60), 0, "the exit status of a graceful stop")
    scene.policy(*more)
    node.more = ["--partners", str(scene.policy_file)]
    node.start()
    check(node.settle(), "the writer does not settle", node.get("/readyz"))


def named_late(scene):
    """Who begins with an empty topic is told, from the log alone, what the pharmacy was told through kills and a fail-over."""
    check = scene.check
    # From here on it acknowledges without waiting for the brokers; partners are told what these have all the same.
    scene.node.ack = "local"
    restart_with(scene, {"id": "late", "feed": PHARMACISTS})
    records = scene.told("late")
    check.equal(sorted(ids(records)), sorted(ids(scene.told())), "ids that were told all along, and in the end")
    check.equal(len(records), len(ids(records)), "records of the late one")


def erased(scene):
    check, node = scene.check, scene.node
    known = scene.told()
    check(any(record.key.decode() == scene.pathway for record in known), "nothing was told of the patient to erase")
    done = run("erase", "--patient", f"{FINESS}/P{scene.stay.key}", "--reason", "requestOfPatient", "--actor", f"urn:rpps:{REFERENT}", "--yes", "--data", node.data)
    check(done.code == 0 and done.json["erased"] is True, "relais erase", done)
    restart_with(scene, {"id": "late", "feed": PHARMACISTS}, {"id": "later", "feed": PHARMACISTS, "templates": ["no-such-template"]})
    check.equal(len(scene.told("later")), 0, "records of templates that are none")
    restart_with(scene, {"id": "late", "feed": PHARMACISTS}, {"id": "later", "feed": PHARMACISTS})
    records = scene.told("later")
    check(records and not any(record.key.decode() == scene.pathway for record in records), "the erased patient's news are told")
    # The pathway's stream keeps its id: what others were told stays theirs to forget.
    others = {record.text("ce_id") for record in known if record.key.decode() != scene.pathway}
    check(others <= ids(records), "news of others are missing after an erasure", len(others - ids(records)))


# ── 10: trouble, and mistakes ─────────────────────────────────────────────────────────────────────


def trouble(scene):
    """One partner's topic cannot be written: the log, the intake and the others go on."""
    check, node = scene.check, scene.node
    if scene.brokers.is_mock:
        scene.brokers.tell(f"topicerror {scene.topic('partner.late')} 29")  # not authorised
        try:
            known = ids(scene.told())
            stay = Stay("TROUBLE", family=FAMILY, given=GIVEN)
            for trigger in ("A01", "A03"):
                found = scene.answered(scene.partner("hospital").hl7(stay.message(trigger), stay.control(trigger)), 200, f"{trigger} beside a topic in trouble")
                check(found and Ack(found.value).code == "AA", f"{trigger} beside a topic in trouble", found)
            check(wait_until(lambda: known < ids(scene.told()), 60, 0.3), "the others are not told")

            def is_told():
                found = {one["name"]: one for one in node.get("/readyz").json["checks"]}
                return "not written since" in (found["kafka-partner:late"].get("detail") or "") and node.get("/readyz").status == 200

            check(wait_until(is_told, 60, 0.3), "/readyz does not tell of the trouble", node.get("/readyz"))
        finally:
            scene.brokers.tell(f"topicerror {scene.topic('partner.late')} 0")
        check(wait_until(lambda: ids(scene.told("late")) == ids(scene.told()), 90, 0.5), "the topic is not made up for once it is back")
    spare = scene.folder / "spare"
    check.equal(run("init", "--data", spare).code, 0, "relais init")

    def refused(words, text, *needed, files=None):
        path = scene.folder / "wrong.json"
        path.write_text(text if isinstance(text, str) else json.dumps({"partners": text}))
        for name, content in (files or {}).items():
            (scene.folder / name).write_text(content)
        with contextlib.suppress(ValueError):
            # What only reading can find: numbers whose key is wrong, ids that come twice, files.
            is_found = words in ("no RPPS", "twice", "no such file", "no secret")
            check.equal(POLICY.is_valid(json.loads(path.read_text())), is_found, f"{words}: the schema allows it")
        result = run("serve", "--data", spare, "--kafka", scene.brokers.bootstrap, "--partners", path)
        told = result.out + result.err
        check(result.code == 2 and all(one in told for one in needed), f"{words}: expected exit 2 and {needed}", result)
        check(not any(trap in told for trap in TRAPS) and "hunter2" not in told, f"{words}: a trap or a secret", result)

    refused("no JSON", "{", "is no JSON")
    refused("no list", '{"partners": {}}', "must be a list")
    refused("a bad id", [{"id": "Été"}], "needs an id")
    refused("twice", [{"id": "a"}, {"id": "a"}], "named twice")
    refused("a word too many", [{"id": "a", "fed": []}], "no setting fed")
    refused("no RPPS", [{"id": "a", "feed": ["12345678901"]}], "is no RPPS")
    refused("a sender without a secret", [{"id": "a", "actors": [GP]}], "secretFile", "unsigned")
    refused("a secret for nothing", [{"id": "a", "secretFile": "x"}], "secretFile")
    refused("no such file", [{"id": "a", "actors": [GP], "secretFile": "none"}], "cannot be read")
    refused("no secret", [{"id": "a", "actors": [GP], "secretFile": "bad"}], "whsec_", files={"bad": "hunter2\n"})
    check.equal(run("serve", "--data", spare, "--kafka", scene.brokers.bootstrap, "--partners", scene.folder / "none.json").code, 2, "no policy")
    planned = run(
        "kafka", "check", "--data", node.data, "--kafka", scene.brokers.bootstrap, "--partners", scene.policy_file, "--json",
        "--replication", "3" if scene.brokers.is_mock else "1", timeout=300,
    )
    check(planned.code == 0 and planned.json["sound"] is True, "relais kafka check of partners' topics", planned)
    without = run("serve", "--data", spare, "--partners", scene.policy_file)
    check(without.code == 2 and "--kafka" in without.err, "partners without Kafka", without)


def main():
    require_binary("kafka_partners")
    if not os.environ.get("RELAIS_KAFKA_BOOTSTRAP") and not os.access(MOCK, os.X_OK):
        print(f"kafka_partners: no mock cluster at {MOCK}: build it first, or name brokers in RELAIS_KAFKA_BOOTSTRAP", file=sys.stderr)
        return 2
    check = Checks("kafka_partners")
    seed = int(os.environ.get("RELAIS_SEED", random.SystemRandom().randrange(2**32)))
    print(f"kafka_partners: RELAIS_SEED={seed}", file=sys.stderr)
    with scratch("kafka-partners") as folder, contextlib.closing(cluster()) as brokers:
        scene = Scene(check, pathlib.Path(folder), brokers, random.Random(seed))
        parts = [
            ("off by default", off_by_default), ("the hospital", hospital), ("the pharmacy", pharmacy), ("refusals", refusals),
            ("what a partner is told", told), ("the examples", examples), ("the kills", killed), ("the fail-over", fail_over),
            ("named late", named_late), ("an erasure", erased), ("trouble", trouble),
        ]
        try:
            for words, body in parts:
                with check.part(words):
                    body(scene)
            for node in scene.nodes:
                check(not any(trap in node.words for trap in TRAPS), f"{node.data.name} trapped", node.words[-600:])
                check(FAMILY not in node.words.upper(), f"a patient's name is in what {node.data.name} says")
        finally:
            if scene.answers:
                scene.answers.close()
            for node in scene.nodes:
                node.kill()
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
