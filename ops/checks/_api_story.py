"""What the parts of the API's check share: stays told to a server by hand, and their follow-ups read back."""

import datetime
import re

from _hl7 import FINESS, UNIT, rfc3339, utc_now
from _relais import GP, PLAIN_RULES, TERRITORY_FILE, UNIT_CONTACT, wait_until

# The teams of the demonstration territory: id, members.
TEAMS = {
    found[1]: re.findall(r"\d{11}", found[2])
    for found in re.finditer(r"- id: (\S+)\n +name: .*\n +role: .*\n +members: (\[.*\])", TERRITORY_FILE.read_text(encoding="utf-8"))
}


class Story:
    """What the parts of this check share: a server, and stays told to it."""

    def __init__(self, check, server):
        self.check, self.server = check, server
        self._count = 0

    def body(self, visit, name):
        return {
            "visit": {"authority": FINESS, "value": visit},
            "patient": {
                "authority": FINESS,
                "value": f"P{visit}",
                "birthName": name,
                "givenName": "Aliénor",
                "birthDate": "1949-02-28",
                "sex": "F",
                "phone": "0261918181",
                "address": {"line": "7 rue de la Fable", "postalCode": "85300", "city": "Challans"},
            },
            "at": rfc3339(utc_now() - datetime.timedelta(days=2)),
            "unit": {"code": UNIT},
            "declared": [{"role": "attending-gp", "rpps": GP}],
        }

    def discharged(self, name):
        """A patient who has just gone home: the pathway, and its follow-ups by rule."""
        self._count += 1
        visit = f"VAPI{self._count}"
        pathway = self.server.post("/api/v1/pathways", self.body(visit, name), UNIT_CONTACT, f"{visit}-admission").json["pathway"]
        answer = self.server.post(
            f"/api/v1/pathways/{pathway}/discharge",
            {"at": rfc3339(utc_now() - datetime.timedelta(minutes=5)), "destination": "home"},
            UNIT_CONTACT,
            f"{visit}-discharge",
        )
        self.check.equal(answer.status, 200, f"status of the discharge ({answer!r})")
        return pathway, self.planned(pathway)

    def planned(self, pathway):
        def follow_ups():
            # What the stay asked for before it ended is no part of what its end asks for.
            found = {one["rule"]: one for one in self.pathway(pathway)["followUps"] if one["rule"] in PLAIN_RULES and one["status"] != "withdrawn"}
            return found if len(found) == len(PLAIN_RULES) and all(one["offers"] for one in found.values()) else None

        found = wait_until(follow_ups) or {}
        self.check.equal(sorted(found), PLAIN_RULES, "follow-ups of a discharge home")
        self.server.settle()
        return found

    def pathway(self, pathway):
        return self.server.get(f"/api/v1/pathways/{pathway}").json

    def state(self, pathway, rule):
        return next(one for one in self.pathway(pathway)["followUps"] if one["rule"] == rule)

    def todo(self, rpps, minimum=0):
        return self.server.get(f"/api/v1/professionals/{rpps}/todo?min-position={minimum}").json

    def item(self, rpps, follow_up, minimum=0):
        return next((item for item in self.todo(rpps, minimum)["items"] if item["followUp"] == follow_up), None)


def asked(follow_up):
    """Everybody who may say yes, in the order of asking: of a team all its members."""
    found = []
    for offer in follow_up["offers"]:
        team = team_of(offer)
        found += TEAMS[team] if team else [offer["to"].removeprefix("urn:rpps:")]
    return found


def team_of(offer):
    """The id of the team that an offer is made to; nothing where it is made to a person."""
    return offer["to"].partition("team:")[2]


def answer(follow_up, rpps, **members):
    """The body with which somebody answers: naming the team where it is the team that is asked."""
    team = next((team_of(offer) for offer in follow_up["offers"] if rpps in TEAMS.get(team_of(offer), [])), None)
    return {**members, **({"team": team} if team else {})}


def problem(check, answer, status, words, code=None):
    check(answer.status == status and answer.is_problem, f"{words}: expected a problem document of status {status}", answer)
    if code and answer.is_problem:
        check.equal(answer.json["code"], code, f"{words}: code")
