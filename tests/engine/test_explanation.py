"""Every reason has its sentence in every language offered."""

from string import Formatter

import pytest

from engine.explanation import ENGLISH, SENTENCES, Code, Count, Share, note, term


@pytest.mark.parametrize("language", SENTENCES)
def test_every_code_has_a_sentence_in_every_language(language):
    assert set(SENTENCES[language]) == set(Code)
    assert all(sentence.strip() for sentence in SENTENCES[language].values())


@pytest.mark.parametrize("language", SENTENCES)
def test_a_language_uses_the_facts_that_english_uses(language):
    for code, sentence in SENTENCES[language].items():
        assert _facts(sentence) == _facts(ENGLISH[code])


def test_a_term_weighs_the_log_of_its_factor():
    assert term(Code.JUST_DONE, 1.0, {}).weight == 0.0
    assert term(Code.JUST_DONE, 0.5, {}).weight == pytest.approx(-0.6931, abs=1e-4)


def test_a_note_weighs_nothing_unless_told():
    assert note(Code.EXPLORED, {}).weight == 0.0


def test_a_share_below_a_bar_never_reads_as_if_it_had_reached_it():
    assert f"{Share(0.9499999)}" == "94%"
    assert f"{Share(0.95)}" == "95%"
    assert f"{Share(0.9999)}" == "99%"


def test_a_share_never_reads_as_certain():
    assert [f"{Share(p)}" for p in (0.0, 0.004, 1.0)] == ["<1%", "<1%", "99%"]


def test_a_name_with_braces_is_only_a_name():
    facts = {"skill": "{0.__class__}", "bar": Share(0.8), "count": Count(2)}
    assert "{0.__class__}" in note(Code.WOULD_FALL_BACK, facts).text


def _facts(sentence):
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
