#!/usr/bin/env python3
"""Checks the protocols, the territory and the table of notifications shipped against their JSON Schemas, and that planted faults are refused.

Run from the repository's root: python ops/checks/files.py
Exit 0: all as expected; 1: something is not, told on standard error; 2: could not run.
The same faults are refused by the Swift parsers (Tests/PathwaysTests/Files): that is how schema and parser are held together.
"""

import json
import pathlib
import sys

try:
    import jsonschema
    import yaml
except ImportError as error:
    print(f"files.py: the Python package {error.name} is missing: install the pinned requirements", file=sys.stderr)
    sys.exit(2)

ROOT = pathlib.Path(__file__).resolve().parents[2]
RESOURCES = ROOT / "Sources" / "Pathways" / "Resources"
SCHEMAS = ROOT / "schemas"
KINDS = {"demo-territory.yaml": "territory", "notifications.yaml": "notifications"}


class Loader(yaml.SafeLoader):
    """YAML as the Swift parser reads it: a date is a text, a key stands once in its mapping."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def mapping_without_repetition(loader, node):
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    if len(keys) != len(set(keys)):
        raise yaml.constructor.ConstructorError(None, None, "a key is written twice", node.start_mark)
    return loader.construct_mapping(node, deep=True)


Loader.add_constructor("tag:yaml.org,2002:map", mapping_without_repetition)


def validator(name):
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def problems(validators, file, text):
    """What the file's schema finds wrong with a text; a text that is not YAML is one problem."""
    try:
        document = yaml.load(text, Loader=Loader)
    except yaml.YAMLError as error:
        return [f"not YAML: {error}"]
    kind = KINDS.get(file, "protocol")
    return [
        f"{'.'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in validators[kind].iter_errors(document)
    ]


def main():
    validators = {kind: validator(f"{kind}.schema.json") for kind in ("protocol", "territory", "notifications")}
    shipped = {path.name: path.read_text(encoding="utf-8") for path in sorted(RESOURCES.glob("*.yaml"))}
    failures = []
    for file, text in shipped.items():
        failures += [f"{file}: {problem}" for problem in problems(validators, file, text)]
    faults = yaml.load((SCHEMAS / "faults.yaml").read_text(encoding="utf-8"), Loader=Loader)
    for fault in faults:
        text = shipped.get(fault["file"], "")
        if fault["replace"] not in text:
            failures.append(f"fault « {fault['name']} »: its text is not in {fault['file']}")
            continue
        found = problems(validators, fault["file"], text.replace(fault["replace"], fault["by"], 1))
        if bool(found) != (fault["schema"] == "refuses"):
            failures.append(f"fault « {fault['name']} »: the schema {'refuses' if found else 'accepts'} it {found[:2]}")
    for failure in failures:
        print(failure, file=sys.stderr)
    print(f"{len(shipped)} files and {len(faults)} planted faults checked, {len(failures)} failure(s)")
    return 1 if failures or not shipped or not faults else 0


if __name__ == "__main__":
    sys.exit(main())
