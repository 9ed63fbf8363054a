"""The MLLP listener's limits as the command line and a file set them, and what /metrics counts of those who meet them."""

import json
import os
import time

from _hl7 import END, START, Ack, Mllp
from _hostile_target import GIVEN, NAME, Target
from _relais import Server, initialised, run, wait_until

FRAME_BYTES, CONNECTIONS, IDLE_SECONDS, FRAME_SECONDS = 4_096, 3, 2, 1


def figures(server):
    """What /metrics says, by name and labels."""
    lines = [line for line in server.get("/metrics").text.splitlines() if not line.startswith("#")]
    return {name: int(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def counted(server, name):
    return figures(server).get(f"relais_mllp_{name}", -1)


def seconds_to_close(sender):
    """How long the server keeps the connection."""
    began = time.monotonic()
    answer = sender.receive()
    return None if answer else time.monotonic() - began


def limits(check, folder):
    """One server with narrow limits: each is met, counted, and harms nobody else."""
    file = folder / "limits.json"
    file.write_text(json.dumps({"relais": {"mllpMaxConnections": CONNECTIONS, "mllpIdleSeconds": str(IDLE_SECONDS), "mllpFrameSeconds": 3_000}}))
    server = Server(initialised(folder / "limited"))
    # Each way of saying it: the environment, the file (a number and a text), and the option, which comes before the file.
    server.environment = {**os.environ, "RELAIS_MLLP_MAX_FRAME_BYTES": str(FRAME_BYTES)}
    server.more = ["--config", str(file), "--mllp-frame-seconds", str(FRAME_SECONDS)]
    try:
        server.start()
        target = Target(check, server)
        target.is_well("narrow limits")
        meet_limits(check, server, target)
        check.equal(server.stop(), 0, "exit status of a server with narrow limits")
        check(NAME not in server.words and GIVEN not in server.words, "the server's words hold a patient's name")
    finally:
        server.kill()
    for option, value in (("--mllp-max-frame-bytes", 1), ("--mllp-max-connections", 0), ("--mllp-idle-seconds", -1), ("--mllp-frame-seconds", "x")):
        result = run("serve", "--data", folder / "limited", option, value)
        check(result.code not in (0, 1) and option in result.err, f"{option} {value} is not refused by its name", result)
    file.write_text(json.dumps({"relais": {"mllpIdleSeconds": 0}}))
    result = run("serve", "--data", folder / "limited", "--config", file)
    check(result.code == 2 and "relais.mllpIdleSeconds" in result.err, "a limit of the file that is out of bounds is not refused by its name", result)


def meet_limits(check, server, target):
    port, good = server.mllp, target.stay("LIMITED").message("A01")

    with Mllp(port) as sender:
        try:
            sender.send_raw(START + good + b"NTE|" + b"x" * FRAME_BYTES + END)
            check.equal(sender.receive(), b"", "the answer to a frame beyond the limit")
        except OSError:
            check(True, "closed while it was still sent")
    check(wait_until(lambda: counted(server, "oversized_frames_total") == 1, 5), "the frame beyond the limit is not counted", figures(server))
    target.is_well("a frame beyond the limit")

    with Mllp(port) as sender:
        sender.send_raw(START + good[:100])
        took = seconds_to_close(sender)
        check(took is not None and FRAME_SECONDS * 0.5 < took < IDLE_SECONDS + 5, "a frame that does not end is not closed in time", took)
    check(wait_until(lambda: counted(server, "truncated_frames_total") == 1, 5), "a frame that does not end is not counted", figures(server))
    check.equal(counted(server, "timed_out_connections_total"), 1, "connections closed by time")

    with Mllp(port) as sender:
        took = seconds_to_close(sender)
        check(took is not None and IDLE_SECONDS * 0.5 < took < IDLE_SECONDS + 10, "an idle connection is not closed in time", took)
    check.equal(counted(server, "timed_out_connections_total"), 2, "connections closed by time, with one that was idle")
    target.is_well("time-outs")

    unreadable = 'relais_intake_frames_total{territory="clvo-demo",result="unreadable"}'
    before = figures(server)
    with Mllp(port) as sender:
        sender.send_raw(b"garbage")
        check.equal(sender.send(b"no message"), b"", "the answer to a frame that is no message")
    after = figures(server)
    check.equal(after.get(unreadable, -1) - before.get(unreadable, -1), 1, "frames that are no message, as /metrics counts them")
    check.equal(after["relais_mllp_garbage_bytes_total"] - before["relais_mllp_garbage_bytes_total"], 7, "bytes outside frames")
    check.equal(after["relais_mllp_frames_total"] - before["relais_mllp_frames_total"], 1, "frames")

    wait_until(lambda: counted(server, "open_connections") == 0, 5)
    held = [Mllp(port) for _ in range(CONNECTIONS)]
    try:
        check(wait_until(lambda: counted(server, "open_connections") == CONNECTIONS, 5), "open connections are not counted", figures(server))
        with Mllp(port) as sender:
            try:
                check.equal(sender.receive(), b"", "one connection too many is closed")
            except OSError:
                check(True, "one connection too many is reset")
        check.equal(Ack(held[0].send(good)).code, "AA", "a good message on one of the connections allowed")
    finally:
        for sender in held:
            sender.close()
    check(wait_until(lambda: counted(server, "refused_connections_total") == 1, 5), "a connection too many is not counted", figures(server))
    wait_until(lambda: counted(server, "open_connections") == 0, 5)
    target.is_well("a crowd of connections")
