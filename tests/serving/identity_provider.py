"""A provider of OpenID Connect for the tests, in a process of its own on this machine.

It does what the standard asks, PKCE and client authentication included, and signs in whoever the
test names, at once. With `wrong` it does one thing as a broken or hostile provider would.
"""

from __future__ import annotations

import base64
import hashlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "trellis", "a secret: between/the two"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
codes = {}
state = {"wrong": "", "claims": {"sub": "1001", "groups": ["staff"]}}


def id_token(asked):
    now = int(time.time())
    claims = {
        "iss": state["issuer"],
        "aud": CLIENT,
        "iat": now,
        "exp": now + 300,
        "nonce": asked["nonce"],
        **state["claims"],
    }
    header, key = {"alg": "RS256", "kid": "one"}, KEY
    match state["wrong"]:
        case "nonce":
            claims["nonce"] = "another"
        case "expired":
            claims["exp"] = now - 3600
        case "no end":
            del claims["exp"]
        case "future":
            claims["iat"] = now + 3600
        case "audience":
            claims["aud"] = "somebody-else"
        case "audiences":
            claims["aud"] = [CLIENT, "somebody-else"]
        case "issuer":
            claims["iss"] = "https://evil.example"
        case "subject":
            del claims["sub"]
        case "key":
            key = OTHER_KEY
        case "secret as key":
            header, key = {"alg": "HS256"}, OctKey.import_key(SECRET)
        case "unsigned":
            parts = ({"alg": "none"}, claims)
            return ".".join([*map(encoded, parts), ""])
        case "rubbish":
            return "rubbish"
    return jwt.encode(header, claims, key)


def encoded(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


class Provider(BaseHTTPRequestHandler):
    def do_GET(self):
        path, query = urlsplit(self.path).path, one_each(urlsplit(self.path).query)
        if path == "/.well-known/openid-configuration":
            here = state["issuer"]
            named = "https://evil.example" if state["wrong"] == "discovery" else here
            found = {
                "issuer": named,
                "authorization_endpoint": f"{here}/authorize",
                "token_endpoint": f"{here}/token",
                "jwks_uri": f"{here}/keys",
            }
            if state["wrong"] == "plain address":
                found["token_endpoint"] = "http://id.example/token"
            self.answer(found)
        elif path == "/keys":
            self.answer({"keys": [KEY.as_dict(private=False)]})
        elif path == "/authorize":
            self.authorize(query)
        else:
            self.answer({"error": "not_found"}, 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        if self.path == "/set":
            state.update(json.loads(body))
            self.answer({})
        else:
            self.trade(one_each(body))

    def authorize(self, query):
        if state["wrong"] == "refused":
            answer = {"error": "access_denied", "error_description": "<b>no</b>"}
        else:
            code = f"code-{len(codes)}"
            codes[code] = query
            answer = {"code": code}
        answer |= {"state": query["state"]}
        if state["wrong"] == "mixed up":
            answer["iss"] = "https://evil.example"
        self.send_response(302)
        self.send_header("Location", f"{query['redirect_uri']}?{urlencode(answer)}")
        self.end_headers()

    def trade(self, form):
        if state["wrong"] == "broken":
            self.answer({}, 500)
            return
        asked = codes.pop(form["code"], None)
        kind, _, pair = self.headers.get("authorization", "").partition(" ")
        client, _, secret = base64.b64decode(pair).decode().partition(":")
        known = (kind, unquote(client), unquote(secret)) == ("Basic", CLIENT, SECRET)
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if not known:
            self.answer({"error": "invalid_client"}, 401)
        elif (
            asked is None
            or challenge != asked["code_challenge"]
            or form["redirect_uri"] != asked["redirect_uri"]
        ):
            self.answer({"error": "invalid_grant"}, 400)
        else:
            self.answer({"access_token": "a", "token_type": "Bearer", "id_token": id_token(asked)})

    def answer(self, found, status=200):
        body = json.dumps(found).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def one_each(text):
    return {name: values[0] for name, values in parse_qs(text).items()}


if __name__ == "__main__":
    server = HTTPServer(("127.0.0.1", 0), Provider)
    state["issuer"] = f"http://127.0.0.1:{server.server_port}"
    print(state["issuer"], flush=True)
    sys.stdout.close()
    server.serve_forever()
