"""esim-management@0.1 in Python's standard library: an example of a provider that is judged from outside.

Honest about what it is: there is no eUICC behind it. It reads devices from a file, keeps their eSIMs in a table, and "executes" an
operation by changing the table a moment later. It is its own authorization server with opaque tokens. Events are tried three times,
a second apart, and then given up: its conformance statement cannot declare that away, and the harness says so.

    python3 provider.py PORT devices.json
"""
import base64
import json
import re
import secrets
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PORT, DEVICES = int(sys.argv[1]), json.load(open(sys.argv[2], encoding="utf-8"))["devices"]
CLIENTS = {"acme-app": ("acme-secret", "acme"), "globex-app": ("globex-secret", "globex")}
SCOPE = "iot-device-management:esims:"
CORRELATOR = re.compile(r"[a-zA-Z0-9\-_:;.\\/<>{}]{0,256}\Z")
LARGEST_BODY = 1_048_576
ROUTES = {  # path: (operation, scope, required members, optional members)
    "/esim/download": ("download", "download", {"esim", "activationCode", "sink"}, {"activateOnDownload"}),
    "/esim/enable": ("enable", "enable", {"esim", "sink"}, set()),
    "/esim/disable": ("disable", "disable", {"esim", "sink"}, set()),
    "/esim/delete": ("delete", "delete", {"esim", "sink"}, set()),
    "/esim/set-fallback": ("set-fallback", "enable", {"esim", "sink"}, set()),
    "/esim/retrieve-status": (None, "read", {"esim"}, set()),
}
EVENTS = {"download": "downloaded", "enable": "enabled", "disable": "disabled", "delete": "deleted", "set-fallback": "fallback-set"}
lock, tokens, operations = threading.RLock(), {}, {}


class Refusal(Exception):
    def __init__(self, status, code, headers=()):
        super().__init__(code)
        self.status, self.code, self.headers = status, code, dict(headers)


def now():
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def find(device, iccid):
    return next((p for p in device.get("profiles", []) if p["iccid"] == iccid), None)


def device_of(tenant, esim):
    """The caller's device that the eSIM is on, or that the EID names."""
    for device in DEVICES:
        if device.get("owner", "acme") != tenant or esim.get("eid", device["eid"]) != device["eid"]:
            continue
        if "eid" in esim or find(device, esim["iccid"]):
            return device
    return None


def matches(value, pattern):
    return isinstance(value, str) and re.fullmatch(pattern, value, re.ASCII)


def check(body, operation, required, optional):
    if not isinstance(body, dict) or not required <= body.keys():
        raise Refusal(400, "INVALID_ARGUMENT")
    common = {"sinkCredential", "correlationId"} if operation else set()
    esim = body["esim"]
    needed = {"download": {"eid", "iccid"}, None: set()}.get(operation, {"iccid"})
    kinds = {"activateOnDownload": bool, "activationCode": str, "correlationId": str, "sinkCredential": dict}
    right = (
        body.keys() <= required | optional | common
        and isinstance(esim, dict) and esim and needed <= esim.keys() <= {"eid", "iccid"}
        and all(matches(esim[name], pattern) for name, pattern in (("eid", r"\d{32}"), ("iccid", r"\d{19,20}")) if name in esim)
        and all(isinstance(body[name], kind) for name, kind in kinds.items() if name in body)
        and ("sink" not in body or matches(body["sink"], r"[a-z][a-z0-9+.-]*:\S+"))
        and ("sinkCredential" not in body or credential(body["sinkCredential"]))
    )
    if not right:
        raise Refusal(400, "INVALID_ARGUMENT")


def credential(given):
    kind = given.get("credentialType")
    bearer = {"credentialType", "accessToken", "accessTokenExpiresUtc", "accessTokenType"}
    wanted = {
        "PLAIN": {"credentialType", "identifier", "secret"},
        "ACCESSTOKEN": bearer,
        "REFRESHTOKEN": bearer | {"refreshToken", "refreshTokenEndpoint"},
    }.get(kind)
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d.*"
    return given.keys() == wanted and (kind == "PLAIN" or (given["accessTokenType"] == "bearer" and matches(given["accessTokenExpiresUtc"], moment)))


def execute(operation, device, body):
    """Changes the table as a card would change its memory; the code of the refusal, or nothing."""
    iccid = body["esim"]["iccid"]
    esim = find(device, iccid)
    if operation == "download":
        order = next((o for o in device.get("orders", []) if o["activationCode"] == body["activationCode"]), None)
        if esim:
            return "ESIM_ALREADY_INSTALLED"
        if not order or order["iccid"] != iccid:
            return "ESIM_DOWNLOAD_FAILED"
        esim = {"iccid": iccid, "state": "disabled"}
        device.setdefault("profiles", []).append(esim)
        return execute("enable", device, body) if body.get("activateOnDownload") else None
    if esim is None:
        return "ESIM_NOT_INSTALLED"
    if operation == "disable":
        if esim["state"] != "enabled":
            return "ESIM_NOT_ENABLED"
        esim["state"] = "disabled"
    elif operation == "delete":
        device["profiles"].remove(esim)
    elif esim["state"] != "disabled":
        return "ESIM_NOT_DISABLED"
    elif operation == "enable":
        for one in device["profiles"]:
            one["state"] = "enabled" if one is esim else "disabled"
    elif not esim.get("fallbackAllowed", True):
        return "ESIM_FALLBACK_NOT_ALLOWED"
    else:
        for one in device["profiles"]:
            one["fallback"] = one is esim
    return None


def complete(operation, device, body):
    time.sleep(0.05)
    with lock:
        code = execute(operation["operation"], device, body)
        error = {"status": 422, "code": code, "message": f"The operation failed: {code}."} if code else None
        result = {"outcome": "failed" if code else "success", "completedAt": now()}
        operation.update(status="completed", result={**result, **({"error": error} if error else {})})
    data = {k: operation[k] for k in ("operationId", "operation", "status", "esim")} | {"result": result}
    deliver(body, {
        "specversion": "1.0", "id": str(uuid.uuid4()), "source": "urn:example:python-provider", "time": result["completedAt"],
        "type": f"org.camaraproject.esim-management.v0.esim-{EVENTS[operation['operation']]}",
        "datacontenttype": "application/json", "data": data | ({"error": error} if error else {}),
    })


def deliver(body, event):
    headers, given = {"Content-Type": "application/cloudevents+json"}, body.get("sinkCredential")
    if given and given["credentialType"] == "PLAIN":
        headers["Authorization"] = "Basic " + base64.b64encode(f"{given['identifier']}:{given['secret']}".encode()).decode()
    elif given:
        headers["Authorization"] = f"Bearer {given['accessToken']}"
    for _ in range(5):
        try:
            urllib.request.urlopen(urllib.request.Request(body["sink"], json.dumps(event).encode(), headers), timeout=3).close()
            return
        except urllib.error.HTTPError as refusal:
            if refusal.code == 410:
                return
        except OSError:
            pass
        time.sleep(1)


class Provider(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, status, content, headers=()):
        octets = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": len(octets), "Connection": "close", **dict(headers)}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(octets)
        self.close_connection = True

    def handle_call(self):
        sent = self.headers.get("x-correlator")
        valid = sent is None or CORRELATOR.match(sent)
        correlation = {"x-correlator": sent if sent is not None and valid else str(uuid.uuid4())}
        try:
            if not valid:
                raise Refusal(400, "INVALID_ARGUMENT")
            self.answer(*self.call(), correlation)
        except Refusal as refusal:
            body = {"status": refusal.status, "code": refusal.code, "message": f"The request was refused: {refusal.code}."}
            self.answer(refusal.status, body, correlation | refusal.headers)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_call

    def call(self):
        path = urllib.parse.urlsplit(self.path).path
        if path == "/.well-known/openid-configuration":
            return 200, {"issuer": f"http://127.0.0.1:{PORT}", "token_endpoint": f"http://127.0.0.1:{PORT}/token"}
        if path == "/token":
            return self.grant()
        reading = re.fullmatch(r"/esim/operations/([^/]+)", path)
        if not reading and path not in ROUTES:
            raise Refusal(404, "NOT_FOUND")
        allowed = "GET" if reading else "POST"
        if self.command != allowed:
            raise Refusal(405, "METHOD_NOT_ALLOWED", {"Allow": allowed})
        operation, scope, required, optional = (None, "read", set(), set()) if reading else ROUTES[path]
        tenant = self.tenant(SCOPE + scope)
        if reading:
            known = operations.get(reading[1])
            if not known or known[0] != tenant:
                raise Refusal(404, "NOT_FOUND")
            with lock:
                return 200, known[1]
        body = self.body()
        check(body, operation, required, optional)
        with lock:
            return self.start(operation, tenant, body) if operation else self.status(tenant, body["esim"])

    def grant(self):
        given = base64.b64decode(self.headers.get("Authorization", "")[6:]).decode().partition(":")
        secret, tenant = CLIENTS.get(given[0], (None, None))
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())
        if secret is None or given[2] != secret:
            return 401, {"error": "invalid_client"}
        token = secrets.token_urlsafe(24)
        tokens[token] = (tenant, set(" ".join(form.get("scope", [])).split()))
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": 3600}

    def tenant(self, scope):
        kind, _, token = self.headers.get("Authorization", "").partition(" ")
        if kind.lower() != "bearer" or token not in tokens:
            raise Refusal(401, "UNAUTHENTICATED", {"WWW-Authenticate": "Bearer"})
        tenant, scopes = tokens[token]
        if scope not in scopes:
            raise Refusal(403, "PERMISSION_DENIED")
        return tenant

    def body(self):
        length = int(self.headers.get("Content-Length", 0))
        if length > LARGEST_BODY:
            raise Refusal(413, "INVALID_ARGUMENT")
        octets = self.rfile.read(length)
        if not self.headers.get("Content-Type", "").startswith("application/json"):
            raise Refusal(415, "UNSUPPORTED_MEDIA_TYPE")
        try:
            return json.loads(octets)
        except ValueError:
            raise Refusal(400, "INVALID_ARGUMENT") from None

    def start(self, name, tenant, body):
        device = device_of(tenant, body["esim"])
        if not device:
            raise Refusal(422, "SERVICE_NOT_APPLICABLE")
        esim = {"eid": device["eid"], "iccid": body["esim"]["iccid"]}
        operation = {"operationId": str(uuid.uuid4()), "operation": name, "status": "accepted", "esim": esim}
        operations[operation["operationId"]] = (tenant, operation)
        threading.Thread(target=complete, args=(operation, device, body), daemon=True).start()
        return 202, dict(operation)

    def status(self, tenant, esim):
        device = device_of(tenant, esim)
        if not device:
            raise Refusal(404, "IDENTIFIER_NOT_FOUND")
        shown = [p for p in device.get("profiles", []) if esim.get("iccid", p["iccid"]) == p["iccid"]]
        if "iccid" in esim and not shown:
            raise Refusal(422, "SERVICE_NOT_APPLICABLE")
        return 200, {"esims": [
            {"eid": device["eid"], "iccid": p["iccid"], "state": p["state"], "isFallback": p.get("fallback", False)} for p in shown
        ]}

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", PORT), Provider)
    PORT = server.server_address[1]
    print(f"http://127.0.0.1:{PORT}", flush=True)
    server.serve_forever()
