"""A territory's log through Kafka, end to end: a writer that acknowledges once the brokers have it, a standby that copies it, and who takes over.

The topics are read by kcat and by Python's confluent_kafka and compared with the log, byte by byte. Writer and standby are killed with
SIGKILL under load, brokers go down and come back, the standby is promoted, the old writer comes back, a patient is erased. After each of
these: everything that was acknowledged is in the topic and in the copy, and there is one history.

Brokers are librdkafka's mock cluster, KafkaMock beside the binary; RELAIS_KAFKA_BOOTSTRAP=HOST:PORT takes a real cluster instead, without
the faults that only the mock can play. RELAIS_SEED repeats a run's random choices; RELAIS_LONG=1 makes 30 rounds of 6.
"""

import concurrent.futures
import contextlib
import json
import os
import pathlib
import random
import re
import shutil
import sqlite3
import sys
import threading
import time

from _api_story import Story, asked
from _hl7 import FINESS, Ack, Mllp, Stay
from _kafka_cluster import (
    MOCK, PARTITIONS, MockCluster, cluster, contents, expected_headers, head, headers_of, history, java_partition, kcat, leaf_hash, log_rows, read,
    refusing_port, rows,
)
from _kafka_nodes import FAMILY, GIVEN, Load, Node, bare_copy, digests
from _relais import GP, LONG, REFERENT, TERRITORY_FILE, TRAPS, UNIT_CONTACT, Checks, require_binary, run, scratch, wait_until
from _unseal import events

ROUNDS = 30 if LONG else 6
# Acknowledgements of a round. The mock keeps 5 MiB of a partition, and everything goes through the one of `.log`.
LOAD_OF_ROUND = (4, 20 if LONG else 30)
STARTS_KILLED = 0.3
RECEIVED = "fr.relais.intake.message-received.v1"
SECRET = "hunter2-geheim"
DEMO = "clvo-demo"


class Scene:
    """What the parts share. `writer` and `standby` change places at a fail-over."""

    def __init__(self, check, folder, brokers, chance):
        self.check, self.folder, self.brokers, self.chance = check, folder, brokers, chance
        # A real cluster may have the topics of an earlier run.
        self.territory = DEMO if brokers.is_mock else f"check-{os.getpid()}-{int(time.time())}"
        self.load = Load()
        self.writer = self.standby = None
        self.nodes = []

    def topic(self, name):
        return f"relais.{self.territory}.{name}"

    def node(self, data, role):
        node = Node(data, self.brokers.bootstrap, role)
        self.nodes.append(node)
        return node

    def same(self, words, seconds=180):
        """Waits until writer and standby are still and have the same; whether they do."""
        check = self.check
        is_settled = check(self.writer.settle(seconds), f"{words}: the writer does not settle", last_words(self.writer))
        end = self.writer.log_head()
        if not check(end and self.standby.has(end["position"]), f"{words}: the standby does not follow to {end}", last_words(self.standby)):
            return False
        check(is_settled and wait_until(lambda: self.standby.log_head() == self.writer.log_head(), 60), f"{words}: heads differ")
        check.equal(contents(self.standby.data), contents(self.writer.data), f"{words}: events, attachments, commands and digest of the copy")
        roots = [self.sound(node.data, words) for node in (self.writer, self.standby)]
        return check(roots[0] and roots[0] == roots[1], f"{words}: the roots differ", roots)

    def sound(self, data, words):
        """The root hash by relais verify; nothing if it is not sound."""
        result = run("verify", "--data", data, "--json", timeout=300)
        if self.check(result.code == 0 and result.json["sound"], f"{words}: relais verify of {data.name}", result):
            return result.json["root"]
        return None

    def acknowledged_are_in(self, data, controls, words):
        """Every one of these messages is in a log, once."""
        found = received(data)
        missing = [control for control in controls if control not in found]
        self.check(not missing, f"{words}: {len(missing)} acknowledged messages are missing in {data.name}", missing[:5])
        twice = [control for control, positions in found.items() if len(positions) > 1]
        self.check(not twice, f"{words}: messages are in {data.name} twice", twice[:5])
        return found


def received(data):
    """Control id → positions of a log at which that message was received."""
    found = {}
    for position, kind, body in events(data):
        if kind == RECEIVED:
            found.setdefault(body["message"]["controlID"], []).append(position)
    return found


def last_words(node):
    return node.words[-600:]


def snapshot(data, to):
    """A log as a kill left it: a copy, so that reading it does not change what the server finds."""
    to.mkdir()
    for name in ("log.sqlite", "log.sqlite-wal", "keys.sqlite", "keys.sqlite-wal"):
        if (data / name).exists():
            shutil.copyfile(data / name, to / name)
    shutil.copytree(data / "secrets", to / "secrets")
    return to


def occurrences(directory, words):
    """The files that hold one of the words, in UTF-8 or UTF-16, whatever the case."""
    found = []
    for path in sorted(directory.rglob("*")):
        if path.is_file() and not path.is_socket():
            content = path.read_bytes().lower()
            found += [f"{path.name}: {word}" for word in words if any(word.lower().encode(code) in content for code in ("utf-8", "utf-16-le"))]
    return found


# ── 1: the writer ─────────────────────────────────────────────────────────────────────────────────


def begin(scene):
    check, brokers = scene.check, scene.brokers
    data = scene.folder / "machine-a"
    options = []
    if not brokers.is_mock:
        file = scene.folder / "territory.yaml"
        file.write_text(re.sub(rf"(?m)^id: {DEMO}$", f"id: {scene.territory}", TERRITORY_FILE.read_text(encoding="utf-8")), encoding="utf-8")
        options = ["--territory", file]
    check.equal(run("init", "--data", data, *options).code, 0, "relais init")
    if brokers.is_mock:
        brokers.make_topics(scene.territory)
    else:
        made = run("kafka", "init", "--data", data, "--kafka", brokers.bootstrap, "--replication", "1")
        check.equal(made.code, 0, f"relais kafka init ({made!r})")
    scene.writer = scene.node(data, "serve").start()
    story = Story(check, scene.writer)
    scene.follow_ups = [story.discharged(FAMILY)[1] for _ in range(2)]
    scene.load.start(scene.writer.mllp)
    check(scene.load.wait_for(24), "messages are not acknowledged", last_words(scene.writer))
    check(scene.load.stop(), "a sender hangs")
    check(not scene.load.refused and not scene.load.other, "messages are not answered AA", (scene.load.refused + scene.load.other)[:2])
    check(scene.writer.settle(), "the writer does not settle", last_words(scene.writer))
    answer = scene.writer.get("/readyz")
    check(answer.status == 200 and any(one["name"] == "kafka" for one in answer.json["checks"]), "/readyz does not tell of Kafka", answer)
    check("relais_relay_events_total" in scene.writer.get("/metrics").text, "/metrics does not tell of the relay")


def check_topics(scene, words):
    """What is in the topics is what is in the log, and tells nobody's name."""
    check, data = scene.check, scene.writer.data
    records = read(scene.brokers, scene.topic("events"))
    found, faults = history(records)
    check(not faults, f"{words}: {scene.topic('events')} has two histories", faults[:3])
    log = log_rows(data)
    check.equal(sorted(found), sorted(log), f"{words}: positions in the topic")
    shared = [(found[position], row) for position, row in log.items() if position in found]
    wrong = [(headers_of(record), expected_headers(row, scene.territory)) for record, row in shared if headers_of(record) != expected_headers(row, scene.territory)]
    check(not wrong, f"{words}: headers of {len(wrong)} records are not those of their events", wrong[:1])
    wrong = [row[0] for record, row in shared if record.key != row[2].hex().encode() or record.value != row[15]]
    check(not wrong, f"{words}: key or value of records are not those of their events", wrong[:5])
    wrong = [row[0] for record, row in shared if leaf_hash(row, scene.territory).hex() != record.text("ce_leafhash")]
    check(not wrong, f"{words}: leaf hashes are not those that schemas/leaf.md gives", wrong[:5])
    twice = [record.names for record in records if len(record.names) != len(set(record.names))]
    check(not twice, f"{words}: a record has a header twice", twice[:1])
    wrong = [record.key for record in records if record.partition != java_partition(record.key, PARTITIONS)]
    check(not wrong, f"{words}: records are not where Java's producers put their keys", wrong[:3])
    # What tells of an erasure must be readable for ever, and tells ids only.
    clear_text = {record.text("ce_type") for record in found.values() if "ce_keyid" not in record.headers}
    check(all(kind.startswith("fr.relais.erasure.") for kind in clear_text), f"{words}: events are not sealed", clear_text)

    # Once repeats are dropped, the order of a key is the order of the stream's versions, without gaps.
    counted = {(record.partition, record.offset) for record in found.values()}
    versions = {}
    for record in records:
        if (record.partition, record.offset) in counted:
            versions.setdefault(record.key, []).append(record.number("ce_version"))
    wrong = [key for key, seen in versions.items() if seen != list(range(1, len(seen) + 1))]
    check(not wrong, f"{words}: {len(wrong)} streams are out of order in the topic", [(key, versions[key]) for key in wrong[:2]])

    check.equal(kcat(scene.brokers, scene.topic("events")), sorted((one.partition, one.offset, one.key.decode(), len(one.value)) for one in records), f"{words}: what kcat reads")
    for name in ("events", "log", "keys"):
        told = [word for record in (records if name == "events" else read(scene.brokers, scene.topic(name))) for word in (FAMILY, GIVEN) if word.lower().encode() in record.bytes.lower()]
        check(not told, f"{words}: {scene.topic(name)} tells a patient's name", told[:1])


# ── 2 and 3: the standby ──────────────────────────────────────────────────────────────────────────


def follow(scene):
    check = scene.check
    scene.standby = scene.node(bare_copy(scene.writer.data, scene.folder / "machine-b"), "standby").start()
    if not scene.same("the standby"):
        return
    writer, standby = scene.writer, scene.standby
    check(standby.settle(60), "the standby does not settle", standby.get("/readyz"))
    check(not standby.listens, "MLLP is listened to on a copy")

    def todo(node, rpps):
        document = node.get(f"/api/v1/professionals/{rpps}/todo").json
        return {name: value for name, value in document.items() if name != "now"}

    people = {GP, REFERENT, UNIT_CONTACT} | {rpps for follow_ups in scene.follow_ups for one in follow_ups.values() for rpps in asked(one)}
    lists = {rpps: todo(writer, rpps) for rpps in sorted(people)}
    check(sum(len(one["items"]) for one in lists.values()) > 0, "nobody has anything to do: nothing is compared")
    for rpps, expected in lists.items():
        check.equal(todo(standby, rpps), expected, f"the to-do list of {rpps} on the copy")
    follow_up = next(iter(scene.follow_ups[0].values()))
    for path in (f"/api/v1/follow-ups/{follow_up['id']}/why", "/api/v1/pathways?visit=VAPI1"):
        here, there = standby.get(path), writer.get(path)
        check(here.status == there.status == 200 and here.json == there.json, f"{path} on the copy and on the writer", (here, there))
    for path in ("/", "/api/v1/log/head", "/metrics", "/readyz"):
        check.equal(standby.get(path).status, 200, f"status of {path} on the copy")
    check("relais_follower_events_total" in standby.get("/metrics").text, "/metrics does not tell of the follower")

    story = Story(check, standby)
    [pathway] = standby.get("/api/v1/pathways?visit=VAPI1").json["pathways"]
    for path, body in (("/api/v1/pathways", story.body("VCOPY", FAMILY)), (f"/api/v1/pathways/{pathway}/alerts", {"sign": "fever"})):
        answer = standby.post(path, body, UNIT_CONTACT, f"copy-{path[-6:]}")
        check(answer.status == 503 and answer.is_problem and answer.json["code"] == "read-only-copy", f"a write of {path} on a copy", answer)
    answer = standby.get(f"/api/v1/professionals/{GP}/todo")
    check(answer.status == 200, "a copy that refused a write does not read any more", answer)
    check(run("promote", "--data", writer.data, "--kafka", scene.brokers.bootstrap).code == 1, "a writer can be promoted")


def compare_views(scene):
    """Maintained, rebuilt, on the writer, on the copy: the same. Both are stopped for it, and started again."""
    check = scene.check
    for node in (scene.writer, scene.standby):
        check.equal(node.stop(60), 0, f"the exit status of a graceful stop of {node.data.name}")
    written, copied = digests(scene.writer.data), digests(scene.standby.data)
    check(len(written) >= 6, "too few views", sorted(written))
    for name, pair in written.items():
        check(isinstance(pair, tuple) and pair[0] == pair[1], f"{name} rebuilt is not {name} maintained on the writer", pair)
        check.equal(copied.get(name), pair, f"{name} on the copy")
    scene.writer.start()
    scene.standby.start()


# ── 4: killed ─────────────────────────────────────────────────────────────────────────────────────


def kill_loop(scene):
    check, chance, load = scene.check, scene.chance, scene.load
    for number in range(1, ROUNDS + 1):
        words = f"round {number}"
        load.start(scene.writer.mllp)
        check(load.wait_for(chance.randint(*LOAD_OF_ROUND)), f"{words}: messages are not acknowledged", last_words(scene.writer))
        victims = chance.choice([[scene.writer], [scene.standby], [scene.writer, scene.standby], [scene.standby, scene.writer]])
        for victim in victims:
            victim.kill_later()
        if scene.writer not in victims:
            check(load.wait_for(3), f"{words}: a standby's end stops the writer", last_words(scene.writer))
        for victim in victims:
            victim.kill()
        check(load.stop(), f"{words}: a sender hangs")
        check_handed_over(scene, words, is_killed=scene.writer in victims)
        for victim in victims:
            while chance.random() < STARTS_KILLED:
                victim.start(wait=False)
                time.sleep(chance.uniform(0.0, 0.6))
                victim.kill()
            victim.start()
        end = scene.writer.log_head()
        check(scene.standby.has(end["position"] if end else 0), f"{words}: the standby does not follow", last_words(scene.standby))
    check(load.finish(scene.writer.mllp), "what was under way at a kill is not acknowledged when it is repeated")
    check(all(load.repeat_last(scene.writer.mllp)), "a repeated message does not get the bytes of its first answer")
    scene.same("after the kills")
    scene.acknowledged_are_in(scene.standby.data, load.acknowledged, "after the kills")
    for node in (scene.writer, scene.standby):
        check(not any(trap in node.words for trap in TRAPS), f"{node.data.name} trapped", last_words(node))


def check_handed_over(scene, words, is_killed):
    """Right after a kill: every acknowledged message is in the topic as the log has it."""
    # The topic first: a writer that lives goes on recording, and the topic never has what the log does not.
    topic, faults = history(read(scene.brokers, scene.topic("events")))
    scene.check(not faults, f"{words}: the topic has two histories", faults[:3])
    data = snapshot(scene.writer.data, scene.folder / "snapshot") if is_killed else scene.writer.data
    try:
        found = scene.acknowledged_are_in(data, scene.load.acknowledged, words)
        log = log_rows(data)
    finally:
        if is_killed:
            shutil.rmtree(data)
    positions = [found[control][0] for control in scene.load.acknowledged if control in found]
    missing = [position for position in positions if position not in topic]
    scene.check(not missing, f"{words}: {len(missing)} acknowledged messages are not in the topic", missing[:5])
    other = [position for position, record in topic.items() if position not in log or log[position][14].hex() != record.text("ce_leafhash")]
    scene.check(not other, f"{words}: the topic has other events than the writer's log", other[:5])


# ── 5: brokers ────────────────────────────────────────────────────────────────────────────────────


def break_brokers(scene):
    check, chance, load, brokers = scene.check, scene.chance, scene.load, scene.brokers
    load.start(scene.writer.mllp)
    for number in range(6):
        for partition in range(PARTITIONS):
            brokers.tell(f"leader {scene.topic('events')} {partition} {chance.randint(1, 3)}")
        brokers.tell(f"leader {scene.topic(chance.choice(['log', 'keys']))} 0 {chance.randint(1, 3)}")
        brokers.tell(f"coordinator transaction relais-{scene.territory} {chance.randint(1, 3)}")
        brokers.tell(f"rtt {chance.choice([-1, 1, 2, 3])} {chance.choice([20, 60, 120])}")
        check(load.wait_for(4), f"nothing is acknowledged after change {number + 1} of leaders", last_words(scene.writer))
    brokers.tell("rtt -1 0")
    # Cut off for a moment, one after the other.
    for broker in chance.sample([1, 2, 3], 2):
        brokers.tell(f"broker down {broker}")
        brokers.tell(f"broker up {broker}")
        check(load.wait_for(4), f"nothing is acknowledged after broker {broker} was away", last_words(scene.writer))
    check(load.stop(), "a sender hangs")
    check(load.finish(scene.writer.mllp), "what was under way is not acknowledged when it is repeated")
    scene.same("after the leaders changed")
    outage(scene)
    scene.acknowledged_are_in(scene.standby.data, load.acknowledged, "after the outage")


def outage(scene):
    """No broker answers: nothing is acknowledged, nobody sees what the brokers do not have, nothing is lost."""
    check, writer = scene.check, scene.writer
    stay = Stay("OUTAGE", family=FAMILY, given=GIVEN)
    admission = Story(check, writer).body("VOUTAGE2", FAMILY)
    acknowledged, answers = scene.load.count, {}
    before = writer.log_head()

    def tell():
        with contextlib.suppress(OSError), Mllp(writer.mllp, 120) as connection:
            answers["mllp"] = connection.send(stay.message("A01"))

    def ask():
        with contextlib.suppress(OSError):
            answers["http"] = writer.request(
                "POST", "/api/v1/pathways", json.dumps(admission, ensure_ascii=False).encode(),
                {"Content-Type": "application/json", "Relais-Actor": f"urn:rpps:{UNIT_CONTACT}", "Idempotency-Key": "outage"}, 120,
            )

    scene.brokers.tell("broker down -1")
    try:
        scene.load.start(writer.mllp)
        threads = [threading.Thread(target=work, daemon=True) for work in (tell, ask)]
        for thread in threads:
            thread.start()
        check(wait_until(lambda: head(writer.data)[0] > before["position"], 60), "what comes during an outage is not even recorded here")

        def stalled():
            answer = writer.get("/readyz")
            return answer.status == 503 and any(one["name"] == "kafka" and one["status"] == "not-ready" for one in answer.json["checks"])

        check(wait_until(stalled, 90), "/readyz does not tell that handing over has stalled", writer.get("/readyz"))
        check.equal(writer.log_head(), before, "the head that is shown during an outage")
        shown = writer.get(f"/api/v1/pathways?visit={stay.visit}")
        check(not shown.json.get("pathways"), "what the brokers do not have is shown", shown)
        for thread in threads:
            thread.join(150)
        check(not any(thread.is_alive() for thread in threads), "somebody waits for ever during an outage")
        check.equal(scene.load.count, acknowledged, "messages acknowledged while no broker answers")
    finally:
        scene.brokers.tell("broker up -1")
    told = answers.get("mllp")
    check(not told or Ack(told).code in ("AE", "AR"), "a message is acknowledged while no broker answers", told)
    asked_for = answers.get("http")
    check(asked_for is None or (asked_for.status == 503 and asked_for.is_problem), "a request is acknowledged while no broker answers", asked_for)

    check(scene.load.wait_for(3), "nothing is acknowledged after the outage", last_words(writer))
    check(scene.load.stop() and scene.load.finish(writer.mllp), "what was sent during the outage is not acknowledged when it is repeated")
    with Mllp(writer.mllp, 120) as connection:
        answer = connection.send(stay.message("A01"))
        check(answer and Ack(answer).code == "AA", "the message of the outage is not acknowledged when it is repeated", answer)
    scene.load.acknowledged[stay.control("A01")] = (stay.message("A01"), answer)
    again = writer.post("/api/v1/pathways", admission, UNIT_CONTACT, "outage")
    check(again.status in (200, 201) and again.json["pathway"], "the request of the outage is not acknowledged when it is repeated", again)
    check.equal(len(writer.get("/api/v1/pathways?visit=VOUTAGE2").json["pathways"]), 1, "pathways of the visit that was told twice")
    scene.same("after the outage")


# ── 6: fail-over ──────────────────────────────────────────────────────────────────────────────────


def fail_over(scene):
    """The writer is killed under load, the standby takes over."""
    check, load, old, new = scene.check, scene.load, scene.writer, scene.standby
    load.start(old.mllp)
    check(load.wait_for(scene.chance.randint(10, 30)), "messages are not acknowledged", last_words(old))
    old.kill()
    began = time.monotonic()
    # An answer may have been on its way: every sender has seen the end of its connection once it finds nobody.
    promised = take_over(scene, old, new, began, load)
    scene.acknowledged_are_in(new.data, promised, "promotion under load")
    check(load.wait_for(8), "the new writer acknowledges no more", last_words(new))
    check(load.stop() and load.finish(new.mllp), "what was under way at the fail-over is not acknowledged when it is repeated")
    check(all(load.repeat_last(new.mllp)), "a message that the old writer acknowledged does not get its answer from the new one")
    come_back(scene, old)


def take_over(scene, old, new, began, load):
    """Promotes the standby; the messages that the old writer had acknowledged."""
    check = scene.check
    with load.changed:
        promised = dict(load.acknowledged)
    result = run("promote", "--data", new.data, "--json")
    check(result.code == 0 and result.json["epoch"] >= 1 << 32, "relais promote of a standby that runs", result)
    promoted = time.monotonic()
    new.role = "serve"  # what it is started as from now on
    check(wait_until(lambda: new.listens, 120), "the new writer does not listen to MLLP", last_words(new))
    load.port = new.mllp
    heard = ""
    if load.is_running:
        check(load.wait_for(1), "the new writer acknowledges nothing", last_words(new))
        heard = f", first acknowledgement after {time.monotonic() - began:.2f} s"
    print(f"kafka: promoted {promoted - began:.2f} s after the kill{heard}", file=sys.stderr)
    scene.writer, scene.standby = new, None
    return promised


def come_back(scene, old):
    """The replaced writer: refused as a writer, taken as a standby."""
    check = scene.check
    before, size = head(old.data), len(old.words)
    code = old.refused_to_run()
    words = old.words[size:]
    check.equal(code, 1, f"the exit status of a replaced writer that is started again ({words[-300:]})")
    check("another machine writes this territory now" in words and "relais standby" in words, "it does not say why, and what to do", words[-400:])
    check.equal(head(old.data), before, "the log of a replaced writer that was refused")
    old.role = "standby"
    size = len(old.words)
    old.start()
    scene.standby = old
    scene.same("the old writer as a standby")
    check(not old.listens, "the old writer listens to MLLP as a standby")
    return old.words[size:], before


def fail_back(scene):
    """The writer records what the brokers never get, and is killed: that is set aside when it comes back, and is nobody's history."""
    check, old, new = scene.check, scene.writer, scene.standby
    stay = Stay("SURPLUS", family=FAMILY, given=GIVEN)
    if scene.brokers.is_mock:
        scene.brokers.tell("broker down -1")
        try:
            def tell():
                with contextlib.suppress(OSError), Mllp(old.mllp, 120) as connection:
                    check(not connection.send(stay.message("A01")), "a message is answered while no broker answers")

            sender = threading.Thread(target=tell, daemon=True)
            end = head(old.data)[0]
            sender.start()
            check(wait_until(lambda: head(old.data)[0] > end, 60), "what comes during an outage is not recorded")
            old.kill()
            sender.join(30)
        finally:
            scene.brokers.tell("broker up -1")
    else:
        old.kill()
    promised = take_over(scene, old, new, time.monotonic(), scene.load)
    scene.acknowledged_are_in(new.data, promised, "failing back")
    words, before = come_back(scene, old)
    if not scene.brokers.is_mock:
        return
    # The mock shows also what was never committed; nothing of the surplus was even sent.
    check(stay.control("A01") not in received(new.data), "what was never acknowledged came into the history by another way")
    files = sorted(old.data.glob("tail-*.sealed"))
    check(len(files) == 1 and files[0].stat().st_size > 0, "the surplus of the old writer is not set aside in a file", [path.name for path in old.data.iterdir()])
    check("set aside" in words and str(files[0]) in words if files else False, "it is not said what was set aside, and where", words[:600])
    check(not occurrences(old.data, [FAMILY]) or all("views" in one for one in occurrences(old.data, [FAMILY])), "a name is in what was set aside", occurrences(old.data, [FAMILY]))
    check(before[0] > 0, "the old log was empty")


# ── 7: erasure ────────────────────────────────────────────────────────────────────────────────────


def erase(scene):
    check, writer, standby = scene.check, scene.writer, scene.standby
    stay = Stay("GONE", family="ZQWRENFEATHER", given="Xylophania", birth="19371103")
    with Mllp(writer.mllp, 120) as connection:
        for trigger in ("A01", "A03"):
            check.equal(Ack(connection.send(stay.message(trigger))).code, "AA", "a message of the patient to erase")
    scene.same("before the erasure")
    standby.settle(60)
    check(any("views.sqlite" in place for place in occurrences(standby.data, ["ZQWRENFEATHER"])), "the copy does not show the patient, or the search finds nothing")
    patient_events = [position for position, kind, body in events(standby.data) if kind == RECEIVED and body["message"]["controlID"].startswith("GONE")]
    check.equal(len(patient_events), 2, "messages of the patient that can be opened in the copy")
    [pathway] = standby.get(f"/api/v1/pathways?visit={stay.visit}").json["pathways"]
    shown = standby.get(f"/api/v1/pathways/{pathway}")
    check(shown.status == 200 and shown.json["status"], "the copy does not show the pathway", shown)

    done = run("erase", "--patient", f"{FINESS}/PGONE", "--reason", "requestOfPatient", "--actor", f"urn:rpps:{REFERENT}", "--yes", "--data", writer.data)
    check(done.code == 0 and done.json["erased"] is True, "relais erase on the writer", done)
    keys = {}
    for record in read(scene.brokers, scene.topic("keys")):
        keys[record.key.decode()] = record.value
    tombs = sorted(key for key, value in keys.items() if value is None)
    scene.same("after the erasure")

    def destroyed(data):
        connection = sqlite3.connect(f"file:{data / 'keys.sqlite'}?mode=ro", uri=True, timeout=30)
        try:
            return sorted(key for (key,) in connection.execute("SELECT id FROM data_key WHERE wrapped IS NULL"))
        finally:
            connection.close()

    gone = destroyed(writer.data)
    check(len(gone) >= 2, "the writer destroyed too few keys", gone)
    check(wait_until(lambda: destroyed(standby.data) == gone, 60), "the copy has not destroyed the keys that the writer destroyed", destroyed(standby.data))

    def tombstones():
        last = {record.key.decode(): record.value for record in read(scene.brokers, scene.topic("keys"))}
        return sorted(key for key, value in last.items() if value is None)

    check(set(gone) <= set(tombs) or set(gone) <= set(tombstones()), "a destroyed key has no tombstone in the topic", (gone, tombs))
    readable = {position for position, _, _ in events(standby.data)}
    check(not readable & set(patient_events), "messages of the erased patient can be opened in the copy")
    needles = ["ZQWRENFEATHER", "Xylophania", "19371103"]
    is_clear = wait_until(lambda: not occurrences(standby.data, needles), 30, 0.5)
    check(is_clear, "the erased patient is left in files of the copy that runs", occurrences(standby.data, needles))
    for node in (standby, writer):
        replay = run("replay", "--visit", stay.visit, "--facility", FINESS, "--json", "--data", node.data)
        check("ZQWREN" not in replay.out.upper() and "PGONE" not in replay.out, f"the erased pathway tells something in {node.data.name}", replay)
        answer = node.get(f"/api/v1/pathways/{pathway}")
        check("ZQWREN" not in answer.text.upper() and "PGONE" not in answer.text, f"the API tells something of the erased in {node.data.name}", answer)
    check(run("keys", "status", "--data", standby.data, "--json").json["destroyed"] == len(gone), "relais keys status of the copy")


# ── 8: commands and mistakes ──────────────────────────────────────────────────────────────────────


def clear(check, result, code, words, *needed):
    """It ended with this status and says these words; no trap, no secret, no Swift."""
    told = result.out + result.err
    check(result.code == code and all(one in told for one in needed), f"{words}: expected exit {code} and {needed}", result)
    check(not any(trap in told for trap in TRAPS) and SECRET not in told, f"{words}: a trap or a secret", result)
    check(result.code in (0, 1, 2, 74) and "Error(" not in told and "KafkaError" not in told, f"{words}: not clear", result)


def mistakes(scene):
    check, folder, brokers = scene.check, scene.folder, scene.brokers
    data = scene.standby.data
    spare = folder / "spare"
    check.equal(run("init", "--data", spare).code, 0, "relais init")
    # What waits for an Admin API that the mock does not have waits side by side.
    with concurrent.futures.ThreadPoolExecutor(3) as pool, contextlib.closing(cluster()) as other:
        place = ["--data", data, "--kafka", brokers.bootstrap, "--replication", "3" if brokers.is_mock else "1"]
        planned = pool.submit(run, "kafka", "check", *place, "--json", timeout=300)
        unlike = pool.submit(run, "kafka", "check", *place, "--partitions", "5", timeout=300)
        if brokers.is_mock:
            # Brokers that make what is asked for: with four partitions, which a log must not have. No controller, so none can be made.
            wrong = pool.submit(run, "kafka", "check", "--data", spare, "--kafka", other.bootstrap, timeout=300)
            clear(check, wrong.result(), 1, "relais kafka check of wrong topics", "error: relais.", "1 were planned")
            made = run("kafka", "init", "--data", spare, "--kafka", other.bootstrap, timeout=300)
            clear(check, made, 74, "relais kafka init without a controller", f"relais: Kafka at {other.bootstrap}: ")
        clear(check, planned.result(), 0, "relais kafka check of topics that are as planned")
        check(planned.result().json["sound"] is True, "relais kafka check --json of topics that are as planned", planned.result())
        clear(check, unlike.result(), 0, "relais kafka check with another plan", "note: ", "12 partitions, 5 were planned")

    clear(check, run("kafka", "check", "--data", spare), 2, "relais kafka check without brokers", "where is Kafka?")
    clear(check, run("serve", "--data", spare, "--http", "127.0.0.1:0", "--mllp", "127.0.0.1:0", "--ack", "kafka"), 2, "--ack kafka without brokers", "--ack kafka needs Kafka")
    clear(check, run("standby", "--data", spare), 2, "relais standby without brokers", "where is Kafka?")
    clear(check, run("kafka", "check", "--data", folder / "nothing", "--kafka", brokers.bootstrap), 2, "relais kafka check without a directory", "relais init")
    clear(check, run("kafka", "check", "--data", spare, "--kafka", brokers.bootstrap, "--partitions", "0"), 2, "no partitions")
    for wrong in ("nonsense", "a:b", ":9092", "localhost:0", "localhost:9092,,", "localhost:99999"):
        clear(check, run("kafka", "check", "--data", spare, "--kafka", wrong), 2, f"--kafka {wrong}", "is no broker of Kafka")
    clear(check, run("serve", "--data", spare, "--ack", "perhaps", "--kafka", brokers.bootstrap), 2, "--ack perhaps", "perhaps")

    def file(text):
        path = folder / "kafka.conf"
        path.write_text(text)
        return path

    def check_file(text):
        return run("kafka", "check", "--data", spare, "--kafka-file", file(text))

    server = f"bootstrap.servers={brokers.bootstrap}\n"
    clear(check, check_file(f"# ours\n{server}sasl.password {SECRET}\n"), 2, "a line without =", "kafka.conf:3", "KEY=VALUE")
    clear(check, check_file(f"sasl.password={SECRET}\n"), 2, "a file without brokers", "names no bootstrap.servers")
    clear(check, run("kafka", "check", "--data", spare, "--kafka-file", folder / "none.conf"), 2, "a file that is not there", "cannot be read")
    for words, text in (("an unknown setting", f"no.such.setting={SECRET}\n"), ("a setting of the wrong kind", f"socket.timeout.ms={SECRET}\n")):
        result = check_file(server + text)
        told = result.out + result.err
        check(result.code in (2, 74) and text.split("=")[0] in told, f"{words} is not named", result)
        check(SECRET not in told and not any(trap in told for trap in TRAPS), f"{words}: a trap or a secret", result)
    credentials = f"security.protocol=sasl_plaintext\nsasl.mechanisms=PLAIN\nsasl.username=relay\nsasl.password={SECRET}\n"

    held, port = refusing_port()
    nobody = f"127.0.0.1:{port}"
    try:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            place = ["--data", spare, "--kafka", nobody]
            listening = ["--http", "127.0.0.1:0", "--mllp", "127.0.0.1:0"]
            looked = pool.submit(run, "kafka", "check", *place, timeout=300)
            served = pool.submit(run, "serve", *place, *listening, "--ack", "kafka", "--kafka-file", file(credentials), timeout=300)
            clear(check, looked.result(), 74, "relais kafka check where nobody listens", nobody)
            clear(check, served.result(), 74, "a writer with ack = kafka where nobody listens", "Kafka cannot be asked")
        # Acknowledged locally, it runs without.
        with Node(spare, nobody, ack="local").start() as node:
            with Mllp(node.mllp, 60) as connection:
                check.equal(Ack(connection.send(Stay("LOCAL", family=FAMILY, given=GIVEN).message("A01"))).code, "AA", "ack = local without brokers")
            check("Kafka cannot be reached" in node.words, "it is not told that Kafka cannot be reached", last_words(node))
            check.equal(node.stop(60), 0, "the exit status of a writer without brokers")
        # A standby whose brokers are away waits for them, and can be stopped.
        with Node(bare_copy(spare, folder / "lonely"), nobody, "standby").start() as node:
            check.equal(node.get("/api/v1/log/head").json["position"], 0, "the head of a copy that has nothing yet")
            check.equal(node.stop(60), 0, "the exit status of a standby without brokers")
            check(not any(trap in node.words for trap in TRAPS), "a standby without brokers trapped", last_words(node))
    finally:
        held.close()
    # A directory that is a writer's, which nobody replaced, is no copy.
    if brokers.is_mock:
        other = MockCluster()
        try:
            other.make_topics(DEMO)
            node = Node(spare, other.bootstrap, "standby")
            code = node.refused_to_run()
            check(code == 1 and "holds the log of the writer" in node.words, f"a writer's directory is taken as a standby (exit {code})", last_words(node))
        finally:
            other.close()


def main():
    require_binary("kafka")
    if not os.environ.get("RELAIS_KAFKA_BOOTSTRAP") and not os.access(MOCK, os.X_OK):
        print(f"kafka: no mock cluster at {MOCK}: build it first, or name brokers in RELAIS_KAFKA_BOOTSTRAP", file=sys.stderr)
        return 2
    check = Checks("kafka")
    seed = int(os.environ.get("RELAIS_SEED", random.SystemRandom().randrange(2**32)))
    print(f"kafka: RELAIS_SEED={seed}, {ROUNDS} rounds", file=sys.stderr)
    with scratch("kafka") as folder, contextlib.closing(cluster()) as brokers:
        scene = Scene(check, pathlib.Path(folder), brokers, random.Random(seed))
        parts = [
            ("a writer", begin),
            ("what is in the topics", lambda scene: check_topics(scene, "at first")),
            ("a standby", follow),
            ("the views", compare_views),
            ("the kill loop", kill_loop),
            *([("brokers that break", break_brokers)] if brokers.is_mock else []),
            ("the fail-over", fail_over),
            ("an erasure", erase),
            ("failing back", fail_back),
            ("the topics in the end", lambda scene: check_topics(scene, "in the end")),
            ("mistakes", mistakes),
        ]
        try:
            for words, body in parts:
                with check.part(words):
                    body(scene)
            for node in scene.nodes:
                check(not any(trap in node.words for trap in TRAPS), f"{node.data.name} trapped", last_words(node))
                check(FAMILY not in node.words.upper(), f"a patient's name is in what {node.data.name} says")
        finally:
            scene.load.stop(1)
            for node in scene.nodes:
                node.kill()
        print(
            f"kafka: {scene.load.count} messages acknowledged, {len(scene.load.refused)} refused and repeated, "
            f"{len(rows(scene.writer.data, 'SELECT position FROM event')) if scene.writer else 0} events",
            file=sys.stderr,
        )
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
