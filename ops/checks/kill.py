"""Kills the real server with SIGKILL at random moments under load, again and again, and then asks whether anything was lost or doubled.

Eight hospital senders tell stays (A01, A02, A03 home) over MLLP. After each kill, before anything runs again, the log as the kill left
it is read by another program: every message that was answered AA must be in it, once. Then the server is started again (sometimes
killed while it starts), and each sender repeats what was not answered, and also its last answered message: that one must get the bytes
of its first answer. At the end nothing may be missing, nothing double, and each discharged visit has its follow-ups exactly once.

A kill loses the process, not the machine: what it cannot show is a lost write of a disk. RELAIS_SEED repeats a run's random choices;
RELAIS_LONG=1 makes 60 rounds of 8.
"""

import collections
import os
import random
import shutil
import sqlite3
import sys
import threading
import time

from _hl7 import Ack, Mllp, Stay
from _relais import DESTINATIONS, LONG, PLAIN_RULES, TRAPS, Checks, Server, initialised, require_binary, run, scratch
from _unseal import events

SENDERS = 8
ROUNDS = 60 if LONG else 8
STARTS_KILLED = 0.3
LAST_LOAD = 2.0
SAMPLE_OF_REPLAYS = 60 if LONG else 15
PLANNED = "fr.relais.pathway.follow-ups-planned.v2"
ADMISSION_RULE = "gp-admission-notice"


class Sender(threading.Thread):
    """Sends the messages of its stays in their order until the connection breaks or it is told to pause."""

    def __init__(self, number, state):
        super().__init__(daemon=True)
        self.number, self.state = number, state

    def run(self):
        try:
            with Mllp(self.state.port) as connection:
                self.state.begin()
                self._repeat_last(connection)
                while not self.state.is_paused or self.state.pending[self.number]:
                    self._send_next(connection)
        except OSError:
            pass  # the server was killed: what is pending is repeated in the next round

    def _repeat_last(self, connection):
        last = self.state.last[self.number]
        # What is pending came after: a sender that repeats begins with the oldest.
        if not last:
            return
        message, first_answer = last
        self.state.repeated_sent += 1
        answer = connection.send(message)
        if not answer:
            raise OSError("closed")
        self.state.repeated_alike.append(answer == first_answer)

    def _send_next(self, connection):
        state = self.state
        if not state.pending[self.number]:
            state.pending[self.number] = state.next_message(self.number)
        control, message = state.pending[self.number]
        is_repetition = control in state.caught
        state.repeated_sent += is_repetition
        answer = connection.send(message)
        if not answer:
            raise OSError("closed")
        ack = Ack(answer)
        if ack.code != "AA" or ack.control != control:
            state.bad_answers.append(repr(ack))
        else:
            state.acknowledged.append(control)
            state.last[self.number] = (message, answer)
            state.caught_answered += is_repetition
        state.pending[self.number] = None


class State:
    """What the senders know, over all rounds."""

    def __init__(self):
        self.port = None
        self.is_paused = False
        self.began = threading.Semaphore(0)
        self.pending = [None] * SENDERS
        self.last = [None] * SENDERS
        self.acknowledged = []
        self.bad_answers = []
        # Of the repeated last messages: whether the answer was that of the first time.
        self.repeated_alike = []
        # Repetitions of messages that the log holds already, answered or not.
        self.repeated_sent = 0
        # Messages that a kill caught between commit and answer.
        self.caught = set()
        self.caught_answered = 0
        self.visits = []
        self._stories = [iter(()) for _ in range(SENDERS)]
        self._count = [0] * SENDERS

    def begin(self):
        self.began.release()

    def rest_of_story(self, number):
        return self._stories[number]

    def next_message(self, number):
        for control, message in self._stories[number]:
            return control, message
        stay = Stay(f"K{number}S{self._count[number]:05d}", family="ZWYNDRAKEN", given="Quillonne")
        self._count[number] += 1
        self.visits.append(stay.visit)
        self._stories[number] = ((stay.control(trigger), stay.message(trigger)) for trigger in ("A01", "A02", "A03"))
        return next(self._stories[number])


def logged_messages(data, log):
    """Control id → how often a log holds it; and whether positions run from 1 without a gap."""
    connection = sqlite3.connect(f"file:{log}?mode=ro", uri=True)
    try:
        received = (body for _, kind, body in events(data, log) if kind == "fr.relais.intake.message-received.v1")
        found = collections.Counter(body["message"]["controlID"] for body in received)
        count, first, last = connection.execute("SELECT count(*), min(position), max(position) FROM event").fetchone()
        head = connection.execute("SELECT position FROM head").fetchone()[0]
        return found, (first == 1 and last == count == head)
    finally:
        connection.close()


def snapshot(data, to):
    """The log as the kill left it: a copy, so that reading it does not change what the server finds."""
    to.mkdir()
    for name in ("log.sqlite", "log.sqlite-wal", "keys.sqlite", "keys.sqlite-wal"):
        if (data / name).exists():
            shutil.copyfile(data / name, to / name)
    return to / "log.sqlite"


def kill_once(check, server, state, chance, data, copy, round_number):
    """One round: load, kill, look."""
    while chance.random() < STARTS_KILLED:
        server.start(wait=False)
        time.sleep(chance.uniform(0.0, 0.4))
        server.kill()
    server.start()
    state.port, state.is_paused = server.mllp, False
    senders = [Sender(number, state) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    for _ in senders:
        state.began.acquire(timeout=20)
    time.sleep(chance.uniform(0.02, 0.9))
    server.kill()
    for sender in senders:
        sender.join(30)
        check(not sender.is_alive(), "a sender hangs after the kill")

    found, is_gapless = logged_messages(data, snapshot(data, copy))
    shutil.rmtree(copy)
    missing = [control for control in state.acknowledged if control not in found]
    check(not missing, f"round {round_number}: acknowledged messages are missing right after the kill", missing[:5])
    check(all(times == 1 for times in found.values()), f"round {round_number}: a message is in the log twice")
    check(is_gapless, f"round {round_number}: positions have a gap, or the head is not the last event")
    # Their senders repeat them, and they must be recognised.
    state.caught |= {pending[0] for pending in state.pending if pending and pending[0] in found}


def finish_load(check, server, state):
    """A last round without a kill, in which every sender brings its story to the end."""
    state.port, state.is_paused = server.mllp, False
    senders = [Sender(number, state) for number in range(SENDERS)]
    for sender in senders:
        sender.start()
    time.sleep(LAST_LOAD)
    state.is_paused = True
    for sender in senders:
        sender.join(60)
    with Mllp(server.mllp) as connection:
        for number in range(SENDERS):
            for control, message in state.rest_of_story(number):
                ack = Ack(connection.send(message))
                check(ack.code == "AA", f"{control} is not accepted", ack)
                state.acknowledged.append(control)
    check(not any(state.pending), "a message is still unanswered at the end")


def check_follow_ups(check, server, state, data, chance):
    """Each discharged visit has the follow-ups of the plain protocol, once, in the state and in the events."""
    wrong = []
    for visit in state.visits:
        [pathway] = server.get(f"/api/v1/pathways?visit={visit}").json["pathways"]
        document = server.get(f"/api/v1/pathways/{pathway}").json
        # What the admission asks for is planned only where the planner ran before the discharge came.
        follow_ups = [follow_up for follow_up in document["followUps"] if follow_up["rule"] != ADMISSION_RULE]
        rules = sorted(follow_up["rule"] for follow_up in follow_ups)
        planned = [event["type"] for event in document["events"]].count(PLANNED)
        asked = [(follow_up["id"], offer["to"]) for follow_up in document["followUps"] for offer in follow_up["offers"]]
        is_right = rules == PLAIN_RULES and len(asked) == len(set(asked)) and document["destination"] == "home"
        is_planned_once = planned == 1 + (len(follow_ups) < len(document["followUps"]))
        has_owner = all(follow_up["owner"] for follow_up in document["followUps"])
        if not (is_right and is_planned_once and has_owner and all(follow_up["offers"] for follow_up in follow_ups)):
            wrong.append((visit, document["status"], rules, planned))
    check(not wrong, f"{len(wrong)} of {len(state.visits)} discharged visits do not have their follow-ups exactly once", wrong[:3])

    for visit in chance.sample(state.visits, min(SAMPLE_OF_REPLAYS, len(state.visits))):
        result = run("replay", "--visit", visit, "--data", data, "--json")
        if check(result.code == 0, f"relais replay --visit {visit} fails", result):
            document = result.json
            rules = sorted(one["rule"] for one in document["followUps"] if one["rule"] != ADMISSION_RULE)
            check.equal(rules, PLAIN_RULES, f"follow-ups of {visit} in relais replay")
            check(document["destination"] in DESTINATIONS and document["visit"] == visit, f"relais replay tells of another stay than {visit}")


def check_ids_in_log(check, data, log):
    """No follow-up id was planned in two events, read without the product."""
    connection = sqlite3.connect(f"file:{log}?mode=ro", uri=True)
    twice = connection.execute("SELECT count(*) FROM (SELECT id FROM event GROUP BY id HAVING count(*) > 1)").fetchone()[0]
    connection.close()
    planned = [body for _, kind, body in events(data, log) if kind == PLANNED]
    ids = collections.Counter(one["id"] for body in planned for one in body["followUps"])
    check(
        ids and all(times == 1 for times in ids.values()),
        "a follow-up was planned by two events",
        [one for one, times in ids.items() if times > 1][:3],
    )
    check(twice == 0, "two events have the same id")


def main():
    require_binary("kill")
    check = Checks("kill")
    seed = int(os.environ.get("RELAIS_SEED", random.SystemRandom().randrange(2**32)))
    print(f"kill: RELAIS_SEED={seed}, {ROUNDS} rounds", file=sys.stderr)
    chance = random.Random(seed)
    state = State()
    with scratch("kill") as folder:
        data = initialised(folder / "data")
        server = Server(data)
        try:
            with check.part("the kill loop"):
                for number in range(1, ROUNDS + 1):
                    kill_once(check, server, state, chance, data, folder / "copy", number)
                    if number % (10 if LONG else 4) == 0:
                        result = run("verify", "--data", data)
                        check.equal(result.code, 0, f"relais verify after kill {number} ({result.err.strip()})")
            with check.part("the end of the load"):
                server.start()
                finish_load(check, server, state)
                check(server.settle(120), "planner and views do not catch up after the kills")
                check_follow_ups(check, server, state, data, chance)
            with check.part("the feed's counts"):
                [status] = run("feed", "status", "--data", data, "--json").json["senders"]
                check.equal(status["accepted"], len(set(state.acknowledged)), "accepted messages in relais feed status")
                # A repetition whose answer the kill took may or may not have been counted.
                answered = len(state.repeated_alike) + state.caught_answered
                check(
                    answered <= status["duplicates"] <= state.repeated_sent,
                    f"repetitions in relais feed status: expected {answered} to {state.repeated_sent}",
                    status["duplicates"],
                )
                for name in ("ignored", "orphans", "quarantined", "refused"):
                    check.equal(status[name], 0, f"{name} messages in relais feed status")
            with check.part("a graceful stop"):
                check.equal(server.stop(), 0, "the exit status of a graceful stop")
            with check.part("the log"):
                found, is_gapless = logged_messages(data, data / "log.sqlite")
                check.equal(set(found), set(state.acknowledged), "the messages of the log are those that were acknowledged")
                check(all(times == 1 for times in found.values()), "a message is in the log twice", found.most_common(3))
                check(is_gapless, "positions have a gap, or the head is not the last event")
                check_ids_in_log(check, data, data / "log.sqlite")
                result = run("verify", "--data", data)
                check.equal(result.code, 0, f"relais verify at the end ({result.err.strip()})")
            with check.part("the views"):
                for name in ("todo", "timeline", "directory", "feed", "patients", "notifications"):
                    result = run("projections", "rebuild", name, "--data", data)
                    words = result.out.replace(",", "").split()
                    check(result.code == 0 and len(words) >= 5 and words[1] == words[3], f"{name} rebuilt is not {name} maintained", result)
            with check.part("what the server said"):
                check(not state.bad_answers, "messages were not answered AA", state.bad_answers[:2])
                check(state.repeated_alike and all(state.repeated_alike), "a repeated message did not get the bytes of its first answer")
                check(not any(trap in server.words for trap in TRAPS), "the server trapped", server.words[-500:])
                check("ZWYNDRAKEN" not in server.words.upper(), "a patient's name is in what the server says")
                check(len(state.acknowledged) > ROUNDS * SENDERS, "too few messages for a load", len(state.acknowledged))
        finally:
            server.kill()
    print(
        f"kill: {len(state.acknowledged)} messages of {len(state.visits)} stays acknowledged over {ROUNDS} kills, "
        f"{state.repeated_sent} repetitions, {len(state.caught)} messages caught between commit and answer",
        file=sys.stderr,
    )
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
