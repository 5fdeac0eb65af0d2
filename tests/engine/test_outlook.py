"""Looking ahead agrees with what the beliefs become once the answers are there."""

import pytest

from engine.beliefs import student_beliefs
from engine.outlook import answers_until, expected_gain, information, would_change
from engine.tasks import Task


@pytest.fixture
def parameters(bundle):
    return bundle.estimate("fraction")[0].parameters


def test_the_expected_gain_is_the_learning_of_what_is_not_yet_mastered(situation):
    assert expected_gain(situation({}), "fraction") == pytest.approx(0.7 * 0.15)
    known = situation({"fraction": "1" * 200})
    assert 0.0 <= expected_gain(known, "fraction") < 0.01


def test_an_answer_tells_most_about_what_is_in_doubt(situation):
    doubtful, sure = situation({}), situation({"fraction": "11111"})
    told = [information(now, "fraction", now.mastery("fraction")) for now in (doubtful, sure)]
    assert told[0] > told[1] >= 0.0


@pytest.mark.parametrize("given", ["", "0", "01", "000", "1"])
@pytest.mark.parametrize("bar", [0.80, 0.90, 0.95])
def test_right_answers_reach_the_bar_when_it_says_and_not_before(believed, parameters, given, bar):
    count = answers_until(
        believed({"fraction": given})["fraction"], parameters, bar=bar, correct=True
    )
    after = believed({"fraction": given + "1" * count})["fraction"]
    before = believed({"fraction": given + "1" * (count - 1)})["fraction"]
    assert before.p_mastery < bar <= after.p_mastery


def test_wrong_answers_fall_below_the_bar_when_it_says(believed, parameters):
    belief = believed({"fraction": "11111"})["fraction"]
    count = answers_until(belief, parameters, bar=0.80, correct=False)
    after = believed({"fraction": "11111" + "0" * count})["fraction"].p_mastery
    before = believed({"fraction": "11111" + "0" * (count - 1)})["fraction"].p_mastery
    assert after < 0.80 <= before


def test_certainty_itself_can_still_be_moved(believed, parameters):
    belief = believed({"fraction": "1" * 300})["fraction"]
    assert answers_until(belief, parameters, bar=0.80, correct=False) is not None


def test_a_bar_out_of_reach_is_said_to_be_so(believed, parameters):
    belief = believed({})["fraction"]
    guessed = parameters._replace(guess=0.9, slip=0.1, learn=0.0)
    assert answers_until(belief, guessed, bar=0.95, correct=True) is None


def test_secure_takes_three_answers_however_right(situation, bundle, answered, course):
    now = situation({})
    told = would_change(now, Task("slope", "learn"), ["ratio"])
    assert told.startswith("3 more right answers in a row on “slope”")
    after = student_beliefs(answered({"slope": "111"}), bundle, course.skills)
    assert after["slope"].state == "secure"


@pytest.mark.parametrize(
    ("answers", "purpose", "others", "words"),
    [
        ({}, "learn", [], "would open “ratio”"),
        ({"fraction": "1111", "percent": "1"}, "learn", ["ratio"], "move on to “ratio”"),
        ({"fraction": "1111000"}, "review", [], "make it secure"),
        ({}, "diagnose", [], "3 more answers on"),
        ({"fraction": "111"}, "assess", [], "below 85%"),
    ],
)
def test_what_would_change_depends_on_the_purpose(situation, answers, purpose, others, words):
    skill = "percent" if "percent" in answers else "fraction"
    assert words in would_change(situation(answers), Task(skill, purpose), others)


def test_the_last_skill_completes_everything(situation):
    now = situation({"fraction": "1"}, objective="basics")
    assert "complete everything" in would_change(now, Task("fraction", "learn"), [])


def test_as_many_right_answers_as_a_review_asks_for_make_the_skill_secure_again(
    situation, answered, bundle, course
):
    given = {"fraction": "1111000"}
    told = would_change(situation(given), Task("fraction", "review"), [])
    more = int(told.split()[0]) if told[0].isdigit() else 1

    def state(extra):
        now = student_beliefs(
            answered({"fraction": given["fraction"] + extra}), bundle, course.skills
        )
        return now["fraction"].state

    assert state("1" * more) == "secure"
    assert state("1" * (more - 1)) == "review_due"
