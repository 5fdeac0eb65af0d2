"""The matrix of roles and actions."""

from __future__ import annotations

from data.store import Role
from serving.permissions import MATRIX, Action, allowed


def test_every_role_has_a_line():
    assert set(MATRIX) == {role.value for role in Role}


def test_every_action_is_open_to_somebody():
    assert all(any(allowed(role, action) for role in MATRIX) for action in Action)


def test_only_platform_and_admin_write_facts():
    writing = {Action.WRITE_CURRICULUM, Action.WRITE_ROSTER, Action.SEND_EVENTS}
    writers = {role for role, actions in MATRIX.items() if actions & writing}
    assert writers == {"platform", "admin"}


def test_an_unlisted_role_may_do_nothing():
    assert not any(allowed("janitor", action) for action in Action)
