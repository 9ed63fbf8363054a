"""Nobody forgotten, every repeat recognisable: a server with secure mail over Postfix, an SMS gateway and a webhook, all on loopback.

Stays are told to it; what arrives is read where it arrives (Dovecot's maildirs, the stand-in's own list) and held against what the ledger
says by command line, page and API. Then the server is killed again and again while the gateway fails in every way, and nothing may be lost,
and nothing repeated under another id. RELAIS_SEED repeats the random choices; RELAIS_LONG=1 makes 40 rounds of 5.
"""

import collections
import contextlib
import datetime
import http.client
import json
import os
import random
import re
import subprocess
import sys
import time

import yaml
from _hl7 import Stay, send_once
from _notice_peers import Gateway, MailPeer, is_signed
from _relais import BINARY, GP, LONG, REFERENT, TERRITORY_FILE, TRAPS, UNIT_CONTACT, Checks, Server, require_binary, run, scratch, wait_until

SEED = int(os.environ.get("RELAIS_SEED", random.SystemRandom().randrange(1 << 32)))
ROUNDS = 40 if LONG else 5
PHARMACIST = "99999000831"
# Words of the patient, the place and the care: none may stand in an open channel or a webhook.
IDENTITY = ["FICTIF", "Fictif", "Jeanne", "CHALLANS", "Challans", "SALINES", "CHLVO", "infirmi", "pansement", "sortie", "hospital", "19481204"]


def territory(path, gateway):
    """The demonstration territory without quiet hours and holidays, whose people are reached on this machine."""
    world = yaml.safe_load(TERRITORY_FILE.read_text(encoding="utf-8"))
    world.pop("quietHours", None)
    world["holidays"] = "none"
    world["mssanteDomains"] = ["mssante.test"]
    for person in world["professionals"]:
        role, rpps = person["role"], person["rpps"]
        person.pop("contacts", None)
        person.pop("absences", None)
        if role == "attending-gp":
            # One has left, and is found by text message.
            person["contacts"] = {"mssante": "medecin@mssante.test" if rpps == GP else "nobody.there@mssante.test", "mobile": "0639980001"}
        elif role == "nurse":
            person["contacts"] = {"mobile": f"06399{int(rpps[-6:-1]):05d}"[:10]}
        elif role == "pharmacist":
            person["contacts"] = {"webhook": f"http://127.0.0.1:{gateway.port}/hook/{rpps}"}
        elif role in ("referent", "discharging-unit"):
            person["contacts"] = {"mssante": "ide@mssante.test"}
    # JSON is YAML whose texts are quoted.
    path.write_text(json.dumps(world, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    return path


def settings(path, mail, gateway):
    (path.parent / "token").write_text("tok-1\n")
    (path.parent / "password").write_text("secret\n")
    path.write_text(
        json.dumps(
            {
                "relais": {
                    "notifications": {"link": "http://127.0.0.1:8080", "domain": "relais.test", "mergeMinutes": 0},
                    "mssante": {
                        "server": f"smtp://localhost:{mail.ports['starttls']}",
                        "sender": "suivi@relais.test",
                        "domains": "mssante.test",
                        "authorities": mail.certificate("ca.pem"),
                        "certificate": mail.certificate("client.pem"),
                        "key": mail.certificate("client.key"),
                    },
                    "mailbox": {
                        "server": f"imaps://localhost:{mail.ports['imaps']}",
                        "user": "suivi@relais.test",
                        "passwordFile": str(path.parent / "password"),
                        "authorities": mail.certificate("ca.pem"),
                    },
                    "sms": {"gateway": f"http://127.0.0.1:{gateway.port}/sms", "tokenFile": str(path.parent / "token")},
                    "webhook": {"hosts": f"127.0.0.1:{gateway.port}"},
                }
            }
        )
    )
    return path


class World:
    def __init__(self, check, server, mail, gateway):
        self.check, self.server, self.mail, self.gateway = check, server, mail, gateway

    def tell(self, key, *triggers, **options):
        stay = Stay(key, gp=GP, **options)
        for trigger in triggers:
            answer = send_once(self.server.mllp, stay.message(trigger))
            self.check(b"|AA|" in answer, f"{trigger} of {key} is acknowledged", answer)
        return stay

    def pathway(self, stay):
        found = run("replay", "--visit", stay.visit, "--json", "--data", self.server.data)
        return found.json["pathway"]

    def ledger(self, pathway):
        return run("notifications", "--pathway", pathway, "--json", "--data", self.server.data).json["told"]


def story(world):
    check, mail, gateway = world.check, world.mail, world.gateway
    stay = world.tell("NT1", "A01", "A03")
    pathway = world.pathway(stay)
    mails = wait_until(lambda: [m for m in mail.mails("medecin@mssante.test") if "FICTIF" in str(m.get_body(("plain",)).get_content()).upper()], 40)
    if check(mails, "the doctor's secure mail names the patient"):
        one = mails[0]
        check("fictif" not in one["Subject"].lower() and "jeanne" not in one["Subject"].lower(), "its subject does not", one["Subject"])
        check(re.fullmatch(r"<[0-9a-f]{32}\.mssante@relais\.test>", one["Message-ID"]), "its Message-ID is the message's id", one["Message-ID"])
    texts = wait_until(lambda: [r for r in gateway.taken if r["kind"] == "sms"], 40)
    if check(texts, "nurses get a text message"):
        for request in texts:
            text = json.loads(request["body"])["text"]
            check(re.match(r"(Rappel : )?Vous avez (1|\d+) nouvelles? (demande|information)", text), "it counts what is new", text)
            check(not any(word in text for word in IDENTITY), "and says nothing of anybody", text)
            check(len(text) <= 160, "in one message", text)
    hooks = wait_until(lambda: [r for r in gateway.taken if r["path"] == f"/hook/{PHARMACIST}"], 40)
    hooks = hooks or wait_until(lambda: [r for r in gateway.taken if r["kind"] == "hook"], 5)
    if check(hooks, "a pharmacy's software is called"):
        request = hooks[0]
        url = f"http://127.0.0.1:{gateway.port}{request['path']}"
        secret = run("notifications", "webhook-secret", url, "--data", world.server.data).out.strip()
        check(is_signed(request, secret), "with a signature that its secret makes")
        body = json.loads(request["body"])
        check.equal(body["data"]["message"], request["id"], "the body names the message that the header names")
        check(not any(word in request["body"].decode() for word in IDENTITY), "it names nobody and no care", request["body"])

    def told():
        lines = world.ledger(pathway)
        return lines if any(line["recipient"] == GP and line["handOvers"] for line in lines) else None

    # Others may be told before the doctor is.
    lines = wait_until(told, 30) or world.ledger(pathway)
    if check(lines, "the ledger of the pathway has hand-overs"):
        people = {line["recipient"] for line in lines}
        check(GP in people, "the doctor is among them", people)
        mine = [line for line in lines if line["recipient"] == GP and line["handOvers"]]
        check(mine and mine[0]["handOvers"][0]["channel"] == "mssante", "by secure mail", mine)
    page = world.server.request("GET", f"/parcours/{pathway}", None, {"Cookie": f"relais-acteur={REFERENT}"})
    check("Qui a été prévenu" in page.text, "the page of the pathway says who was told", page.status)
    return stay, pathway


def bounce(world):
    """The doctor whose address is gone: the bounce becomes a fact, and the text message goes out instead."""
    check = world.check
    stay = Stay("NT2", gp="99999000120")
    for trigger in ("A01", "A03"):
        send_once(world.server.mllp, stay.message(trigger))
    pathway = world.pathway(stay)

    def bounced():
        return [line for line in world.ledger(pathway) if line["recipient"] == "99999000120" and line.get("bounces")]

    lines = wait_until(bounced, 90, 1)
    if check(lines, "a bounce is read and is a fact", world.ledger(pathway)):
        check.equal(lines[0]["bounces"][0]["reason"], "unknownAddress", "its reason")

    def elsewhere():
        return [line for line in bounced() if any(one["channel"] == "sms" for one in line["handOvers"])]

    check(wait_until(elsewhere, 40, 1), "the next channel took the message", bounced())


def feed(world):
    """The feed has the ids of the other channels, and a stream that is cut a hundred times neither loses nor doubles."""
    check, server = world.check, world.server
    actor = {"Relais-Actor": f"urn:rpps:{GP}"}
    answer = server.request("GET", f"/api/v1/professionals/{GP}/feed?limit=200", None, actor)
    check.equal(answer.status, 200, "status of the feed")
    entries = answer.json["entries"]
    check(entries, "the feed has entries")
    sent = {m["Message-ID"].split(".")[0].lstrip("<") for m in world.mail.mails("medecin@mssante.test")}
    check({entry["message"] for entry in entries} >= sent, "every mail is in it under the same id", sent)
    check.equal(server.request("GET", f"/api/v1/professionals/{GP}/feed", None, {"Relais-Actor": "urn:rpps:99999000526"}).status, 403, "of others")
    for number in range(30 if LONG else 8):
        world.tell(f"NF{number}", "A01", "A03")
    seen, last, cuts = [], None, 0
    deadline = time.monotonic() + 120
    chance = random.Random(SEED)
    while cuts < 100 and time.monotonic() < deadline:
        cuts += 1
        connection = http.client.HTTPConnection("127.0.0.1", server.http, timeout=10)
        headers = {**actor, "Accept": "text/event-stream"}
        if last:
            headers["Last-Event-ID"] = last
        try:
            connection.request("GET", f"/api/v1/professionals/{GP}/feed", headers=headers)
            response = connection.getresponse()
            until = time.monotonic() + chance.random() * 0.2
            event = {}
            connection.sock.settimeout(0.25)
            while time.monotonic() < until:
                line = response.readline().decode().rstrip("\n")
                if line.startswith("id:"):
                    event["id"] = line[3:].strip()
                elif line.startswith("data:"):
                    event["data"] = line[5:].strip()
                elif line == "" and "data" in event:
                    seen.append(json.loads(event["data"])["message"])
                    last = event["id"]
                    event = {}
                    if chance.random() < 0.5:
                        break
        except (OSError, http.client.HTTPException):
            pass
        finally:
            connection.close()
    whole = server.request("GET", f"/api/v1/professionals/{GP}/feed?limit=200", None, actor).json["entries"]
    check.equal(collections.Counter(seen).most_common(1)[0][1] if seen else 0, 1, f"how often an entry came over {cuts} cuts")
    check.equal(seen, [entry["message"] for entry in whole][: len(seen)], "what came over the cuts, in order")
    check(len(seen) >= len(whole) - 2 or cuts < 100, f"all of it came ({len(seen)} of {len(whole)})")


def opened(world):
    check, server = world.check, world.server
    entries = server.request("GET", f"/api/v1/professionals/{GP}/feed?limit=1", None, {"Relais-Actor": f"urn:rpps:{REFERENT}"}).json["entries"]
    message = entries[0]["message"]
    navigation = {"Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    for headers in ({}, navigation):
        answer = server.request("GET", f"/n/{message}?c=mssante", None, headers)
        check(answer.status in (302, 303), "a link leads on", answer.status)
    check(server.request("GET", "/n/" + "0" * 32, None, navigation).status in (302, 303), "one that nobody sent leads on too")

    def is_open():
        lines = run("notifications", "--rpps", GP, "--json", "--data", server.data).json["told"]
        return [line for line in lines if line["message"] == message and line.get("openedAt")]

    check(wait_until(is_open, 20), "that the link was followed is in the ledger")


def killed(world):
    """SIGKILL at random moments while the gateway fails in every way. Nothing lost, every repeat under its id with the same content."""
    check, server, gateway = world.check, world.server, world.gateway
    chance = random.Random(SEED)
    gateway.mode.update({"sms": "chaos", "hook": "chaos"})
    stays = []
    for number in range(ROUNDS):
        for one in range(6):
            stays.append(world.tell(f"NK{number}x{one}", "A01", "A03"))
        time.sleep(chance.random() * 1.5)
        server.kill()
        server.start()
    gateway.mode.update({"sms": "ok", "hook": "ok"})

    def is_drained():
        status = run("notifications", "status", "--json", "--data", server.data)
        counts = status.json
        return counts["pending"] == 0 and counts["unrecorded"] == 0 and counts["waiting"] == 0 and counts["difference"] == 0

    drained = wait_until(is_drained, 240, 1)
    check(drained, "everything is handed over", run("notifications", "status", "--json", "--data", server.data).out)
    bodies = collections.defaultdict(set)
    for request in gateway.taken:
        bodies[request["id"]].add(request["body"])
    check(all(len(each) == 1 for each in bodies.values()), "a repeat has the bytes of the first", [k for k, v in bodies.items() if len(v) > 1])
    taken = {kind: set(gateway.ids(kind)) for kind in ("sms", "hook")}
    lost, told, repeats = [], 0, len(gateway.taken) - len(bodies)
    for stay in stays:
        lines = world.ledger(world.pathway(stay))
        if not lines:
            lost.append(stay.visit)
        for line in lines:
            for one in line["handOvers"]:
                told += 1
                kind = {"sms": "sms", "webhook": "hook"}.get(one["channel"])
                if kind and line["message"] not in taken[kind]:
                    lost.append((stay.visit, line["message"]))
    check.equal(lost, [], "what the ledger says was handed over and nobody has, or stays of which nobody heard")
    people = {line["recipient"] for stay in stays for line in world.ledger(world.pathway(stay))}
    check(len(people) > 5 and GP in people, "many people were told", len(people))
    print(f"notifications: {ROUNDS} kills, {len(stays)} stays, {told} hand-overs in the ledger, lost {len(lost)}, repeats {repeats}, all under their id")


def dead_destination(world):
    """A gateway that hangs delays nobody else."""
    check, gateway = world.check, world.gateway
    gateway.mode["sms"] = "hang"
    before = len(world.mail.mails("medecin@mssante.test"))
    for number in range(4):
        world.tell(f"ND{number}", "A01", "A03")
    check(wait_until(lambda: len(world.mail.mails("medecin@mssante.test")) > before, 40), "secure mail goes out while the SMS gateway hangs")
    gateway.mode["sms"] = "ok"


def switch(world):
    """The dead man's switch: alive, silent after a kill, alive again; an alert by a command of the operator's."""
    check, server = world.check, world.server
    data = server.data
    alive = run("watchdog", "--once", "--data", data)
    check.equal(alive.code, 0, f"the watchdog finds a living server ({alive!r})")
    alerts = data.parent / "alerts"
    command = data.parent / "alert.sh"
    command.write_text(f'#!/bin/sh\necho "$RELAIS_ALERT $RELAIS_SILENT" >> {alerts}\n')
    command.chmod(0o755)
    dog = subprocess.Popen(
        [BINARY, "watchdog", "--data", str(data), "--silence", "20", "--interval", "1", "--alert-command", str(command)],
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )
    try:
        server.kill()
        check(wait_until(lambda: alerts.exists() and "silent" in alerts.read_text(), 60, 0.5), "silence is told by the operator's own command")
        silent = run("watchdog", "--once", "--silence", "20", "--data", data)
        check.equal(silent.code, 1, f"and by the exit status ({silent!r})")
        server.start()
        check(wait_until(lambda: "recovered" in alerts.read_text(), 60, 0.5), "and that it is over", alerts.read_text())
    finally:
        dog.terminate()
        dog.wait(10)


def operators(world):
    check, server = world.check, world.server
    preview = run("notifications", "preview", "--data", server.data)
    check(preview.code == 0 and "Vous avez" in run("notifications", "preview", "offer-named", "--channel", "sms").out, "texts are previewed", preview)
    lint = run("notifications", "lint", "--messages", 10_000 if LONG else 1_000, timeout=600)
    check.equal(lint.code, 0, f"no identity in open channels ({lint!r})")
    metrics = server.get("/metrics").text
    check(re.search(r"^relais_notifications_difference(\{.*\})? 0$", metrics, re.M), "the difference is a metric, and 0",
          [line for line in metrics.splitlines() if "notification" in line][:12])
    parked = run("notifications", "parked", "--json", "--data", server.data)
    check.equal((parked.code, parked.json), (0, []), "nothing is parked")
    missing = run("notifications", "retry", "0" * 32, "--data", server.data)
    check.equal(missing.code, 1, f"a message that is not parked is not retried ({missing!r})")


def main():
    require_binary("notifications")
    check = Checks("notifications")
    print(f"notifications: RELAIS_SEED={SEED}", file=sys.stderr)
    with contextlib.ExitStack() as stack, scratch("notifications") as path:
        mail = MailPeer()
        stack.callback(mail.close)
        gateway = Gateway(SEED)
        stack.callback(gateway.close)
        made = run("init", "--data", path / "data", "--territory", territory(path / "territory.yaml", gateway))
        if not check.equal(made.code, 0, f"relais init ({made!r})"):
            return check.finish()
        server = Server(path / "data")
        server.more = ["--config", str(settings(path / "settings.json", mail, gateway))]
        with server:
            world = World(check, server, mail, gateway)
            for name, part in (
                ("a story", story), ("a bounce", bounce), ("the feed", feed), ("opened", opened), ("operators", operators),
                ("a dead destination", dead_destination), ("kills", killed), ("the dead man's switch", switch),
            ):
                with check.part(name):
                    part(world)
            check(not any(word in server.words for word in TRAPS), "no trap", server.words[-2000:])
            check(not any(word in server.words for word in ("FICTIF", "medecin@mssante.test", "06399")), "no patient and no address in the words",
                  [line for line in server.words.splitlines() if "FICTIF" in line or "@" in line][:5])
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
