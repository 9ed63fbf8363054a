#!/usr/bin/env python3
"""Checks schemas/openapi.yaml against the OpenAPI 3.1 meta-schema, and its examples of style: every operation has an id, a summary and a
problem answer, and no mapping of one line holds a comma that was meant as text.

Needs the packages of ops/requirements.txt. Exit 0: sound; 1: faults, one a line; 2: could not run."""
import sys
from pathlib import Path

try:
    import yaml
    from openapi_spec_validator import OpenAPIV31SpecValidator
except ImportError as error:
    print(f"cannot check: {error}; install ops/requirements.txt", file=sys.stderr)
    sys.exit(2)

METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "trace"}


def faults(document):
    for error in OpenAPIV31SpecValidator(document).iter_errors():
        yield f"{'/'.join(str(part) for part in error.absolute_path)}: {error.message}"
    seen = {}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            if method not in METHODS:
                continue
            where = f"{method.upper()} {path}"
            for member in ("operationId", "summary"):
                if not operation.get(member):
                    yield f"{where}: has no {member}"
            if operation.get("operationId") in seen:
                yield f"{where}: shares its operationId with {seen[operation['operationId']]}"
            seen[operation.get("operationId")] = where
            if "default" not in operation.get("responses", {}):
                yield f"{where}: does not say how it fails"
    yield from split_texts(document, "")


def split_texts(node, where):
    """A flow mapping such as {description: One, two} parses as a member `two` without value."""
    if isinstance(node, dict):
        for key, value in node.items():
            if value is None:
                yield f"{where}/{key}: has no value; quote a text that holds a comma"
            yield from split_texts(value, f"{where}/{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            # null is a value of an enum.
            if value is not None:
                yield from split_texts(value, f"{where}/{index}")


def main():
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2] / "schemas" / "openapi.yaml"
    found = list(faults(yaml.safe_load(path.read_text(encoding="utf-8"))))
    for fault in found:
        print(f"{path.name}: {fault}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
