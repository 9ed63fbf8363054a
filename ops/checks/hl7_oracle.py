"""What we send, judged by an implementation that is not ours: `hl7apy` knows the message structures and data types of HL7 v2.5.

Every kind of acknowledgement is provoked from a real server and must be an ACK; every message of the demonstration's simulated hospital
must be the ADT structure it announces. hl7apy lets stand what it does not know, French Z segments among it, and does not look at the order:
which segments there are, and in which order, is checked here, and ZBE and ZFM against the tables of IHE PAM France. RELAIS_LONG=1 takes more
of the hospital's messages.
"""

import re
import sqlite3
import subprocess
import sys
import tempfile

from hl7apy.consts import VALIDATION_LEVEL
from hl7apy.exceptions import HL7apyException
from hl7apy.parser import parse_message

from _hl7 import Ack, Mllp, Stay
from _relais import BINARY, LONG, Checks, Server, initialised, require_binary, scratch, wait_until
from _unseal import attachments

RECEIVED = "fr.relais.intake.message-received.v1"
HOSPITAL_MESSAGES = 300 if LONG else 45
# Values that hl7apy's tables lack, by table: what is given in them for France or left to sites, and nothing else.
MORE_VALUES = {
    "0112": set("2356R") | {"E", "F", "A", "P", "S", "B", "REO", "PSA"},  # discharge disposition, PAM France
    "0203": {"RPPS", "INS", "NDP"},  # kind of identifier, PAM France annex N
    "0301": {"L", "M", "N"},  # kind of universal id: reserved for local schemes; hl7apy has the three as one value
    "0396": {"HL70357"},  # coding system: the standard's own « HL7nnnn »
    "0445": {"PROV", "VALI", "VIDE"},  # reliability of an identity, PAM France
}
REMARK = re.compile(r"Warning: Value (\S+) not in table HL7(\d{4}) in element \S+")


def is_expected(remark):
    found = REMARK.fullmatch(remark)
    return bool(found) and found[1] in MORE_VALUES.get(found[2], ())


def faults_of(message):
    """What hl7apy has against a message: structure, cardinality, data types, lengths and tables; and the structure it takes it for."""
    try:
        parsed = parse_message(message.decode(), validation_level=VALIDATION_LEVEL.STRICT, find_groups=True)
        with tempfile.NamedTemporaryFile("r", suffix=".txt") as report:
            parsed.validate(report_file=report.name)
            remarks = [line.strip() for line in report if line.strip()]
    except (HL7apyException, ValueError) as error:
        return [f"{type(error).__name__}: {error}"], None
    return [remark for remark in remarks if not is_expected(remark)], parsed.name


def order_of(message):
    return " ".join(line.split("|")[0] for line in message.decode().split("\r") if line)


# ── Acknowledgements ──────────────────────────────────────────────────────────────────────────────


def in_enhanced_mode(message, accept="AL", application="NE"):
    """The message with MSH-15 and MSH-16."""
    return re.sub(rb"\|\|\|\|\|FRA\|", f"|||{accept}|{application}|FRA|".encode(), message, count=1)


def provocations():
    """(what, message, expected code, expected codes of ERR-3, expected warnings): one of each kind of answer."""
    wrong_type = Stay("ORACLETYPE").message("A01").replace(b"ADT^A01^ADT_A01", b"ORU^R01^ORU_R01", 1)
    # Made once: a message made anew a second later would say another time.
    taken = Stay("ORACLE").message("A01")
    yield "taken", taken, "AA", set(), set()
    yield "taken a second time", taken, "AA", set(), set()
    yield "taken, with LF", Stay("ORACLELF").message("A01").replace(b"\r", b"\n"), "AA", {"0"}, {"terminators"}
    yield "taken, escape doubled", Stay("ORACLEESC").message("A01").replace(b"^~\\&", b"^~\\\\&", 1), "AA", {"0"}, {"delimiters"}
    yield "taken, label wrong", Stay("ORACLESET", given="Zoë").message("A01", encoding="latin-1"), "AA", {"0"}, {"charset-mismatch"}
    yield "control id used again", Stay("ORACLEREUSED").message("A01", control="ORACLEA01"), "AA", {"0"}, {"control-id-reused"}
    yield "without ZBE", Stay("ORACLEZBE").message("A01", zbe=""), "AE", {"101"}, set()
    yield "without identifier", Stay("ORACLEPID").message("A01", pid3=""), "AE", {"101"}, set()
    yield "another type", wrong_type, "AR", {"200"}, set()
    yield "another environment", Stay("ORACLEENV").message("A01", processing="P"), "AR", {"202"}, set()
    yield "another version", Stay("ORACLEVER").message("A01", version="2.8"), "AR", {"203"}, set()
    yield "enhanced, taken", in_enhanced_mode(Stay("ORACLECA").message("A01")), "CA", set(), set()
    yield "enhanced, wrong", in_enhanced_mode(Stay("ORACLECE").message("A01", zbe="")), "CE", {"101"}, set()
    yield "enhanced, not ours", in_enhanced_mode(Stay("ORACLECR").message("A01", version="2.8")), "CR", {"203"}, set()
    yield "other delimiters", Stay("ORACLEDEL").message("A01").replace(b"|", b"!").replace(b"^", b"$"), "AA", set(), set()


def check_acknowledgements(check, port):
    seen = set()
    with Mllp(port) as sender:
        for what, message, code, errors, warnings in provocations():
            answer = sender.send(message)
            ack = Ack(answer)
            seen.add(ack.code)
            check.equal(ack.code, code, f"{what}: MSA-1 of {ack}")
            check(errors <= set(ack.error_codes) and warnings <= set(ack.warnings), f"{what}: expected ERR {errors or ''} {warnings or ''}", ack)
            faults, structure = faults_of(answer)
            check(structure == "ACK" and not faults, f"{what}: hl7apy does not take the answer for an ACK", (structure, faults, ack))
            check(re.fullmatch(r"MSH MSA( ERR)*", order_of(answer)), f"{what}: order of the segments", order_of(answer))
    check.equal(seen, {"AA", "AE", "AR", "CA", "CE", "CR"}, "kinds of answers")


def check_the_judge(check):
    """hl7apy must refuse what is none: else the rest would prove nothing."""
    header = "MSH|^~\\&|RELAIS|CPTS|SIMHOSP|CHLVO|20261122120000+0100||ACK^A01^ACK|R1|T|2.5^FRA^2.11|||||FRA|UNICODE UTF-8\r"
    for what, body in (
        ("an ACK without MSA", ""),
        ("a code that is none", "MSA|OK|1\r"),
        ("two MSA", "MSA|AA|1\rMSA|AA|2\r"),
        ("ERR without its code", "MSA|AE|1\rERR||PID^1^3||E\r"),
        ("a severity that is none", "MSA|AE|1\rERR|||101^Required field missing^HL70357|X\r"),
    ):
        faults, _ = faults_of((header + body).encode())
        check(faults, f"hl7apy takes {what} for an ACK")


# ── The simulated hospital ────────────────────────────────────────────────────────────────────────

TIME = r"\d{8}(\d{4}(\d{2}(\.\d{1,4})?)?)?([+-]\d{4})?"
UNIT = r"[^|^]*\^{5}[^|^&]*&[^|^&]*&(M|N|ISO)\^UF\^{3}[^|^]+"  # XON: name, authority, type, code
# PAM France 2.11 §6.13 (ZBE) and the PMSI's tables (ZFM): field → what it may hold.
Z_SEGMENTS = {
    "ZBE": {
        1: r"[^|^~]+\^[^|^~]*\^[^|^~]+\^(M|N|ISO)(~.+)?",
        2: TIME,
        3: "",
        4: "INSERT|UPDATE|CANCEL",
        5: "Y|N",
        6: r"([A-Z]\d\d)?",
        7: UNIT,
        8: rf"({UNIT})?",
        9: "S|H|M|L|D|SM|SH|MH|LD|HMS|C",
    },
    "ZFM": {1: "[0678NO]?", 2: "[046789]?", 3: "[1-7R]?", 4: "[1-8]?"},
}


def z_faults(message):
    found = []
    for line in message.decode().split("\r"):
        name, *fields = line.split("|")
        rules = Z_SEGMENTS.get(name)
        if rules is None:
            found += [f"{name} is not among the Z segments known here"] if name.startswith("Z") else []
            continue
        for number, rule in rules.items():
            if not re.fullmatch(rule, fields[number - 1] if number <= len(fields) else ""):
                found.append(f"{name}-{number} is not {rule}")
        found += [f"{name}-{len(fields)} is beyond its last field"] if len(fields) > max(rules) else []
        if name == "ZBE" and (fields[3] == "INSERT") != (fields[5] == ""):
            found.append("ZBE-6 goes with UPDATE and CANCEL, and only with them")
    return found


def check_hospital(check, folder):
    data = folder / "demo"
    process = subprocess.Popen(
        [BINARY, "demo", "--data", str(data), "--http", "127.0.0.1:0", "--mllp", "127.0.0.1:0", "--speed", "1000000", "--seed", "20261122"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )

    def received():
        try:
            found = [content for _, kind, content in attachments(data) if kind == RECEIVED]
        except (OSError, sqlite3.Error, TypeError):
            return []  # the log is still being made
        return found if len(found) >= HOSPITAL_MESSAGES else []

    try:
        messages = wait_until(received, 120, 0.5)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    check(len(messages) >= HOSPITAL_MESSAGES, f"the simulated hospital sends fewer than {HOSPITAL_MESSAGES} messages in two minutes", len(messages))
    structures = set()
    for message in messages:
        announced = message.decode().split("\r")[0].split("|")[8]
        faults, structure = faults_of(message)
        structures.add(structure)
        check(structure == announced.split("^")[2] and not faults, f"hl7apy on the hospital's {announced}", (structure, faults))
        check(re.fullmatch(r"MSH EVN PID( ROL)* PV1 ZBE( ZFM)?", order_of(message)), f"order of the segments of {announced}", order_of(message))
        check(not z_faults(message), f"the Z segments of the hospital's {announced}", z_faults(message))
    check.equal(structures, {"ADT_A01", "ADT_A02", "ADT_A03"}, "structures of the hospital's messages")
    print(f"hl7_oracle: {len(messages)} messages of the simulated hospital")


def main():
    require_binary("hl7_oracle")
    check = Checks("hl7_oracle")
    with scratch("oracle") as folder:
        with check.part("the judge"):
            check_the_judge(check)
        with check.part("acknowledgements"):
            server = Server(initialised(folder / "data"))
            try:
                check_acknowledgements(check, server.start().mllp)
            finally:
                server.stop()
        with check.part("the simulated hospital"):
            check_hospital(check, folder)
    return check.finish()


if __name__ == "__main__":
    sys.exit(main())
