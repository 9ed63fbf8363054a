"""libFuzzer with AddressSanitizer on what reads bytes from outside: each target of Tests/Fuzzing/targets.yaml, for a bounded time.

A trap, a broken property, a bad memory access, a leak, or an input that takes over ten seconds fails the check; the input is kept in
.build/fuzz/findings and its path printed. Usage: python ops/checks/fuzz.py [--long] [--seconds N] [--keep] [TARGET…]
  --long       10 million executions in all, shared out as targets.yaml says (also RELAIS_LONG=1)
  --seconds N  time for each target, 20 unless told
  --keep       adds the inputs that reached new code to the corpus in the tree, and drops those that no longer add anything
RELAIS_SEED repeats a run's mutations.
"""

import argparse
import concurrent.futures
import hashlib
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys

import yaml

from _relais import LONG, ROOT, Checks, scratch

HERE = ROOT / "Tests" / "Fuzzing"
BUILD = ROOT / ".build" / "fuzz"
FINDINGS = BUILD / "findings"
EXECUTIONS = 10_000_000
SECONDS_PER_INPUT = 10  # by the clock on the wall: a busy machine holds a process up for a second and more
ENVIRONMENT = {
    **os.environ,
    # Swift's own crash report does not get on with AddressSanitizer, which reports too.
    "SWIFT_BACKTRACE": "enable=no",
    # A stack for each allocation would take most of the time; a leak is found without, and the kept input tells the rest.
    "ASAN_OPTIONS": "malloc_context_size=1:quarantine_size_mb=16",
}

FEATURES = ["ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility", "NonisolatedNonsendingByDefault", "InferIsolatedConformances"]
SWIFTC = [
    *("swiftc", "-swift-version", "6", "-package-name", "relais", "-O", "-g", "-wmo", "-parse-as-library", "-sanitize=fuzzer,address", "-I", str(BUILD)),
    *(word for feature in FEATURES for word in ("-enable-upcoming-feature", feature)),
]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--long", action="store_true", default=LONG)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--keep", action="store_true")
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    return parser.parse_args()


# ── Building ──────────────────────────────────────────────────────────────────────────────────────


def compiled(output, sources, options, before=()):
    """Runs the compiler unless `output` was made from the same sources in the same way, on the same modules compiled before it."""
    digest = hashlib.sha256(repr(options).encode())
    for one in before:
        digest.update(stamp_of(one).read_bytes())
    for source in sources:
        digest.update(source.read_bytes())
    stamp = stamp_of(output)
    if not (output.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest()):
        done = subprocess.run([*SWIFTC, *options, *map(str, sources)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"swiftc could not make {output.name}:\n{done.stderr[-4000:]}")
        stamp.write_text(digest.hexdigest())
    return output


def stamp_of(output):
    return output.with_suffix(output.suffix + ".sha256")


def sources_of(module):
    """The module's files, but those that it leaves out, and those that import what a fuzzer does not need."""
    unwanted = re.compile(rf"^(?:public |internal )?import (?:{'|'.join(module.get('withoutImports', ['-']))})\b", re.MULTILINE)
    found = {file for place in module["sources"] for file in ([ROOT / place] if place.endswith(".swift") else (ROOT / place).rglob("*.swift"))}
    left_out = {file for pattern in module.get("without", []) for file in ROOT.glob(pattern)}
    return [file for file in sorted(found - left_out) if not unwanted.search(file.read_text(encoding="utf-8"))]


def build(plan, names):
    """The executables, by target."""
    BUILD.mkdir(parents=True, exist_ok=True)
    objects = {}
    for name, module in plan["modules"].items():
        if any(name in plan["targets"][target]["modules"] for target in names):
            interface = BUILD / f"{name}.swiftmodule"
            options = ["-module-name", name, "-c", "-emit-module", "-emit-module-path", str(interface), "-o", str(BUILD / f"{name}.o")]
            options += ["-enable-testing"] if module.get("testable") else []
            objects[name] = compiled(BUILD / f"{name}.o", sources_of(module), options, before=list(objects.values()))
    executables = {}
    for name in names:
        target = plan["targets"][name]
        # The objects are among the sources so that another object makes another executable.
        inputs = [HERE / "Property.swift", HERE / target["file"], *(objects[module] for module in target["modules"])]
        options = ["-module-name", f"Fuzz{name.capitalize()}", "-o", str(BUILD / name)]
        executables[name] = compiled(BUILD / name, inputs, options)
    return executables


# ── Running ───────────────────────────────────────────────────────────────────────────────────────


def fuzz(check, executable, name, target, bound, seed, found):
    """One run; how many executions it made. New inputs go to `found`."""
    corpus = HERE / "Corpus" / name
    options = {
        "timeout": SECONDS_PER_INPUT,
        "max_len": target["longestInput"],
        "rss_limit_mb": 2048,
        "print_final_stats": 1,
        "artifact_prefix": f"{FINDINGS}/{name}-",
        "seed": seed,
        **bound,
    }
    if "dictionary" in target:
        options["dict"] = HERE / target["dictionary"]
    log = BUILD / f"{name}.log"
    with open(log, "wb") as output:
        command = [str(executable), *(f"-{option}={value}" for option, value in options.items()), str(found), str(corpus)]
        code = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, env=ENVIRONMENT).returncode
    words = log.read_text(encoding="utf-8", errors="replace")
    stats = dict(re.findall(r"^stat::(\w+):\s+(\d+)", words, re.MULTILINE))
    covered = re.findall(r"cov: (\d+)", words)
    executions = int(stats.get("number_of_executed_units", 0))
    reasons = re.findall(r"^(?:==\d+==\s?ERROR: .*|SUMMARY: .*|.*Fatal error: .*|.*property broken: .*|.*written to .*)$", words, re.MULTILINE)
    check(code == 0, f"{name}: {'; '.join(reasons) or f'exit status {code}'}; all it said: {log}")
    check(executions > 0, f"{name}: nothing was executed; see {log}")
    print(
        f"fuzz: {name}: {executions} executions, {stats.get('average_exec_per_sec', '?')}/s, {covered[-1] if covered else '?'} edges covered, "
        f"{len(list(found.iterdir()))} new inputs, slowest {stats.get('slowest_unit_time_sec', '?')} s, "
        f"peak {stats.get('peak_rss_mb', '?')} MB, seed {seed}",
        flush=True,
    )
    return executions


def keep(executable, name, found, folder):
    """The smallest set of inputs, old and new, that covers what all of them do, becomes the corpus; regressions stay whatever they cover."""
    corpus, merged = HERE / "Corpus" / name, folder / f"{name}-merged"
    merged.mkdir()
    subprocess.run([str(executable), "-merge=1", str(merged), str(corpus), str(found)], check=True, capture_output=True, env=ENVIRONMENT)
    for file in corpus.iterdir():
        if not file.name.startswith("regression-"):
            file.unlink()
    for file in merged.iterdir():
        shutil.copy(file, corpus / file.name)


def main():
    options = arguments()
    plan = yaml.safe_load((HERE / "targets.yaml").read_text(encoding="utf-8"))
    names = options.targets or list(plan["targets"])
    unknown = sorted(set(names) - set(plan["targets"]))
    if unknown:
        print(f"fuzz: no target {', '.join(unknown)} in {HERE / 'targets.yaml'}", file=sys.stderr)
        return 2
    check = Checks("fuzz")
    seed = int(os.environ.get("RELAIS_SEED", random.SystemRandom().randrange(1, 2**31)))
    FINDINGS.mkdir(parents=True, exist_ok=True)
    with scratch("fuzz") as folder, check.part("fuzzing"):
        executables = build(plan, names)
        found = {name: folder / name for name in names}
        for path in found.values():
            path.mkdir()

        def run(name):
            target = plan["targets"][name]
            bound = {"runs": int(EXECUTIONS * target["share"])} if options.long else {"max_total_time": options.seconds}
            return fuzz(check, executables[name], name, target, bound, seed, found[name])

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            executions = sum(pool.map(run, names))
        print(f"fuzz: {executions} executions in all")
        if options.long and set(names) == set(plan["targets"]):
            check(executions >= EXECUTIONS, f"fewer than {EXECUTIONS} executions", executions)
        if options.keep:
            for name in names:
                keep(executables[name], name, found[name], folder)
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
