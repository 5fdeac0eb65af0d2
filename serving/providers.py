"""Who signs people in beside us, and by which rule they become somebody here."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from .roles import MATRIX

CALLBACK = "/sign-in/provider/callback"


@dataclass(frozen=True, slots=True)
class Provider:
    """Who vouches for people, and by which rule they become somebody here.

    `roles` are pairs of a claim's value and the role it gives: the first that the ID token has
    counts, and without one nobody gets in.
    """

    issuer: str
    client_id: str
    client_secret: str
    public_url: str
    tenant: str
    user_claim: str
    roles: tuple[tuple[str, str, str], ...]

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends people back to."""
        return self.public_url.rstrip("/") + CALLBACK


def read_rules(text: str) -> list[tuple[str, str, str]]:
    """Which claim's value gives which role; empty where anything in the text is no such rule.

    >>> read_rules("groups=staff:teacher, groups=it:admin")[1][1:]
    ('it', 'admin')
    >>> read_rules("groups=staff:janitor")
    []
    """
    found = []
    for rule in text.split(","):
        pair, _, role = rule.strip().rpartition(":")
        claim, _, value = pair.partition("=")
        if not claim or not value or role not in MATRIX:
            return []
        found.append((claim, value, role))
    return found


def is_safe_address(text: str) -> bool:
    """Whether nobody on the way can read or change what is said there: HTTPS, or this machine.

    >>> is_safe_address("https://id.example/x"), is_safe_address("http://127.0.0.1:9/x")
    (True, True)
    >>> is_safe_address("http://id.example/x"), is_safe_address("file:///etc/passwd")
    (False, False)
    """
    parts = urlsplit(text)
    here = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    return bool(parts.hostname) and (parts.scheme == "https" or here)
