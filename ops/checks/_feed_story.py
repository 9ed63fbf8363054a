"""Messages of every trigger of PAM France, of invented patients and stays, for the check of the hospital feed."""

import datetime

from _hl7 import FACILITY, FINESS, UNIT, timestamp, utc_now

STRUCTURES = {
    "A04": "ADT_A01", "A05": "ADT_A05", "A06": "ADT_A06", "A07": "ADT_A06", "A11": "ADT_A09", "A12": "ADT_A12", "A13": "ADT_A01", "A14": "ADT_A05",
    "A15": "ADT_A15", "A16": "ADT_A16", "A21": "ADT_A21", "A22": "ADT_A21", "A25": "ADT_A21", "A26": "ADT_A21", "A27": "ADT_A21", "A28": "ADT_A05",
    "A31": "ADT_A05", "A38": "ADT_A38", "A40": "ADT_A39", "A44": "ADT_A43", "A47": "ADT_A30", "A52": "ADT_A52", "A53": "ADT_A52", "A54": "ADT_A54",
    "A55": "ADT_A52", "Z99": "ADT_A01", "A02": "ADT_A02", "A03": "ADT_A03",
}  # fmt: skip
# What a cancellation takes back.
CANCELS = {
    "A11": "A01", "A12": "A02", "A13": "A03", "A25": "A16", "A26": "A15", "A27": "A14", "A38": "A05", "A52": "A21", "A53": "A22", "A55": "A54",
}  # fmt: skip
AUTHORITY = f"{FACILITY}&{FINESS}&N"
TEST_INS = "279035121518989^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.10&ISO^INS"
HOUR = datetime.timedelta(hours=1)


class Person:
    """An invented patient under one local number."""

    def __init__(self, number, family, given="Jeanne", city="CHALLANS", postal="85300", reliability="PROV", ins=None):
        self.number, self.family, self.given, self.city, self.postal = number, family, given, city, postal
        self.reliability, self.ins = reliability, ins

    @property
    def identifier(self):
        return f"{self.number}^^^{AUTHORITY}^PI"

    def pid(self, account="", deceased="", ins=None):
        ins = self.ins if ins is None else ins
        identifiers = "~".join(part for part in (self.identifier, ins) if part)
        fields = [""] * 33
        fields[0], fields[1], fields[3] = "PID", "1", identifiers
        fields[5] = f"{self.family}^{self.given}^{self.given}^^^^L"
        fields[7], fields[8] = "19481204", "F"
        fields[11] = f"12 RUE DES SALINES^^{self.city}^^{self.postal}^FRA^H"
        if account:
            fields[18] = f"{account}^^^{AUTHORITY}^AN"
        fields[30], fields[32] = deceased, self.reliability
        return "|".join(fields)


class Feed:
    """Numbers messages and their instants, so that each is later than the one before."""

    def __init__(self):
        self.now = utc_now() - 72 * HOUR
        self.count = 0

    def header(self, trigger, occurred, planned=""):
        self.count += 1
        sent = timestamp(self.now + datetime.timedelta(seconds=self.count))
        structure = STRUCTURES.get(trigger, "ADT_A01")
        return [
            f"MSH|^~\\&|SIMHOSP|{FACILITY}|RELAIS|CPTS|{sent}||ADT^{trigger}^{structure}|FEED{self.count}|D|2.5^FRA^2.11|||||FRA|UNICODE UTF-8|FR"
            "||2.11^IHE_FRANCE-2.11-PAM",
            f"EVN||{sent}|{planned}|||{occurred}",
        ]

    def identity(self, trigger, person, mrg=None, account="", **pid):
        """A28, A31, A40, A44, A47."""
        segments = self.header(trigger, timestamp(self.now)) + [person.pid(account, **pid)]
        if mrg:
            segments.append(f"MRG|{mrg}")
        return encoded(segments)

    def merge(self, retired, survivor):
        return self.identity("A40", survivor, mrg=retired.identifier)

    def move(self, account, old, new):
        """A44: the file `account` is of `new`, no more of `old`."""
        return self.identity("A44", new, mrg=f"{old.identifier}||{account}^^^{AUTHORITY}^AN", account=account)


class Stay:
    """One visit of a patient; movements are named by the caller."""

    def __init__(self, feed, key, person, account=None, gp=None):
        self.feed, self.visit, self.person = feed, f"V{key}", person
        self.account, self.gp = account or f"N{key}", gp

    def message(self, trigger, movement, hours=0, **changes):
        """`hours`: after the beginning of the story. `changes`: action, origin, klass, zbe, zfm, planned, back, deceased, visit, person."""
        occurred = timestamp(self.feed.now + hours * HOUR)
        planned = changes.get("planned")
        segments = self.feed.header(trigger, occurred, timestamp(planned) if planned else "")
        person = changes.get("person", self.person)
        segments.append(person.pid(changes.get("account", self.account), changes.get("deceased", "")))
        if self.gp and trigger in ("A01", "A03", "A04"):
            segments.append(f"ROL||UC|ODRP|{self.gp}^NOM^PRENOM^^^^^^ASIP-SANTE-PS&1.2.250.1.71.4.2.1&ISO^L^^^RPPS")
        pv1 = [""] * 37
        pv1[0], pv1[1], pv1[2], pv1[3], pv1[4] = "PV1", "1", changes.get("klass", "I"), f"{UNIT}^12^1", "R"
        pv1[19] = f"{changes.get('visit', self.visit)}^^^{AUTHORITY}^VN"
        if changes.get("visit", self.visit) == "":
            pv1[19] = ""
        pv1[21] = "03"
        if trigger in ("A03", "Z99"):
            pv1[36] = "3"
        segments.append("|".join(pv1))
        back = changes.get("back")
        if planned or back:
            pv2 = [""] * 48
            pv2[0], pv2[9], pv2[47] = "PV2", timestamp(planned) if planned else "", timestamp(back) if back else ""
            segments.append("|".join(pv2))
        action = changes.get("action", "UPDATE" if trigger == "Z99" else "CANCEL" if trigger in CANCELS else "INSERT")
        origin = changes.get("origin", CANCELS.get(trigger, ""))
        unit = f"Médecine polyvalente^^^^^{AUTHORITY}^UF^^^{UNIT}"
        ei = f"{FACILITY}^{FINESS}^N"
        zbe = changes.get("zbe", f"ZBE|{movement}-{self.visit}^{ei}|{occurred}||{action}|N|{origin}|{unit}|{unit}|HMS")
        if zbe:
            segments.append(zbe)
        if trigger == "A03" or changes.get("zfm"):
            segments.append(f"ZFM||{changes.get('zfm', '8')}")
        return encoded(segments)


def encoded(segments):
    return ("\r".join(segments) + "\r").encode()
