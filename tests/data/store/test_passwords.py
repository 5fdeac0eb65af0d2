import pytest

from data.store.passwords import is_outdated, kept, matches
from engine.errors import InvalidInput

PASSWORD = "correct horse battery"


def test_two_who_chose_alike_are_kept_apart():
    assert kept(PASSWORD) != kept(PASSWORD)


def test_it_is_argon2id_with_at_least_what_owasp_asks():
    form = kept(PASSWORD)
    assert form.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert not is_outdated(form)
    assert is_outdated(form.replace("t=2", "t=1"))


@pytest.mark.parametrize("form", [None, "", "plain text", "$argon2id$v=19$broken"])
def test_nothing_matches_where_nothing_good_is_kept(form):
    assert not matches(PASSWORD, form)


def test_any_unicode_is_a_password():
    assert matches("pässwörter-größer-你好", kept("pässwörter-größer-你好"))


def test_a_password_that_nobody_could_type_again_is_refused():
    with pytest.raises(InvalidInput):
        kept("x" * 257)
