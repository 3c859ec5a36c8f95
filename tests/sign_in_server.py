"""A real OpenID Connect provider in a thread, small enough to read: codes, tokens, keys, userinfo."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "opinovi", "only for tests"


@dataclass
class SignInServer:
    """What the provider says of the person who signs in there."""

    url: str
    claims: dict = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def discovery(self) -> dict:
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "userinfo_endpoint": f"{self.url}/userinfo",
            "jwks_uri": f"{self.url}/keys",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }

    def keys(self) -> dict:
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": "test", "use": "sig", "alg": "RS256"}]}

    def authorize(self, asked: dict[str, str]) -> str:
        """The person agrees: a code, and where the browser goes with it."""
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, given: dict[str, str]) -> dict | None:
        """Tokens for a code; nothing for a used one, a wrong secret or a wrong proof (RFC 7636)."""
        asked = self.codes.pop(given.get("code", ""), None)
        digest = hashlib.sha256(given.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        if asked is None or proof != asked["code_challenge"] or given.get("client_secret") != SECRET:
            return None
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, **self.claims}
        token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "test"})
        return {"access_token": "let me in", "token_type": "Bearer", "expires_in": 300, "id_token": token}


@contextmanager
def sign_in_server() -> Iterator[SignInServer]:
    """Run the provider until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            address = urlsplit(self.path)
            asked = {name: values[0] for name, values in parse_qs(address.query).items()}
            if address.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", server.authorize(asked))
                self.end_headers()
            elif address.path == "/userinfo" and self.headers["Authorization"] == "Bearer let me in":
                self.answer(server.claims)
            else:
                pages = {"/.well-known/openid-configuration": server.discovery, "/keys": server.keys}
                page = pages.get(address.path)
                self.answer(page() if page else None)

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.answer(server.token({name: values[0] for name, values in parse_qs(body).items()}))

        def answer(self, content):
            self.send_response(200 if content is not None else 400)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content or {"error": "invalid_request"}).encode())

        def log_message(self, *args):
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as door:
        server = SignInServer(f"http://127.0.0.1:{door.server_port}")
        thread = Thread(target=door.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield server
        finally:
            door.shutdown()
            thread.join()
