"""Who may call: API keys, accounts, sign-in links and the sessions they open.

A random secret is shown once and kept only as its SHA-256; a password, which people choose, as
argon2id.
"""

from __future__ import annotations

from .accounts import Accounts
from .keys import Keys
from .sessions import Sessions


class Credentials(Keys, Accounts, Sessions):
    """Everything by which somebody proves who they are."""
