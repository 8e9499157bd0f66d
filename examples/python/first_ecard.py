"""A first verified e-card without our SDK: what docs/guide/channel.md says, in Python.

A channel claims an e-card, the holder's device sets a password and shows a code, a terminal verifies it once and is
refused the second time. Give it the file of `ykt serve --demo` and the sandbox's address:

    python first_ecard.py .data/demo.json http://127.0.0.1:8080/sandbox
"""

import base64
import hashlib
import hmac
import json
import secrets
import sys
import time
import urllib.error
import urllib.request

import gmalg

USER_ID = b"1234567812345678"


def sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def hmac_sm3(key: bytes, *lines: str) -> str:
    return hmac.new(key, "\n".join(lines).encode(), "sm3").hexdigest()


def field(raw: bytes) -> str:
    """Bytes as a structured field: base64 between colons."""
    return f":{base64.b64encode(raw).decode()}:"


def sign(secret_key: bytes, base: str) -> bytes:
    """r and s, each of exactly 32 bytes: a library that drops leading zeros is wrong once in 128 signatures."""
    r, s = gmalg.SM2(secret_key, USER_ID).sign(base.encode())
    return r.rjust(32, b"\0") + s.rjust(32, b"\0")


def verify(public_key: bytes, base: str, signature: bytes) -> bool:
    key = gmalg.SM2(uid=USER_ID, pk=public_key)
    return len(signature) == 64 and key.verify(base.encode(), signature[:32], signature[32:])


class Refused(Exception):
    """The platform said no: act on `code`, show `title`."""

    def __init__(self, problem: dict):
        super().__init__(f"{problem['status']} {problem['code']}: {problem.get('title', '')}")
        self.code = problem["code"]


class Unauthentic(Exception):
    """The answer is not the platform's answer to this request: believe nothing of it."""


class Platform:
    """The platform's address and its keys. A real channel compares the fingerprints by voice and pins the keys."""

    def __init__(self, base_url: str):
        self.base_url = base_url.rstrip("/")
        with urllib.request.urlopen(f"{self.base_url}/api/v1/keys", timeout=10) as answer:
            keys = json.load(answer)["data"]
        key_bytes = {key["key_id"]: bytes.fromhex(key["public_key"]) for key in keys}
        self.signing = {key["key_id"]: key_bytes[key["key_id"]] for key in keys if key["usage"] == "sign"}
        self.encryption = next(key_bytes[key["key_id"]] for key in keys if key["usage"] == "encrypt")


class Caller:
    """A channel's or a terminal's server: signs what it sends, checks what it gets."""

    def __init__(self, platform: Platform, key_id: str, secret_key: str):
        self.platform, self.key_id, self.secret_key = platform, key_id, bytes.fromhex(secret_key)

    def post(self, path: str, body: dict) -> dict:
        uri, sent = f"{self.platform.base_url}/api/v1{path}", json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Digest": f"sm3={field(sm3(sent))}", "Content-Type": "application/json"}
        now = int(time.time())
        parameters = (
            '("@method" "@target-uri" "content-digest" "content-type")'
            f';created={now};expires={now + 300};nonce="{secrets.token_hex(16)}";keyid="{self.key_id}";alg="sm2-sm3"'
        )
        base = (
            f'"@method": POST\n"@target-uri": {uri}\n"content-digest": {headers["Content-Digest"]}\n'
            f'"content-type": application/json\n"@signature-params": {parameters}'
        )
        headers["Signature-Input"] = f"sig={parameters}"
        headers["Signature"] = f"sig={field(sign(self.secret_key, base))}"
        request = urllib.request.Request(uri, sent, headers, method="POST")
        try:
            answer = urllib.request.urlopen(request, timeout=10)
        except urllib.error.HTTPError as refusal:  # still an answer, and signed like every other
            answer = refusal
        with answer:
            received = answer.read()
        self.check(uri, headers["Signature"], answer, received)
        if answer.status >= 400:
            raise Refused(json.loads(received))
        return json.loads(received)

    def check(self, uri: str, request_signature: str, answer, received: bytes) -> None:
        """The answer's signature covers ours, so nobody can hand us the answer to another request."""
        digest, given = answer.headers["Content-Digest"], answer.headers["Signature"] or ""
        label, _, parameters = (answer.headers["Signature-Input"] or "").partition("=")
        covered, *rest = parameters.split(";created=")
        expected = '("@status" "content-digest" "@method";req "@target-uri";req "signature";req)'
        if label != "sig" or covered != expected or len(rest) != 1 or digest != f"sm3={field(sm3(received))}":
            raise Unauthentic(f"{answer.status} from {uri} without a signature over what was sent and answered")
        named = dict(part.partition("=")[::2] for part in f"created={rest[0]}".split(";"))
        public_key = self.platform.signing.get(named.get("keyid", "").strip('"'))
        base = (
            f'"@status": {answer.status}\n"content-digest": {digest}\n"@method";req: POST\n"@target-uri";req: {uri}\n'
            f'"signature";req: {request_signature}\n"@signature-params": {parameters}'
        )
        if named.get("alg") != '"sm2-sm3"' or abs(time.time() - int(named["created"])) > 300 or public_key is None:
            raise Unauthentic(f"{answer.status} from {uri} by an unknown key or at another time")
        if not verify(public_key, base, base64.b64decode(given.removeprefix("sig=:").removesuffix(":"))):
            raise Unauthentic(f"{answer.status} from {uri} with a wrong signature")


class Device:
    """The holder's phone: what it keeps, the channel's server must not have."""

    def __init__(self, platform: Platform):
        self.platform = platform
        self.secret_key = (secrets.randbelow(2**255) + 1).to_bytes(32, "big")
        self.public_key = gmalg.SM2().generate_pk(self.secret_key).hex()

    def take_up(self, binding_id: str, session: dict) -> None:
        """Opens the session's secret, which was encrypted to this device."""
        self.binding_id, self.session_id, self.counter = binding_id, session["id"], 0
        self.secret = gmalg.SM2(self.secret_key).decrypt(bytes.fromhex(session["secret_envelope"]))

    def prove(self, operation: str, **values: str) -> dict:
        """The consent to one operation on the binding. `values` come in the order of the guide's table."""
        self.counter += 1
        present = {"target": self.binding_id, **values}
        subject = "".join(f"{name}={len(value.encode())}:{value}\n" for name, value in present.items())
        mac = hmac_sm3(self.secret, operation, str(self.counter), subject)
        return {"holder_session_id": self.session_id, "counter": self.counter, "mac": mac}

    def set_password(self, password: str) -> dict:
        context = f"set_password:{self.binding_id}"
        content = json.dumps({"password": password, "at": int(time.time()), "context": context})
        envelope = gmalg.SM2(pk=self.platform.encryption).encrypt(content.encode()).hex()
        return {"password_envelope": envelope, "proof": self.prove("set_password", password_envelope=envelope)}


def main(scene_path: str, base_url: str) -> None:
    with open(scene_path, encoding="utf-8") as file:
        scene = json.load(file)
    platform = Platform(base_url)
    channel, terminal = (
        Caller(platform, scene[who]["key_id"], scene[who]["secret_key"]) for who in ("channel", "terminal")
    )

    device, seen = Device(platform), {"method": "face", "token": "sim:pass"}
    person = {"name": "李䶮", "id_kind": "resident_id", "id_number": "33010619851212002X"}
    claimed = channel.post("/ecards", {**person, "real_person": seen, "level": 2, "device_key": device.public_key})
    binding = claimed["binding_id"]
    print(f"claimed   e-card {claimed['ecard_no']} at level {claimed['sign_level']}")
    if session := claimed.get("holder_session"):
        device.take_up(binding, session)
        channel.post(f"/ecards/{binding}/password", device.set_password("295617"))
        print("password  set; the channel's server saw only an envelope")
    else:
        again = {"binding_id": binding, "device_key": device.public_key, "factor": {"real_person": seen}}
        device.take_up(binding, channel.post("/holder-sessions", again))
        print("password  was set before; the holder is known again by the real-person check")

    code = channel.post(f"/ecards/{binding}/codes", {"proof": device.prove("create_code")})["code"]
    print(f"shown     {code}")
    scan = {"code": code, "purpose": "identity"}
    verified = terminal.post("/verifications", {**scan, "request_id": "scan-1"})
    print(f"verified  {verified['holder']['name_masked']}, pseudonym {verified['pseudonym']}, evidence {verified['use_id']}")
    try:
        terminal.post("/verifications", {**scan, "request_id": "scan-2"})
    except Refused as refused:
        print(f"again     {refused}")
        if refused.code == "code.replayed":
            return
        raise
    sys.exit("one code was verified twice")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} DEMO.json BASE_URL")
    main(sys.argv[1], sys.argv[2])
