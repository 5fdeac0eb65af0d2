"""Who may call: API keys, accounts, sign-in links and the sessions they open.

A random secret is shown once and kept only as its SHA-256; a password, which people choose, as
argon2id.
"""

from __future__ import annotations

from .audit import Audit
from .keys import Keys
from .resets import Resets
from .sessions import Sessions
from .tries import Tries


class Credentials(Keys, Resets, Sessions, Tries, Audit):
    """Everything by which somebody proves who they are, and the log of who did what."""
