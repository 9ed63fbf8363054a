"""Hospital messages and how they travel: MLLP connections, acknowledgements, and the stays of invented patients as ADT messages.

The hospital, its unit and its visit numbers are those of the demonstration territory.
"""

import datetime
import socket

FACILITY, FINESS, UNIT = "CHLVO", "850099995", "MEDE"

START, END = b"\x0b", b"\x1c\r"


class Mllp:
    """One connection of a sender."""

    def __init__(self, port, timeout=20):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.held = b""

    def send_raw(self, data):
        self.socket.sendall(data)

    def receive(self):
        """The next answer; b"" when the server closed the connection."""
        while END not in self.held:
            more = self.socket.recv(65536)
            if not more:
                return b""
            self.held += more
        frame, self.held = self.held.split(END, 1)
        return frame.lstrip(START)

    def send(self, message):
        self.send_raw(START + message + END)
        return self.receive()

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def send_once(port, message, timeout=20):
    with Mllp(port, timeout) as sender:
        return sender.send(message)


class Ack:
    """An acknowledgement: its code, the control id that it answers, and its ERR segments as lists of fields."""

    def __init__(self, data):
        self.bytes = data
        segments = [line.split("|") for line in data.decode("utf-8", "replace").split("\r") if line]
        found = [segment for segment in segments if segment[0] == "MSA"]
        self.code, self.control = (found[0] + ["", ""])[1:3] if found else ("", "")
        self.errors = [segment for segment in segments if segment[0] == "ERR"]

    @property
    def error_codes(self):
        return [segment[3].split("^")[0] for segment in self.errors if len(segment) > 3]

    @property
    def warnings(self):
        """Our codes of ERR-5."""
        return [segment[5].split("^")[0] for segment in self.errors if len(segment) > 5 and segment[5]]

    def __repr__(self):
        return self.bytes.decode("utf-8", "replace").replace("\r", " ⏎ ")


def timestamp(moment):
    return moment.strftime("%Y%m%d%H%M%S+0000")


def utc_now():
    return datetime.datetime.now(datetime.timezone.utc)


def rfc3339(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class Stay:
    """One stay of one invented patient, told as ADT messages of the hospital of the demonstration territory."""

    STEPS = {"A01": ("ADT_A01", 1), "A02": ("ADT_A02", 2), "A03": ("ADT_A03", 3), "A13": ("ADT_A01", 3), "A11": ("ADT_A09", 1)}

    def __init__(self, key, family="FICTIF", given="Jeanne", city="CHALLANS", postal="85300", gp=None, unit=UNIT, birth="19481204"):
        self.key, self.family, self.given, self.city, self.postal, self.gp, self.unit, self.birth = key, family, given, city, postal, gp, unit, birth
        self.now = utc_now()

    @property
    def visit(self):
        return f"V{self.key}"

    def control(self, trigger):
        return f"{self.key}{trigger}"

    def message(self, trigger, **changes):
        """`changes`: occurred, control, movement, processing, version, charset, encoding, zbe, pid3, sender."""
        structure, number = self.STEPS.get(trigger, ("ADT_A01", 1))
        day = datetime.timedelta(days=1)
        ago = {"A01": 3 * day, "A02": day, "A11": 3 * day}.get(trigger, datetime.timedelta(minutes=1))
        occurred = timestamp(changes.get("occurred", self.now - ago))
        sent = timestamp(self.now)
        authority, ei = f"{FACILITY}&{FINESS}&N", f"{FACILITY}^{FINESS}^N"
        control = changes.get("control", self.control(trigger))
        cancels = trigger in ("A11", "A13")
        unit = f"Médecine polyvalente^^^^^{authority}^UF^^^{self.unit}"
        pid3 = changes.get("pid3", f"P{self.key}^^^{authority}^PI")
        zbe = changes.get(
            "zbe",
            f"ZBE|M{self.key}{changes.get('movement', number)}^{ei}|{occurred}||{'CANCEL' if cancels else 'INSERT'}|N|"
            f"{ {'A11': 'A01', 'A13': 'A03'}.get(trigger, '') }|{unit}|{unit}|HMS",
        )
        segments = [
            f"MSH|^~\\&|{changes.get('sender', 'SIMHOSP')}|{FACILITY}|RELAIS|CPTS|{sent}||ADT^{trigger}^{structure}|{control}"
            f"|{changes.get('processing', 'D')}|{changes.get('version', '2.5^FRA^2.11')}|||||FRA|{changes.get('charset', 'UNICODE UTF-8')}|FR"
            "||2.11^IHE_FRANCE-2.11-PAM",
            f"EVN||{sent}||||{occurred}",
            f"PID|1||{pid3}||{self.family}^{self.given}^{self.given}^^^^L||{self.birth}|F|||12 RUE DES SALINES^^{self.city}^^{self.postal}^FRA^H"
            f"|||||||N{self.key}^^^{authority}^AN||||||||||||||PROV",
        ]
        if self.gp and trigger in ("A01", "A03"):
            segments.append(f"ROL||UC|ODRP|{self.gp}^NOM^PRENOM^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^L^^^RPPS")
        segments.append(f"PV1|1|I|{self.unit}^12^1|R|||||||||||||||V{self.key}^^^{authority}^VN||03|||||||||||||||{'3' if trigger == 'A03' else ''}")
        if zbe:
            segments.append(zbe)
        if trigger == "A03":
            segments.append("ZFM||8")
        return ("\r".join(segments) + "\r").encode(changes.get("encoding", "utf-8"))
