"""What was measured, and the table that tells it."""

from __future__ import annotations

import json
import os
import platform
import sqlite3
import statistics
from dataclasses import dataclass, field
from pathlib import Path

Record = dict[str, object]


@dataclass
class Figure:
    """The rounds of one measured thing."""

    unit: str
    values: list[float] = field(default_factory=list)
    p50: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)
    facts: Record = field(default_factory=dict)

    @property
    def value(self) -> float:
        return statistics.median(self.values)

    def add(self, record: Record) -> None:
        self.values.append(float(record["value"]))
        for name, into in (("p50_us", self.p50), ("p99_us", self.p99)):
            if record.get(name) is not None:
                into.append(float(record[name]))
        self.facts = {k: v for k, v in record.items() if k not in ("id", "value", "unit", "p50_us", "p99_us")}


@dataclass
class Row:
    """A line of the table: what was measured, and beside what."""

    label: str
    figure: str
    floor: str | None = None
    target: str = ""
    at_least: float | None = None
    at_most: float | None = None


@dataclass
class Report:
    """Every figure of a run by its identifier, and the rows to print."""

    rounds: int
    figures: dict[str, Figure] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def add(self, record: Record) -> None:
        self.figures.setdefault(str(record["id"]), Figure(unit=str(record["unit"]))).add(record)

    def table(self) -> str:
        lines = [
            f"{self.rounds} rounds in turn, medians; {os.cpu_count()} CPUs, {platform.system()} {platform.machine()}, "
            f"SQLite {sqlite3.sqlite_version}; payload {self.payload_bytes()} bytes; appends are synchronous FULL, read back.",
            "",
            "| figure | median | p50 | p99 | beside | ratio | target | |",
            "|---|--:|--:|--:|--:|--:|---|---|",
        ]
        for row in self.rows:
            figure = self.figures.get(row.figure)
            if figure is None:
                raise SystemExit(f"bench: no figure '{row.figure}' was printed for '{row.label}'")
            beside = self.figures[row.floor] if row.floor else None
            ratio = figure.value / beside.value if beside else None
            measured = ratio if ratio is not None else figure.value
            verdict = ""
            if row.at_least is not None:
                verdict = "met" if measured >= row.at_least else "**missed**"
            if row.at_most is not None:
                verdict = "met" if measured <= row.at_most else "**missed**"
            lines.append(
                f"| {row.label} | {number(figure.value)} {figure.unit} | {micros(figure.p50)} | {micros(figure.p99)} "
                f"| {f'{number(beside.value)} {beside.unit}' if beside else ''} | {f'{ratio:.2f}' if ratio is not None else ''} "
                f"| {row.target} | {verdict} |"
            )
        return "\n".join(lines)

    def payload_bytes(self) -> str:
        sizes = {str(f.facts["payload_bytes"]) for name, f in self.figures.items() if "append.batch" in name or "append.writers" in name}
        return "/".join(sorted(sizes)) or "?"

    def save(self, path: str) -> None:
        document = {
            name: {"unit": f.unit, "median": f.value, "rounds": f.values, "p50_us": f.p50, "p99_us": f.p99, **f.facts}
            for name, f in self.figures.items()
        }
        Path(path).write_text(json.dumps(document, indent=2) + "\n")


def number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def micros(values: list[float]) -> str:
    if not values:
        return ""
    value = statistics.median(values)
    return f"{value / 1000:.2f} ms" if value >= 1000 else f"{value:.0f} µs"
