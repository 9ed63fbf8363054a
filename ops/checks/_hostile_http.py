"""What nobody should send over HTTP: requests that are none, paths that lead out, bodies of nonsense, other sites."""

import json
import socket

from _hl7 import END, START
from _relais import GP, UNIT_CONTACT


def raw(port, data, seconds=5, end=True):
    """Sends bytes and returns the beginning of whatever comes back until the server closes or falls silent."""
    with socket.create_connection(("127.0.0.1", port), seconds) as connection:
        try:
            connection.sendall(data)
            if end:
                connection.shutdown(socket.SHUT_WR)
            held = b""
            while len(held) < 1 << 16:
                more = connection.recv(65_536)
                if not more:
                    break
                held += more
            return held
        except OSError:
            return b""


def attack_http(check, target, chance):
    port = target.server.http
    host = f"Host: 127.0.0.1:{port}\r\n".encode()
    for words, data in (
        ("a header of 1 MB", b"GET /healthz HTTP/1.1\r\n" + host + b"X-Long: " + b"x" * (1 << 20) + b"\r\n\r\n"),
        ("20,000 headers", b"GET /healthz HTTP/1.1\r\n" + host + b"".join(b"X-%d: y\r\n" % number for number in range(20_000)) + b"\r\n"),
        ("a path of 200 kB", b"GET /" + b"a" * 200_000 + b" HTTP/1.1\r\n" + host + b"\r\n"),
        ("random bytes", chance.randbytes(20_000)),
        ("an HL7 message", START + target.stay("HTTP").message("A01") + END),
        ("a TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + chance.randbytes(500)),
        ("HTTP 9.9", b"GET / HTTP/9.9\r\n" + host + b"\r\n"),
        ("HTTP/2 by surprise", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        ("no host", b"GET /healthz HTTP/1.1\r\n\r\n"),
        ("a negative length", b"POST /api/v1/hl7 HTTP/1.1\r\n" + host + b"Content-Length: -1\r\n\r\nx"),
        ("a length beyond 64 bits", b"POST /api/v1/hl7 HTTP/1.1\r\n" + host + b"Content-Length: 99999999999999999999999\r\n\r\nx"),
        ("two lengths", b"POST /api/v1/hl7 HTTP/1.1\r\n" + host + b"Content-Length: 1\r\nContent-Length: 5\r\n\r\nxxxxx"),
        ("length and chunks", b"POST /api/v1/hl7 HTTP/1.1\r\n" + host + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("a chunk of nonsense", b"POST /api/v1/hl7 HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nZZZ\r\nhello\r\n0\r\n\r\n"),
        ("a chunk without end", b"POST /api/v1/hl7 HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\nhello"),
        ("a body that is cut off", b"POST /api/v1/hl7 HTTP/1.1\r\n" + host + b"Content-Length: 1000\r\n\r\nMSH|"),
        ("bytes above 127 in a header", b"GET /healthz HTTP/1.1\r\n" + host + b"Relais-Actor: \xff\xfe\xc3\r\n\r\n"),
        ("a NUL in the path", b"GET /health\x00z HTTP/1.1\r\n" + host + b"\r\n"),
        ("a folded header", b"GET /healthz HTTP/1.1\r\n" + host + b"X: a\r\n b\r\n\r\n"),
    ):
        answer = raw(port, data)
        check(not answer.startswith(b"HTTP/1.1 5"), f"{words}: the server takes the blame for it", answer[:200])
    target.is_well("requests that are none")

    pipelined = raw(port, (b"GET /healthz HTTP/1.1\r\n" + host + b"\r\n") * 49 + b"GET /healthz HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n")
    check.equal(pipelined.count(b"HTTP/1.1 200"), 50, "the answers to 50 requests in one write")
    slow = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(80)]
    try:
        for number, one in enumerate(slow):
            one.sendall(b"POST /api/v1/hl7 HTTP/1.1\r\nHost: 127" if number % 2 else b"G")
        target.is_well("80 requests that never end")
    finally:
        for one in slow:
            one.close()

    # Paths and queries.
    for path in (
        "/../../../../etc/passwd",
        "/ressources/../../../../etc/passwd",
        "/ressources/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        "/ressources/..%2f..%2f..%2fetc%2fpasswd",
        "//etc/passwd",
        "/ressources/relais.css/../../log.sqlite",
        "/api/v1/%ff%fe",
        "/parcours/%00",
        "/parcours/..",
        "/a-faire/%c3%28/accepter",
        "/%zz",
        "/api/v1/pathways?visit=%ff",
        f"/api/v1/professionals/{GP}/todo?position=%00",
        f"/api/v1/professionals/{'9' * 5000}/todo",
        "/api/v1/pathways?visit=%27%20OR%201=1--",
        "/?message=%3Cscript%3E",
    ):
        answer = raw(port, b"GET " + path.encode() + b" HTTP/1.1\r\n" + host + b"Connection: close\r\n\r\n", end=False)
        check(
            answer.startswith(b"HTTP/1.1 ") and not answer.startswith(b"HTTP/1.1 5"),
            f"GET {path[:60]}: expected an answer that is no 5xx",
            answer[:120],
        )
        check(
            b"root:" not in answer and b"SQLite format" not in answer and b"<script" not in answer.lower(),
            f"GET {path[:60]} leads out of the house",
            answer[:200],
        )
    target.is_well("paths that lead out")


def attack_bodies(check, target, chance):
    server = target.server
    headers = {"Relais-Actor": f"urn:rpps:{UNIT_CONTACT}", "Idempotency-Key": "hostile", "Content-Type": "application/json"}
    server.settle()
    head = server.get("/api/v1/log/head").json["position"]
    for words, body in (
        ("30,000 brackets", b"[" * 30_000),
        ("nested objects", b'{"a":' * 9_000 + b"1" + b"}" * 9_000),
        ("nested in the patient", b'{"patient":' + b"[" * 5_000 + b"]" * 5_000 + b"}"),
        ("a number of 60 kB", b'{"at":' + b"9" * 60_000 + b"}"),
        ("1e999999", b'{"at":1e999999}'),
        ("bad UTF-8", b'{"visit":{"authority":"\xc3\x28","value":"\xed\xa0\x80"}}'),
        ("NULs", b"\x00" * 1_000),
        ("a lone surrogate", b'{"visit":{"authority":"\\udfff","value":"\\ud800"}}'),
        ("5,000 members", json.dumps({f"m{number}": number for number in range(5_000)}).encode()[:65_000]),
        ("an unended string", b'{"at":"' + b"x" * 1_000),
        ("a byte order mark", b"\xef\xbb\xbf{}"),
        ("random bytes", chance.randbytes(5_000)),
    ):
        answer = server.request("POST", "/api/v1/pathways", body, headers)
        check(400 <= answer.status < 500 and answer.is_problem, f"a body of {words}: expected a problem document of 4xx", answer)
    for key in ("", " ", "é", "x" * 5_000, "a b"):
        try:
            answer = server.request("POST", "/api/v1/pathways", b"{}", {**headers, "Idempotency-Key": key.encode()})
            check(400 <= answer.status < 500, f"an Idempotency-Key of {key[:10]!r}", answer)
        except OSError:
            check(True, "closed")
    for actor in (
        "urn:rpps:",
        "urn:rpps:99999000013x",
        "urn:rpps:" + "9" * 3_000,
        "urn:relais:follow-up-planner",
        "urn:relais:operator",
        "x" * 5_000,
    ):
        answer = server.request("POST", "/api/v1/pathways", b"{}", {**headers, "Relais-Actor": actor})
        check.equal(answer.status in (401, 403), True, f"the actor {actor[:30]!r} writes a pathway ({answer.status})")
    check.equal(server.get("/api/v1/log/head").json["position"], head, "the log's position after bodies that are refused")

    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (
        b"rpps=%zz",
        b"rpps=%ff%fe",
        b"=&&&===",
        b"rpps",
        b"rpps=" + b"1" * 10_000,
        b"rpps=99999000013%0d%0aSet-Cookie:%20x=y",
        b"\x00\xff" * 500,
    ):
        answer = server.request("POST", "/acteur", body, form)
        check(
            answer.status == 303 and answer.headers["location"] == "/?message=inconnu" and "set-cookie" not in answer.headers,
            "a form of nonsense",
            answer,
        )
    check.equal(server.request("POST", "/acteur", b"a=" + b"x" * 20_000, form).status, 413, "a form that is too large")
    for cookie in ("relais-acteur=", "relais-acteur=x; relais-acteur=y", "relais-acteur=%00", "=;=;", "relais-acteur=" + "9" * 6_000):
        answer = server.request("GET", "/a-faire", None, {"Cookie": cookie})
        check(answer.status == 303 and answer.headers["location"].startswith("/?message="), f"the cookie {cookie[:30]!r}", answer)
    target.is_well("bodies, forms and cookies")


def attack_from_other_sites(check, target, chance):
    """A page of another site, open in a browser on this machine."""
    server = target.server
    message = target.stay("CROSS").message("A01")
    server.settle()
    server.settle()
    head = server.get("/api/v1/log/head").json["position"]
    own = f"http://127.0.0.1:{server.http}"
    for words, headers, status in (
        ("from another origin", {"Origin": "https://evil.example"}, 403),
        ("from a frame", {"Origin": "null"}, 403),
        ("marked cross-site", {"Sec-Fetch-Site": "cross-site"}, 403),
        ("marked same-site", {"Sec-Fetch-Site": "same-site"}, 403),
        ("from another port", {"Origin": "http://127.0.0.1:1"}, 403),
        ("under another name", {"Host": "evil.example"}, 421),
        ("under a name that begins like ours", {"Host": "127.0.0.1.evil.example"}, 421),
    ):
        for path, body in (("/api/v1/hl7", message), ("/acteur", f"rpps={GP}".encode())):
            answer = server.request("POST", path, body, headers)
            check.equal(answer.status, status, f"POST {path} {words}")
            check("set-cookie" not in answer.headers, f"POST {path} {words} gets a cookie")
    check.equal(
        server.request("GET", f"/api/v1/professionals/{GP}/todo", None, {"Host": "evil.example"}).status, 421, "reading a list under another name"
    )
    check.equal(server.get("/api/v1/log/head").json["position"], head, "the log's position after requests from other sites")
    answer = server.request("POST", "/acteur", f"rpps={GP}".encode(), {"Origin": own, "Sec-Fetch-Site": "same-origin"})
    check.equal(answer.headers.get("location"), "/a-faire", "our own page's form")
    target.is_well("requests from other sites")
