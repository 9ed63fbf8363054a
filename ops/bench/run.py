"""Measures Relais beside its floors and peers, and prints a Markdown table.

Rivals of one figure run in turn, round after round, so that a machine whose speed drifts slows them alike; a figure is the
median of its rounds and a ratio is made of two medians of one run. ops/bench/README.md says what each figure means and what
`relais bench` is expected to print. Usage: ops/bench/run [--rounds N] [--quick] [--only WORD,…] [--floors-only] [--json FILE]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from figures import Record, Report, Row

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAMS = {"append_floor": ["-lsqlite3", "-lpthread", "-lcrypto"], "mllp_floor": ["-lpthread"], "mllp_client": ["-lpthread"], "fsync_lat": []}
SECTIONS = ("disk", "append", "size", "replay", "trust", "todo", "mllp")

Measure = Callable[[], list[Record]]


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Bench:
    def __init__(self, options: argparse.Namespace, work: Path) -> None:
        self.options = options
        self.work = work
        self.relais = Path(options.relais).resolve()
        self.report = Report(options.rounds)
        self.bin = work / "bin"
        self.bin.mkdir()
        for name, libraries in PROGRAMS.items():
            subprocess.run(["cc", "-std=gnu11", "-O2", "-o", self.bin / name, HERE / f"{name}.c", *libraries], check=True)

    # -- running -------------------------------------------------------------------------------------------------------

    def lines(self, *command: object) -> list[Record]:
        """Runs a program and reads the JSON lines it prints."""
        words = [str(word) for word in command]
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        if done.returncode:
            raise SystemExit(f"bench: '{' '.join(words)}' ended with {done.returncode}")
        records = [json.loads(line) for line in done.stdout.splitlines() if line.strip()]
        if not records:
            raise SystemExit(f"bench: '{' '.join(words)}' printed no figure")
        for record in records:
            if "append" in str(record["id"]) and record.get("synchronous") != 2 and not str(record["id"]).startswith("disk."):
                raise SystemExit(f"bench: {record['id']} was not durable (synchronous {record.get('synchronous')}): a figure without meaning")
        return records

    def floor(self, mode: str, *arguments: object) -> list[Record]:
        return self.lines(self.bin / "append_floor", mode, *arguments)

    def ours(self, what: str, *arguments: object) -> list[Record]:
        return self.lines(self.relais, "bench", what, "--json", *arguments)

    def in_turn(self, *rivals: Measure, rounds: int | None = None) -> None:
        rounds = rounds or self.options.rounds
        for turn in range(rounds):
            # Who goes first changes from round to round: going first is a (dis)advantage too.
            order = rivals if turn % 2 == 0 else rivals[::-1]
            for measure in order:
                for record in measure():
                    self.report.add(record)
            say(f"  round {turn + 1} of {rounds}")

    @contextlib.contextmanager
    def folder(self, name: str) -> Iterator[Path]:
        path = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.work))
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)

    @property
    def measures_ours(self) -> bool:
        return not self.options.floors_only

    def schema(self) -> Path:
        """The store's SQL, read back from a log that the store made: what the floor writes into cannot drift from it."""
        if self.options.schema:
            return Path(self.options.schema).resolve()
        if not self.measures_ours:
            raise SystemExit("bench: --floors-only needs --schema FILE, or --only disk,mllp")
        path = self.work / "schema.sql"
        if not path.exists():
            with self.folder("schema") as folder:
                self.initialise(folder / "data")
                with contextlib.closing(sqlite3.connect(folder / "data" / "log.sqlite")) as log:
                    statements = log.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
                    path.write_text("".join(f"{sql};\n" for (sql,) in statements))
        return path

    def initialise(self, home: Path) -> None:
        """A data directory with the demo territory."""
        territory = next(iter(sorted((ROOT / "Sources").rglob("demo-territory.yaml"))), None)
        chosen = ["--territory", territory] if territory else []
        done = subprocess.run([self.relais, "init", "--data", home, *chosen], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode:
            raise SystemExit(f"bench: relais init ended with {done.returncode}: {done.stderr.strip()}")

    # -- sections ------------------------------------------------------------------------------------------------------

    def disk(self) -> None:
        self.in_turn(lambda: self.lines(self.bin / "fsync_lat", self.work))
        self.report.rows.append(Row("4 KiB write and fdatasync, end of file", "disk.append_fdatasync"))

    def append(self) -> None:
        schema, count = self.schema(), self.options.events

        def fresh_floor(batch: int, *flags: str) -> Measure:
            def measure() -> list[Record]:
                with self.folder("floor") as folder:
                    where = ("--schema", schema, "--db", folder / "log.sqlite")
                    return self.floor("append", *where, "--batch", batch, "--count", count * (2 if batch > 1 else 1), *flags)
            return measure

        def fresh_ours(writers: int) -> Measure:
            def measure() -> list[Record]:
                with self.folder("ours") as folder:
                    return self.ours("append", "--data", folder, "--writers", writers, "--count", count * (2 if writers > 1 else 1))
            return measure

        rivals = [fresh_floor(1), fresh_floor(64), fresh_floor(1, "--untuned"), fresh_floor(64, "--untuned")]
        if self.measures_ours:
            rivals += [fresh_ours(1), fresh_ours(8), fresh_ours(64)]
            self.report.rows += [
                Row("durable appends, 1 writer", "append.writers1", "floor.append.batch1", "≥ 0.7 × floor", at_least=0.7),
                Row("durable appends, 8 writers", "append.writers8", "floor.append.batch64"),
                Row("durable appends, 64 writers", "append.writers64", "floor.append.batch64", "≥ 0.8 × floor", at_least=0.8),
            ]
        self.in_turn(*rivals)
        self.report.rows += [
            Row("floor: same rows, C, 1 event a commit", "floor.append.batch1"),
            Row("floor: same rows, C, 64 events a commit", "floor.append.batch64"),
            Row("the same with SQLite's defaults, 1 a commit", "floor.append.batch1.untuned"),
            Row("the same with SQLite's defaults, 64 a commit", "floor.append.batch64.untuned"),
        ]

    def size(self) -> None:
        """One append and one to-do read on a small and on a large log. The logs grow by what each round appends."""
        small, large = 10_000, self.options.large
        schema = self.schema()
        with self.folder("sizes") as folder:
            floors = {n: folder / f"floor-{n}.sqlite" for n in (small, large)}
            for n, path in floors.items():
                self.floor("fill", "--schema", schema, "--db", path, "--count", n)
            step = min(2_000, small // 5)
            rivals = [
                lambda n=n: self.floor("append", "--db", floors[n], "--count", step, "--id", f"floor.append.onto{n}") for n in (small, large)
            ]
            if self.measures_ours:
                homes = {n: folder / f"ours-{n}" for n in (small, large)}

                def append_onto(n: int) -> list[Record]:
                    records = self.ours("append", "--data", homes[n], "--events", n, "--writers", 1, "--count", step)
                    return [record | {"id": f"append.onto{n}"} for record in records]

                def todo_on(n: int) -> list[Record]:
                    records = self.ours("todo", "--data", f"{homes[n]}-todo", "--events", n)
                    return [record | {"id": f"{record['id']}.onto{n}"} for record in records]

                rivals += [lambda n=n: append_onto(n) for n in (small, large)]
                rivals += [lambda n=n: todo_on(n) for n in (small, large)]
            self.in_turn(*rivals)
        if self.measures_ours:
            self.report.rows += [
                Row(f"append onto {small:,} events", f"append.onto{small}", f"floor.append.onto{small}"),
                Row(f"append onto {large:,} events", f"append.onto{large}", f"floor.append.onto{large}"),
                Row(f"append: cost at {large:,} against {small:,}", f"append.onto{small}", f"append.onto{large}", "≤ 1.2 × the cost", at_most=1.2),
                Row(f"one to-do list, {small:,} events", f"todo.read.onto{small}"),
                Row(f"one to-do list, {large:,} events", f"todo.read.onto{large}", f"todo.read.onto{small}"),
            ]
        self.report.rows += [Row(f"floor: append onto {n:,} events", f"floor.append.onto{n}") for n in (small, large)]

    def replay(self) -> None:
        if not self.measures_ours:
            return
        with self.folder("replay") as folder:
            ours = lambda: self.ours("replay", "--data", folder, "--events", self.options.large)  # noqa: E731
            say("  filling the log")
            ours()
            # Both read the very same rows, through the page cache.
            self.in_turn(ours, lambda: self.floor("scan", "--db", folder / "log.sqlite"))
        self.report.rows += [
            Row("envelopes read", "replay.read", "floor.scan", "≥ 0.5 × bare SELECT", at_least=0.5),
            Row("decoded and folded, one core", "replay.fold", None, "≥ 60,000 ev/s", at_least=60_000),
            Row("to-do projection rebuilt", "replay.projection", None, "≥ 50,000 ev/s", at_least=50_000),
            Row("all projections rebuilt", "replay.projections", None, "≥ 40,000 ev/s", at_least=40_000),
            Row("resident memory of the replay", "replay.resident", None, "< 150 MiB", at_most=150),
            Row("floor: bare SELECT of the same rows", "floor.scan"),
        ]

    def trust(self) -> None:
        """What sealing and proofs cost, and what verifying does beside reading and hashing alone."""
        if not self.measures_ours:
            return
        count = self.options.events * 2

        def appended(*flags: str) -> Measure:
            def measure() -> list[Record]:
                with self.folder("trust") as folder:
                    return self.ours("append", "--data", folder, "--writers", 64, "--count", count, *flags)
            return measure

        self.in_turn(appended(), appended("--proven"))
        with self.folder("verified") as folder:
            say("  filling the log")
            self.ours("replay", "--data", folder, "--events", self.options.large)
            self.in_turn(lambda: self.ours("verify", "--data", folder), lambda: self.floor("hash", "--db", folder / "log.sqlite"))
        with self.folder("proofs") as folder:
            self.in_turn(lambda: self.ours("proofs", "--data", folder, "--leaves", self.options.large * 10), rounds=1)
        self.report.rows += [
            Row("sealed and with tiles, 64 writers", "append.writers64.proven", "append.writers64", "≥ 0.75 × without", at_least=0.75),
            Row("everything verified", "verify", "floor.hash", "≥ 0.6 × read and SHA-256 in C", at_least=0.6),
            Row("resident memory of verify", "verify.resident"),
            Row("inclusion proof", "proofs.inclusion", None, "p99 ≤ 5 ms"),
            Row("size of an inclusion proof", "proofs.inclusion.size"),
            Row("consistency proof", "proofs.consistency"),
        ]

    def todo(self) -> None:
        if not self.measures_ours:
            return
        with self.folder("todo") as folder:
            self.in_turn(lambda: self.ours("todo", "--data", folder, "--events", self.options.events))
        self.report.rows.append(Row("one to-do list read", "todo.read"))

    def mllp(self) -> None:
        seconds = self.options.seconds

        def load(name: str, port: int, connections: int) -> list[Record]:
            return self.lines(self.bin / "mllp_client", port, connections, seconds, "--id", f"{name}.connections{connections}")

        def floor(connections: int) -> list[Record]:
            with self.folder("mllp-floor") as folder, served([self.bin / "mllp_floor", "{port}", folder / "messages"]) as port:
                return load("floor.mllp", port, connections)

        def python(connections: int) -> list[Record]:
            with served([sys.executable, HERE / "mllp_pyhl7.py", "{port}"]) as port:
                return load("peer.mllp.pyhl7", port, connections)

        def ours(connections: int) -> list[Record]:
            # The real server on a new data directory, loaded by the same client as the others.
            with self.folder("mllp-ours") as folder:
                home = folder / "data"
                self.initialise(home)
                serve = [self.relais, "serve", "--data", home, "--http", f"127.0.0.1:{free_port()}", "--mllp", "127.0.0.1:{port}"]
                with served(serve) as port:
                    records = load("mllp", port, connections)
                check_committed(home / "log.sqlite", int(records[0]["messages"]))
                return records

        for connections in (1, 8):
            rivals = [lambda c=connections: floor(c), lambda c=connections: python(c)]
            if self.measures_ours:
                rivals.append(lambda c=connections: ours(c))
            self.in_turn(*rivals)
        if self.measures_ours:
            self.report.rows += [
                Row("MLLP, 1 connection, against C + fdatasync", "mllp.connections1", "floor.mllp.connections1"),
                Row("MLLP, 1 connection, against PyPI hl7", "mllp.connections1", "peer.mllp.pyhl7.connections1"),
                Row("MLLP, 8 connections, against C + fdatasync", "mllp.connections8", "floor.mllp.connections8", "≥ 0.6 ×", at_least=0.6),
                Row("MLLP, 8 connections, against PyPI hl7", "mllp.connections8", "peer.mllp.pyhl7.connections8", "≥ 8 ×", at_least=8),
            ]
        for connections in (1, 8):
            self.report.rows += [
                Row(f"floor: C + fdatasync, {connections} connection(s)", f"floor.mllp.connections{connections}"),
                Row(f"peer: PyPI hl7, stores nothing, {connections} connection(s)", f"peer.mllp.pyhl7.connections{connections}"),
            ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def served(command: list[object], patience: float = 60) -> Iterator[int]:
    """Starts a server on a free port (`{port}` in the command), waits until it accepts, and ends it with SIGTERM."""
    port = free_port()
    words = [str(word).replace("{port}", str(port)) for word in command]
    with tempfile.TemporaryFile() as errors:
        server = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=errors)
        try:
            deadline = time.monotonic() + patience
            while True:
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                if server.poll() is not None or time.monotonic() > deadline:
                    errors.seek(0)
                    raise SystemExit(f"bench: '{' '.join(words)}' does not listen:\n{errors.read().decode(errors='replace')[-2000:]}")
                time.sleep(0.05)
            yield port
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def check_committed(log: Path, acknowledged: int) -> None:
    """Each acknowledged message is at least one event: a faster server that forgets is no server."""
    with contextlib.closing(sqlite3.connect(f"file:{log}?mode=ro", uri=True)) as database:
        (events,) = database.execute("SELECT count(*) FROM event").fetchone()
    if events < acknowledged:
        raise SystemExit(f"bench: {acknowledged} messages were acknowledged and only {events} events are in {log}")


def file_system(path: Path) -> str:
    return subprocess.run(["stat", "--file-system", "--format=%T", path], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="ops/bench/run", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each figure (default 5)")
    parser.add_argument("--events", type=int, default=20_000, help="events of one append measurement (default 20000)")
    parser.add_argument("--large", type=int, default=1_000_000, help="events of the large log (default 1000000)")
    parser.add_argument("--seconds", type=float, default=5, help="seconds of one MLLP measurement (default 5)")
    parser.add_argument("--quick", action="store_true", help="small and few: to see that everything runs, not to quote")
    parser.add_argument("--only", default=",".join(SECTIONS), help=f"sections, separated by commas: {', '.join(SECTIONS)}")
    parser.add_argument("--floors-only", action="store_true", help="measure the floors and peers alone")
    parser.add_argument("--relais", default=ROOT / ".build/release/relais", help="the program measured (default: the release build)")
    parser.add_argument("--schema", help="SQL of the store (default: read from a new log of `relais init`)")
    parser.add_argument("--directory", default=ROOT / ".build", help="where data is written while measuring (default .build): a real disk")
    parser.add_argument("--json", help="also write every round to this file")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.events, options.large, options.seconds = 1, 5_000, 50_000, 1
    unknown = set(options.only.split(",")) - set(SECTIONS)
    if unknown:
        parser.error(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    return options


def main() -> None:
    options = parse()
    if not options.floors_only and not os.access(options.relais, os.X_OK):
        raise SystemExit(f"bench: {options.relais} is not there; ops/bench/run builds it, or use --floors-only")
    Path(options.directory).mkdir(parents=True, exist_ok=True)
    kind = file_system(Path(options.directory))
    if kind in ("tmpfs", "ramfs"):
        raise SystemExit(f"bench: {options.directory} is {kind}: nothing durable can be measured there; use --directory")
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.directory) as work:
        bench = Bench(options, Path(work))
        for section in SECTIONS:
            if section in options.only.split(","):
                say(f"{section}:")
                getattr(bench, section)()
        if options.json:
            bench.report.save(options.json)
        print(bench.report.table())


if __name__ == "__main__":
    main()
