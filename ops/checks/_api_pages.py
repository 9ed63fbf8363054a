"""The French pages, used as a browser without scripts uses them."""

import html
import html.parser
import re
import urllib.parse

from _api_story import asked
from _relais import UNIT_CONTACT


class Forms(html.parser.HTMLParser):
    """The forms of a page: their action, and the fields that they send."""

    def __init__(self, text):
        super().__init__()
        self.forms = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append((attributes.get("action"), {}))
        elif tag == "input" and self.forms and attributes.get("type") != "radio" and "name" in attributes:
            self.forms[-1][1][attributes["name"]] = attributes.get("value", "")

    def of(self, action):
        return next((fields for found, fields in self.forms if found == action), None)


class Browser:
    """Somebody who uses the pages: keeps the cookie, follows the answer of a form."""

    def __init__(self, server):
        self.server, self.cookie = server, None

    def get(self, path):
        return self.server.request("GET", path.split("#")[0], None, {"Cookie": self.cookie} if self.cookie else {})

    def post(self, path, fields):
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        answer = self.server.request("POST", path, urllib.parse.urlencode(fields).encode(), headers)
        if "set-cookie" in answer.headers:
            self.cookie = answer.headers["set-cookie"].split(";")[0]
        return answer

    def sign_in(self, rpps):
        return self.post("/acteur", {"rpps": rpps})


def check_reports(check, browser, story, pathway, visiting):
    """Why it is there, and what is reported from the bedside, in three taps."""
    page = browser.get(f"/a-faire/{visiting['id']}/pourquoi")
    check(page.status == 200 and "Qui a été sollicité avant" in page.text and "Aubrac" not in html.unescape(page.text), "the page that says why", page.status)
    for verb, chosen, message in (("alerte", {"signe": "fall", "appel-samu": "oui"}, "alerte-signalee"), ("ordonnance", {}, "ordonnance-signalee")):
        action = f"/a-faire/{visiting['id']}/{verb}"
        fields = Forms(browser.get("/a-faire").text).of(action)
        if not check(fields and fields.get("cle"), f"the list has no form for {verb}"):
            return
        fields = {"cle": fields["cle"]}
        if verb == "alerte":
            check("message=signe-manquant" in browser.post(action, fields).headers["location"], "an alert without a sign by form")
        answer = browser.post(action, {**fields, **chosen})
        check(f"message={message}" in answer.headers.get("location", ""), f"{verb} by form", answer.headers)
    path = f"/parcours/{pathway}"
    fields = Forms(browser.get(path).text).of(f"{path}/ordonnance-recue")
    if check(fields, "the pathway's page does not ask for the missing prescription"):
        answer = browser.post(f"{path}/ordonnance-recue", fields)
        check("message=ordonnance-recue" in answer.headers["location"], "a prescription that has come, by form", answer.headers)


def check_pages(check, server, story):
    """Two pages without a script: what a nurse sees and does."""
    name = "Œnothère<i>&\"d'Aubrac"
    pathway, follow_ups = story.discharged(name)
    visiting = follow_ups["nurse-first-visit"]
    nurse, second = asked(visiting)[:2]
    browser = Browser(server)
    check.equal(
        (browser.get("/a-faire").status, browser.get("/a-faire").headers.get("location", "").split("?")[0]),
        (303, "/"),
        "a list without saying who one is",
    )
    check.equal(browser.sign_in("10000023084").headers.get("location"), "/?message=inconnu", "saying to be somebody unknown")
    check(browser.cookie is None, "an unknown person gets a cookie")
    answer = browser.sign_in(f" {nurse[:5]} {nurse[5:]} ")
    check.equal((answer.status, answer.headers.get("location")), (303, "/a-faire"), "saying who one is")
    cookie = answer.headers.get("set-cookie", "").lower()
    check("httponly" in cookie and "samesite=strict" in cookie, "the cookie's attributes", cookie)

    page = browser.get("/a-faire")
    check.equal(page.status, 200, "status of the list")
    check('<html lang="fr">' in page.text and "<script" not in page.text.lower(), "the list is not a French page without scripts")
    check("Faire la première visite à domicile" in page.text and "Challans" in page.text, "the list lacks the visit that is offered")
    # Only this patient's card: she may have accepted another of the same fictional given name before.
    [card] = [one for one in page.text.split("<article")[1:] if f"/a-faire/{visiting['id']}/" in one] or [""]
    check(card, "no card of the visit that is offered")
    for secret in ("thère", "Aubrac", "Aliénor", "rue de la Fable", "0261918181", "02 61 91 81 81", "1949"):
        check(secret not in html.unescape(card), f"a page shows « {secret} » to somebody who is only asked")
    check("content-security-policy" in page.headers and page.headers.get("cache-control") == "no-store", "headers of a page", page.headers)
    check.equal(browser.get(f"/parcours/{pathway}").status, 403, "the pathway's page for somebody who is only asked")

    action = f"/a-faire/{visiting['id']}/accepter"
    fields = Forms(page.text).of(action)
    if not check(fields and fields.get("cle"), "the list has no form to accept the visit"):
        return
    answer = browser.post(action, fields)
    check(answer.status == 303 and answer.headers["location"].startswith("/a-faire?message=accepte"), "accepting by form", answer.headers)
    after = browser.get(answer.headers["location"])
    check("vous prenez ce suivi en charge" in after.text, "the page does not say that it is noted")
    check(name in html.unescape(after.text) and name not in after.text, "the page does not show the patient's name, or shows it without escaping")
    for _ in range(2):
        check.equal(browser.get("/a-faire").status, 200, "status of the list loaded again")
    head = server.get("/api/v1/log/head").json["position"]
    twice = browser.post(action, fields)
    check(twice.status == 303 and "message=accepte" in twice.headers["location"], "the same form sent twice", twice.headers)
    check.equal(server.get("/api/v1/log/head").json["position"], head, "the log's position after the same form sent twice")
    check.equal(story.state(pathway, "nurse-first-visit")["owner"], f"urn:rpps:{nurse}", "the owner after accepting by form")

    late = Browser(server)
    late.sign_in(second)
    answer = late.post(action, {"cle": "of-a-page-opened-before"})
    check("message=deja-pris" in answer.headers.get("location", ""), "the second nurse by form", answer.headers)
    check("a accepté avant vous" in late.get(answer.headers["location"]).text, "the second nurse is not told kindly")

    page = browser.get(f"/parcours/{pathway}")
    check.equal(page.status, 200, "the pathway's page for who accepted")
    check(
        "<script" not in page.text.lower() and "Histoire du parcours" in page.text and name in html.unescape(page.text),
        "the pathway's page lacks its story",
    )
    links = sorted(set(re.findall(rf'href="(/parcours/{pathway}\?[^"#]*)', html.unescape(page.text))))
    check(len(links) > 3, "the story has no links to the pathway as it was known", links)
    for link in links:
        answer = browser.get(link)
        check(
            answer.status == 200 and "tel qu’il était connu" in answer.text,
            f"a link of the story leads nowhere (position {link.split('=')[-1]})",
            answer.status,
        )
    check.equal(browser.get(f"/parcours/{'0' * 32}").status, 404, "the page of an unknown pathway")
    check("text/html" in browser.get("/nulle-part").headers["content-type"], "an unknown page is no page")

    check_reports(check, browser, story, pathway, visiting)
    action = f"/a-faire/{visiting['id']}/fait"
    fields = {**Forms(browser.get("/a-faire").text).of(action), "note": "Plaie propre & sèche"}
    check("message=resultat-manquant" in browser.post(action, fields).headers["location"], "done without an outcome")
    future = {**fields, "resultat": "done", "quand": "2999-01-01T00:00"}
    check("message=date-future" in browser.post(action, future).headers["location"], "done in the future")
    check("message=fait" in browser.post(action, {**fields, "resultat": "done"}).headers["location"], "done by form")
    check.equal(story.state(pathway, "nurse-first-visit")["status"], "done", "status after done by form")

    reconciling = follow_ups["pharmacy-reconciliation"]
    pharmacist = Browser(server)
    pharmacist.sign_in(asked(reconciling)[0])
    action = f"/a-faire/{reconciling['id']}/decliner"
    fields = Forms(pharmacist.get("/a-faire").text).of(action)
    check("message=motif-manquant" in pharmacist.post(action, fields).headers["location"], "declining by form without a reason")
    check("message=decline" in pharmacist.post(action, {**fields, "motif": "absent"}).headers["location"], "declining by form")
    offers = story.state(pathway, "pharmacy-reconciliation")["offers"]
    check.equal([one["answer"] for one in offers if one["to"].endswith(asked(reconciling)[0])], ["declined"], "the answer after declining by form")

    unit = Browser(server)
    unit.sign_in(UNIT_CONTACT)
    path = f"/parcours/{pathway}"
    fields = Forms(unit.get(path).text).of(f"{path}/retour")
    # The first visit has recorded the return: the form is gone.
    check(fields is None, "the page asks for a home return that is known")
