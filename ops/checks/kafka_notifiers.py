"""Several nodes that share the work of telling a territory's people, and one that shows it: relais follow.

A writer that tells nobody, notifiers that are started, stopped, killed with SIGKILL and frozen while the gateway fails in every way. What stopped
at one of them is tried again because somebody asks another node. What arrived is read at the gateway and held against the writer's ledger:
nobody forgotten, no news in two messages, every repeat under its id with the same bytes; and none at all where nodes come and go in peace.

Brokers are librdkafka's mock cluster, KafkaMock beside the binary; RELAIS_KAFKA_BOOTSTRAP=HOST:PORT takes a real cluster instead.
RELAIS_SEED repeats a run's random choices; RELAIS_LONG=1 makes 25 rounds of 5.
"""

import collections
import contextlib
import json
import os
import random
import re
import signal
import sqlite3
import sys
import time

import yaml
from _hl7 import Stay, send_once
from _kafka_cluster import cluster
from _kafka_nodes import Node, bare_copy, digests
from _notice_peers import Gateway
from _relais import GP, LONG, TERRITORY_FILE, TRAPS, Checks, require_binary, run, scratch, wait_until

SEED = int(os.environ.get("RELAIS_SEED", random.SystemRandom().randrange(1 << 32)))
ROUNDS = 25 if LONG else 5
SHARES = 12


def territory(path, gateway, name):
    """The demonstration territory without quiet hours, of which everybody is reached by one gateway."""
    world = yaml.safe_load(TERRITORY_FILE.read_text(encoding="utf-8"))
    world["id"] = name
    world.pop("quietHours", None)
    world["holidays"] = "none"
    for number, person in enumerate(world["professionals"]):
        person.pop("absences", None)
        if person["role"] == "pharmacist":
            person["contacts"] = {"webhook": f"http://127.0.0.1:{gateway.port}/hook/{person['rpps']}"}
        else:
            person["contacts"] = {"mobile": f"06399{number:05d}"}
    path.write_text(json.dumps(world, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    return path


def channels(path, gateway):
    """What a notifier is told."""
    (path.parent / "token").write_text("tok-1\n")
    content = {
        "notifications": {"link": "http://127.0.0.1:8080", "domain": "relais.test", "mergeMinutes": 0},
        "sms": {"gateway": f"http://127.0.0.1:{gateway.port}/sms", "tokenFile": str(path.parent / "token")},
        "webhook": {"hosts": f"127.0.0.1:{gateway.port}"},
    }
    path.write_text(json.dumps({"relais": content}))
    return path


class Follower(Node):
    """A node that follows, in one of the two roles."""

    def __init__(self, data, bootstrap, role, *more):
        super().__init__(data, bootstrap, "follow")
        # A tracer that outlives its process keeps what that says open.
        self.environment = {**os.environ, "SWIFT_BACKTRACE": "enable=no"}
        self.kind, self.more = role, list(more)

    def arguments(self):
        file = self.data.parent / "kafka.properties"
        # Who is gone is missed sooner than by default: the mock makes everybody wait for them.
        file.write_text(f"bootstrap.servers={self.bootstrap}\nsession.timeout.ms=3000\nheartbeat.interval.ms=500\n")
        return ["follow", "--role", self.kind, "--data", str(self.data), "--http", "127.0.0.1:0", "--kafka-file", str(file)]

    def figure(self, name):
        """Of its metrics; None while it does not answer."""
        with contextlib.suppress(OSError):
            values = re.findall(rf"^{name}(?:\{{[^}}]*\}})? (\d+)$", self.get("/metrics").text, re.M)
            return sum(int(value) for value in values) if values else None
        return None

    @property
    def shares(self):
        return self.figure("relais_notifier_shares") or 0


class World:
    def __init__(self, check, folder, brokers, gateway, name):
        self.check, self.folder, self.brokers, self.gateway = check, folder, brokers, gateway
        self.name = name
        self.writer = None
        self.notifiers = []
        self.nodes = []
        self.stays = []

    def follower(self, name, role, *more):
        node = Follower(bare_copy(self.writer.data, self.folder / name), self.brokers.bootstrap, role, *more)
        self.nodes.append(node)
        return node

    def tell(self, count, prefix):
        for number in range(count):
            stay = Stay(f"{prefix}{number}", gp=GP)
            for trigger in ("A01", "A03"):
                answer = send_once(self.writer.mllp, stay.message(trigger))
                self.check(b"|AA|" in answer, f"{trigger} of {stay.visit} is acknowledged", answer)
            self.stays.append(stay)

    def status(self, node):
        return run("notifications", "status", "--json", "--data", node.data).json

    def settle(self, words, seconds=180):
        """Waits until the writer's ledger has all that is to be told."""
        check = self.check
        check(self.writer.settle(seconds), f"{words}: the writer does not settle")

        def is_through():
            counts = self.status(self.writer)
            return counts["waiting"] == 0 and counts["pending"] == 0 and counts["unrecorded"] == 0 and counts["difference"] == 0

        check(wait_until(is_through, seconds, 0.5), f"{words}: something is not told", self.status(self.writer))

    def lines(self, node=None, stays=None):
        """A node's ledger of stays: the writer's of all of them."""
        data = (node or self.writer).data
        found = []
        for stay in stays or self.stays:
            pathway = run("replay", "--visit", stay.visit, "--json", "--data", data).json["pathway"]
            found += run("notifications", "--pathway", pathway, "--json", "--data", data).json["told"]
        return found

    def shared(self, count, words):
        """Waits until so many of the notifiers that run have all shares among them."""
        running = [node for node in self.notifiers if node.process and node.process.poll() is None]
        held = []

        def is_shared():
            held[:] = [node.shares for node in running]
            return len(running) == count and sum(held) == SHARES and all(held)

        return self.check(wait_until(is_shared, 90, 0.2), f"{words}: {count} notifiers have all shares among them", held)

    def alive(self, words):
        """Whether nobody ended by itself."""
        for node in (self.writer, *self.notifiers):
            status = node.process and node.process.poll()
            self.check(status is None, f"{words}: {node.data.name} ended by itself with {status}", node.words[-350:])

    @staticmethod
    def tried(node, message):
        """Whether a notifier itself tried a message, beside what the log says of it."""
        connection = sqlite3.connect(f"file:{node.data / 'reactors.sqlite'}?mode=ro", uri=True, timeout=30)
        with contextlib.closing(connection):
            return connection.execute("SELECT 1 FROM notification_message WHERE id = ? AND tried <> ''", (message,)).fetchone()

    def repeats(self):
        counted = collections.Counter(request["id"] for request in self.gateway.taken)
        return {message: count for message, count in counted.items() if count > 1}


def begin(world, options):
    check, brokers = world.check, world.brokers
    data = world.folder / "writer"
    made = run("init", "--data", data, "--territory", territory(world.folder / "territory.yaml", world.gateway, world.name))
    check.equal(made.code, 0, f"relais init ({made!r})")
    if brokers.is_mock:
        brokers.make_topics(world.name)
    else:
        check.equal(run("kafka", "init", "--data", data, "--kafka", brokers.bootstrap, "--replication", "1").code, 0, "relais kafka init")
    elsewhere = world.folder / "writer.json"
    elsewhere.write_text(json.dumps({"relais": {"notifications": {"by": "notifiers"}}}))
    alone = run("serve", "--data", data, "--config", elsewhere)
    check(alone.code == 2 and "--kafka" in alone.err, f"without Kafka nobody could follow ({alone!r})")
    world.writer = Node(data, brokers.bootstrap, ack="local")
    world.writer.more = ["--config", str(elsewhere)]
    world.nodes.append(world.writer)
    world.writer.start()
    world.tell(2, "NB")
    check(world.writer.settle(), "the writer settles")
    time.sleep(2)
    check.equal(len(world.gateway.seen), 0, "what the writer told, who tells nobody")
    check(world.status(world.writer)["waiting"] > 0, "news wait for a notifier", world.status(world.writer))
    ready = world.writer.get("/readyz")
    check.equal(ready.status, 200, f"readiness of a writer that others tell for ({ready!r})")
    for name in ("notifier-a", "notifier-b"):
        world.notifiers.append(world.follower(name, "notifications", "--config", str(options)))


def together(world):
    check, gateway = world.check, world.gateway
    one, other = world.notifiers
    one.start()
    world.shared(1, "alone")
    world.settle("alone")
    check(len(gateway.taken) > 5, "what waited is told by the first notifier", len(gateway.taken))
    other.start()
    world.shared(2, "together")
    check(wait_until(lambda: other.get("/readyz").status == 200, 30), "a notifier is ready", other.get("/readyz"))
    world.tell(4, "NT")
    world.settle("together")
    told = [node.figure("relais_notifications_handed_over_total") for node in world.notifiers]
    check(all(told), "both tell their share", told)
    check.equal(world.repeats(), {}, "repeats of nodes that come in peace")


def peace(world):
    """Nodes leave and come while there is work: nothing twice."""
    check = world.check
    before = len(world.gateway.taken)
    for number in range(3):
        leaving = world.notifiers[number % 2]
        world.tell(3, f"NP{number}x")
        check.equal(leaving.stop(30), 0, "exit status of a notifier that is asked to stop")
        world.shared(1, "after one left")
        world.tell(2, f"NQ{number}x")
        leaving.start()
        world.shared(2, "after it came back")
    world.settle("in peace")
    check(len(world.gateway.taken) > before, "something was told meanwhile")
    check.equal(world.repeats(), {}, "repeats of nodes that come and go in peace")


def refused(world, trouble, prefix):
    """Tells a stay while everything is refused; what was given up then, by its message's id the node that tried it."""
    check, gateway = world.check, world.gateway
    gateway.mode.update({"sms": trouble, "hook": trouble})
    world.tell(1, prefix)
    world.settle(f"while everything is answered {trouble}")
    gateway.mode.update({"sms": "ok", "hook": "ok"})
    given_up = {line["message"] for line in world.lines(stays=world.stays[-1:]) if line["stage"] == "undeliverable"}
    check(given_up, "what every channel refused is given up")
    holders = {message: [node for node in world.notifiers if world.tried(node, message)] for message in given_up}
    check(all(len(nodes) == 1 for nodes in holders.values()), "each message was tried by one notifier", holders)
    return {message: nodes[0] for message, nodes in holders.items() if nodes}


def retry(node, message):
    return run("notifications", "retry", message, "--data", node.data)


def again(world):
    """What every channel refused is tried again by whoever has the person, at whichever node that is asked for."""
    check, gateway = world.check, world.gateway
    holders = {}
    first = len(world.stays)
    for number in range(8):
        holders.update(refused(world, "422", f"NR{number}x"))
        if set(holders.values()) == set(world.notifiers):
            break
    check.equal(set(holders.values()), set(world.notifiers), "notifiers that gave something up")
    for node in (world.writer, *world.notifiers):
        shown = set()

        def shows_all(node=node, shown=shown):
            shown.clear()
            shown.update(line["message"] for line in world.lines(node, world.stays[first:]) if line["stage"] == "undeliverable")
            return shown == set(holders)

        check(wait_until(shows_all, 30, 0.5), f"{node.data.name} shows what was given up", (len(shown), len(holders)))
        status = run("notifications", "status", "--json", "--data", node.data)
        check(status.code == 1 and status.json["undelivered"] > 0, f"{node.data.name} raises the alarm of what nobody was told instead", status)
    before = len(gateway.taken)
    for number, (message, holder) in enumerate(sorted(holders.items())):
        other = next(node for node in world.notifiers if node is not holder)
        # The writer; the other notifier; both, who know nothing of each other.
        for place, node in enumerate(([world.writer], [other], [world.writer, other])[number % 3]):
            asked = retry(node, message)
            # Who asks second may hear that they have it by now.
            check(asked.code in (0, min(place, 1)), f"{node.data.name} has it tried again ({asked!r})")
    check(wait_until(lambda: set(holders) <= {request["id"] for request in gateway.taken}, 60, 0.1), "what is tried again goes out")
    world.settle("what is tried again")
    new = collections.Counter(request["id"] for request in gateway.taken[before:])
    check.equal({message: new[message] for message in holders}, dict.fromkeys(holders, 1), "how often each went out, under its id")
    for node in (world.writer, *world.notifiers):
        check(wait_until(lambda node=node: world.status(node)["undelivered"] == 0, 30, 0.5), f"{node.data.name} shows that nothing is given up")
        for message in holders:
            late = retry(node, message)
            check.equal(late.code, 1, f"what they have is not sent again at {node.data.name} ({late!r})")
    told = [line for line in world.lines(stays=world.stays[first:]) if line["message"] in holders]
    check(all(len(line["handOvers"]) == 1 and line["undeliverable"] for line in told), "the ledger knows both", told)
    check.equal(world.repeats(), {}, "repeats of what was tried again")
    print(f"kafka_notifiers: {len(holders)} messages given up by {len(set(holders.values()))} notifiers, tried again through other nodes, once each")


@contextlib.contextmanager
def unreadable(node, pathway):
    """The last event of a pathway cannot be opened in a node's copy; meanwhile that is."""
    connection = sqlite3.connect(node.data / "log.sqlite", timeout=30, isolation_level=None)
    with contextlib.closing(connection):
        position, payload = connection.execute(
            "SELECT position, payload FROM event JOIN stream ON stream.id = event.stream WHERE stream.name = ? ORDER BY version DESC LIMIT 1",
            (bytes.fromhex(pathway),),
        ).fetchone()
        guard = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'event_no_update'").fetchone()[0]

        def write(content):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("DROP TRIGGER event_no_update")
            connection.execute("UPDATE event SET payload = ? WHERE position = ?", (content, position))
            connection.execute(guard)
            connection.execute("COMMIT")

        write(payload[:-1] + bytes([payload[-1] ^ 1]))
        try:
            yield
        finally:
            write(payload)


def poisoned(world):
    """What a notifier cannot read is parked there, and goes out when it is mended and another node is asked."""
    check, gateway = world.check, world.gateway
    holders = refused(world, "422", "NX")
    message, holder = min(holders.items())
    other = next(node for node in world.notifiers if node is not holder)
    stay = world.stays[-1]
    pathway = next(line["pathway"] for line in world.lines(stays=[stay]) if line["message"] == message)
    # Something that nobody has read yet when it is rendered again.
    check(b"|AA|" in send_once(world.writer.mllp, stay.message("A02")), "a transfer that comes late is acknowledged")
    end = world.writer.log_head()["position"]
    check(holder.has(end) and holder.settle(), f"{holder.data.name} does not settle")

    def parked(node):
        return [line["message"] for line in run("notifications", "parked", "--json", "--data", node.data).json]

    with unreadable(holder, pathway):
        asked = retry(world.writer, message)
        check.equal(asked.code, 0, f"the writer has it tried again ({asked!r})")
        check(wait_until(lambda: parked(holder) == [message], 30, 0.5), "it is parked where it cannot be read", parked(holder))
        status = run("notifications", "status", "--json", "--data", holder.data)
        check(status.code == 1 and status.json["parked"] == 1, "who has it raises the alarm", status)
        check.equal([node.data.name for node in (world.writer, other) if parked(node)], [], "others that have it parked")
        check(message not in gateway.ids("sms") + gateway.ids("hook"), "what cannot be read goes to nobody")
    for asked_for in holders:
        node = other if holders[asked_for] is holder else world.writer
        asked = retry(node, asked_for)
        check.equal(asked.code, 0, f"{node.data.name} has it tried again ({asked!r})")
    check(wait_until(lambda: set(holders) <= {request["id"] for request in gateway.taken}, 60, 0.1), "what was mended goes out")
    world.settle("what was mended")
    check.equal([parked(node) for node in (holder, other, world.writer)], [[], [], []], "what is parked after")
    check.equal(world.repeats(), {}, "repeats of what was mended")


def war(world):
    """SIGKILL at random moments, and one that is frozen until others have its shares, while the gateway fails in every way."""
    check, gateway = world.check, world.gateway
    chance = random.Random(SEED)
    gateway.mode.update({"sms": "chaos", "hook": "chaos"})
    for number in range(ROUNDS):
        victim = chance.choice(world.notifiers)
        world.tell(4, f"NW{number}x")
        time.sleep(chance.random() * 1.5)
        world.alive(f"in round {number}")
        if number == 1:
            os.kill(victim.process.pid, signal.SIGSTOP)
            survivor = next(node for node in world.notifiers if node is not victim)
            check(wait_until(lambda: survivor.shares == SHARES, 60, 0.2), "a frozen node's shares go to the other", survivor.shares)
            os.kill(victim.process.pid, signal.SIGCONT)
        else:
            victim.kill()
            time.sleep(chance.random() * 2)
            victim.start()
    world.writer.kill()
    world.writer.start()
    gateway.mode.update({"sms": "ok", "hook": "ok"})
    world.shared(2, "after the kills")
    world.settle("after the kills", 300)
    bodies = collections.defaultdict(set)
    for request in gateway.taken:
        bodies[request["id"]].add(request["body"])
    check(all(len(each) == 1 for each in bodies.values()), "a repeat has the bytes of the first", [key for key, each in bodies.items() if len(each) > 1])
    taken = set(bodies)
    lines = world.lines()
    lost = [line["message"] for line in lines for one in line["handOvers"] if one["channel"] in ("sms", "webhook") and line["message"] not in taken]
    check.equal(lost, [], "what the ledger says was handed over and nobody has")
    unheard = [stay.visit for stay in world.stays if not any(line for line in lines)]
    check.equal(unheard, [], "stays of which nobody heard")
    ids = collections.defaultdict(set)
    for line in lines:
        if line["handOvers"] and not line.get("reminder"):
            ids[(line["event"], line["recipient"], line["template"], line.get("followUp"))].add(line["message"])
    double = {key: each for key, each in ids.items() if len(each) > 1}
    check.equal(double, {}, "news that were told in two messages")
    known = {line["message"] for line in lines}
    check.equal([one for one in taken if one not in known], [], "messages that somebody has and the ledger does not know")
    repeats = sum(world.repeats().values()) - len(world.repeats())
    print(f"kafka_notifiers: {ROUNDS} kills, {len(world.stays)} stays, {len(ids)} news told, lost {len(lost)}, repeats {repeats}, all under their id")


def shown(world):
    """A node of role projections has the writer's views; every copy is sound."""
    check = world.check
    shower = world.follower("shower", "projections")
    shower.start()
    end = world.writer.log_head()
    check(shower.has(end["position"]), "it follows", shower.words[-400:])
    check(shower.settle(), "it settles")
    refused = run("promote", "--data", shower.data)
    check(refused.code == 1 and "standby" in refused.err, f"it is not promoted ({refused!r})")
    for node in (*world.notifiers, shower, world.writer):
        check.equal(node.stop(30), 0, f"exit status of {node.data.name}")
    views = {node.data.name: digests(node.data) for node in (world.writer, shower)}
    check.equal(views["shower"], views["writer"], "views of the copy and the writer's")
    for node in (world.writer, shower, *world.notifiers):
        sound = run("verify", "--data", node.data, "--json", timeout=300)
        check(sound.code == 0 and sound.json["sound"], f"relais verify of {node.data.name}", sound)
    mine = run("follow", "--role", "notifications", "--data", world.writer.data, "--kafka", world.brokers.bootstrap)
    check(mine.code != 0, f"a writer's directory is not followed into ({mine!r})")


def main():
    require_binary("kafka_notifiers")
    check = Checks("kafka_notifiers")
    print(f"kafka_notifiers: RELAIS_SEED={SEED}", file=sys.stderr)
    with contextlib.ExitStack() as stack, scratch("kafka-notifiers") as folder:
        brokers = cluster()
        stack.callback(brokers.close)
        gateway = Gateway(SEED)
        stack.callback(gateway.close)
        name = "clvo-demo" if brokers.is_mock else f"check-{os.getpid()}-{int(time.time())}"
        world = World(check, folder, brokers, gateway, name)
        stack.callback(lambda: [node.kill() for node in world.nodes if node.process])
        for words, part in (
            ("a writer and no notifier", lambda world: begin(world, channels(folder / "notifier.json", gateway))),
            ("one notifier, then two", together), ("in peace", peace), ("tried again", again), ("poisoned", poisoned),
            ("kills", war), ("shown", shown),
        ):
            with check.part(words):
                part(world)
        for node in world.nodes:
            check(not any(word in node.words for word in TRAPS), f"no trap in {node.data.name}", node.words[-2000:])
            check(not any(word in node.words for word in ("FICTIF", "06399")), f"no patient and no address in the words of {node.data.name}",
                  [line for line in node.words.splitlines() if "FICTIF" in line or "06399" in line][:5])
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
