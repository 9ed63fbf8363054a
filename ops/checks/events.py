"""Every golden event satisfies its JSON Schema, and every schema has one: the encoder and the schemas agree.

Each golden file is also broken in every member, one at a time, and its schema must refuse what the encoder could never write.
Run from anywhere: python ops/checks/events.py
"""
import json
import sys
from pathlib import Path

from jsonschema import Draft202012Validator

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas" / "events"
GOLDEN = ROOT / "Tests" / "PathwaysTests" / "Golden"


def broken(value):
    """Variants of a body in which one required thing is of another type."""
    for member, content in value.items():
        yield member, {**value, member: [content]  if not isinstance(content, list) else {"not": "a list"}}


def main():
    faults = []
    names = {path.name.removesuffix(".schema.json") for path in SCHEMAS.glob("*.schema.json")}
    goldens = {path.stem for path in GOLDEN.glob("*.json")}
    for name in sorted(names ^ goldens):
        faults.append(f"{name}: has {'a schema but no golden file' if name in names else 'a golden file but no schema'}")
    for name in sorted(names & goldens):
        schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text())
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
        body = json.loads((GOLDEN / f"{name}.json").read_text())
        for error in validator.iter_errors(body):
            faults.append(f"{name}: {error.json_path}: {error.message}")
        known = set(schema["properties"])
        for member in set(body) - known:
            faults.append(f"{name}: the encoder writes {member}, the schema does not know it")
        for member, variant in broken(body):
            if not list(validator.iter_errors(variant)):
                faults.append(f"{name}: the schema takes a {member} of the wrong type")
    for fault in faults:
        print(fault)
    print(f"events: {len(names & goldens)} schemas and golden files, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
