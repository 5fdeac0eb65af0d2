"""Signing in through a provider: OpenID Connect Core 1.0, the authorization code flow with PKCE.

Everything that a sign-in has to remember is worked out from one random secret in the browser's own
cookie: the `state` that ties the provider's answer to this browser, the `nonce` that ties the ID
token to this sign-in, and the verifier of PKCE (RFC 7636). So nothing is kept on the server, and an
answer that was stolen is of no use in another browser.

The provider's documents are read anew for each sign-in: a key that it changed is known at once.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any, TypeGuard
from urllib.error import HTTPError
from urllib.parse import quote, urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

from data.store import Principal, Role
from engine.errors import Unavailable

from .auth import Forbidden, Unauthenticated
from .providers import Provider, is_safe_address

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""Signatures by a key pair alone: neither `none` nor one with a secret that both sides know."""
LEEWAY = 60  # seconds that the provider's clock may be off
PATIENCE = 10  # seconds to wait for the provider
LARGEST = 1024 * 1024  # bytes of any of its answers
LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that was begun in a browser, by the secret in its cookie."""

    secret: str

    @classmethod
    def anew(cls) -> Begun:
        """A new sign-in."""
        return cls(secrets.token_urlsafe(32))

    @property
    def state(self) -> str:
        """What the provider gives back unchanged."""
        return self._derived("state")

    @property
    def nonce(self) -> str:
        """What the ID token must hold."""
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """What only this browser's server can show when it trades in the code."""
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        """The verifier's digest, which may travel (RFC 7636, section 4.2).

        >>> len(Begun("secret").challenge)
        43
        """
        return _text(hashlib.sha256(self.verifier.encode()).digest())

    def _derived(self, purpose: str) -> str:
        key = self.secret.encode("utf-8", "surrogatepass")
        return _text(hmac.new(key, purpose.encode(), hashlib.sha256).digest())


def address_to_sign_in(provider: Provider, begun: Begun) -> str:
    """Where the browser is sent to. Raises `Unavailable` while the provider cannot be reached."""
    found = _discovered(provider)
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": provider.redirect_uri,
        "scope": "openid profile email",
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": begun.challenge,
        "code_challenge_method": "S256",
    }
    address = str(found["authorization_endpoint"])
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def person_signed_in(
    provider: Provider, begun: Begun, answer: Mapping[str, str], now: datetime
) -> tuple[str, Principal]:
    """The provider's subject, and who they are here, from its answer to the browser.

    Raises `Unauthenticated` saying what is wrong with the answer or with its token, `Forbidden`
    for somebody whom no rule gives a role, `Unavailable` for a provider that cannot be reached.
    """
    if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
        raise Unauthenticated("this answer is not to a sign-in begun in this browser: begin again")
    if answer.get("iss", provider.issuer) != provider.issuer:  # RFC 9207
        raise Unauthenticated("this answer is of another provider: begin again")
    if "error" in answer or not answer.get("code"):
        said = answer.get("error_description") or answer.get("error") or "no code"
        raise Unauthenticated(f"the provider signed nobody in: {said[:200]}")
    found = _discovered(provider)
    token = _traded(provider, found, begun, answer["code"])
    claims = checked_claims(provider, _keys(found), token, nonce=begun.nonce, now=now)
    return claims["sub"], person_of(provider, claims)


def checked_claims(
    provider: Provider, keys: Mapping[str, Any], token: str, *, nonce: str, now: datetime
) -> dict[str, Any]:
    """What the ID token says, once everything about it is right (OpenID Connect Core, 3.1.3.7)."""
    from joserfc import jwk, jws  # cryptography: only where somebody signs in this way
    from joserfc.errors import JoseError

    try:
        known: Any = dict(keys)
        trusted = jwk.KeySet.import_key_set(known)
        found = jws.deserialize_compact(token, trusted, algorithms=ALGORITHMS)
        claims: dict[str, Any] = json.loads(found.payload or b"")
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Unauthenticated(f"the ID token is not signed as it should be: {error}") from None
    fault = _claim_fault(provider, claims, nonce, now.timestamp())
    if fault:
        raise Unauthenticated(f"the ID token is not for this sign-in: {fault}")
    return claims


def _claim_fault(
    provider: Provider, claims: Mapping[str, Any], nonce: str, now: float
) -> str | None:
    """What is wrong with an ID token's claims, if anything is."""
    audience = claims.get("aud")
    readers = audience if isinstance(audience, list) else [audience]
    expires, issued = claims.get("exp"), claims.get("iat")
    subject = claims.get("sub")
    if claims.get("iss") != provider.issuer:
        return f"issued by {claims.get('iss')!r}, expected {provider.issuer!r}"
    if provider.client_id not in readers:
        return f"meant for {audience!r}, expected {provider.client_id!r}"
    if claims.get("azp", provider.client_id) != provider.client_id:
        return f"given to {claims['azp']!r}, expected {provider.client_id!r}"
    if len(readers) > 1 and "azp" not in claims:
        return "meant for several, and it does not say which of them it was given to"
    if not _is_number(expires) or expires <= now - LEEWAY:
        return "it has expired, or does not say when it does"
    if not _is_number(issued) or issued > now + LEEWAY:
        return "it was issued in the future, or does not say when"
    if not hmac.compare_digest(str(claims.get("nonce")).encode(), nonce.encode()):
        return "its nonce is another"
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
        return "it names no subject"
    return None


def person_of(provider: Provider, claims: Mapping[str, Any]) -> Principal:
    """Who the provider's person is here, by the explicit rules alone.

    >>> rules = (("groups", "staff", "teacher"),)
    >>> there = ("https://id.example", "client", "secret", "https://trellis.example")
    >>> provider = Provider(*there, "north", "sub", rules)
    >>> person_of(provider, {"sub": "7", "groups": ["staff"]}).user
    '7'
    """
    user = claims.get(provider.user_claim)
    if not isinstance(user, str) or not user:
        raise Forbidden(f"the provider does not say who you are here: no {provider.user_claim!r}")
    for claim, value, role in provider.roles:
        given = claims.get(claim)
        if value in (given if isinstance(given, list) else [given]):
            return Principal(provider.tenant, Role(role), None, user)
    raise Forbidden("you are known to the provider, but no rule gives you a role here")


def _discovered(provider: Provider) -> dict[str, Any]:
    """The provider's description of itself (OpenID Connect Discovery 1.0, section 4)."""
    found = _fetched(Request(f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration"))
    if found.get("issuer") != provider.issuer:
        raise Unavailable(f"the provider calls itself {found.get('issuer')!r}")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not is_safe_address(str(found.get(name))):
            raise Unavailable(f"the provider's {name} is no address that can be trusted")
    return found


def _traded(provider: Provider, found: Mapping[str, Any], begun: Begun, code: str) -> str:
    """The ID token for a code (RFC 6749, section 4.1.3)."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": provider.redirect_uri,
        "client_id": provider.client_id,
        "code_verifier": begun.verifier,
    }
    pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
    headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    reply = _fetched(Request(found["token_endpoint"], urlencode(form).encode(), headers))
    token = reply.get("id_token")
    if not isinstance(token, str):
        raise Unauthenticated(f"the provider gave no ID token: {str(reply.get('error'))[:200]}")
    return token


def _keys(found: Mapping[str, Any]) -> dict[str, Any]:
    return _fetched(Request(found["jwks_uri"]))


class _NoRedirects(HTTPRedirectHandler):
    """A provider that sends our secret elsewhere is not followed."""

    def redirect_request(self, *_arguments: Any, **_more: Any) -> None:
        return None


def _fetched(request: Request) -> dict[str, Any]:
    """The JSON object that the provider answers, also with an error of its own."""
    request.add_header("Accept", "application/json")
    try:
        with build_opener(_NoRedirects).open(request, timeout=PATIENCE) as reply:
            found = json.loads(reply.read(LARGEST))
    except HTTPError as error:
        found = _said(error.read(LARGEST)) if error.code < 500 else None
    except (OSError, ValueError, HTTPException) as error:
        raise Unavailable(f"the sign-in provider cannot be reached: {error}") from None
    if not isinstance(found, dict):
        raise Unavailable("the sign-in provider does not answer as one")
    return found


def _said(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
