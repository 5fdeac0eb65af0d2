from data.store.catalogue import Catalogue

NOTHING = Catalogue.of(0, [])


def skill(*prerequisites):
    return {"name": "", "prerequisites": list(prerequisites)}


def test_changed_step_by_step_it_equals_one_read_anew():
    stepwise = (
        NOTHING.with_facts({"skills": {"b": skill(), "c": skill()}})
        .with_facts({"skills": {"a": skill(), "b": skill("a")}})
        .without("skills", "c")
    )
    anew = Catalogue.of(3, [("skills", "b", skill("a")), ("skills", "a", skill())])
    assert stepwise == anew
    assert list(stepwise.curriculum.skills) == list(anew.curriculum.skills) == ["a", "b"]


def test_everything_that_points_at_a_thing_is_named():
    catalogue = NOTHING.with_facts(
        {
            "skills": {"a": skill(), "b": skill("a")},
            "objectives": {"o": {"name": "", "skills": ["a"]}},
            "items": {"i": {"name": "", "skills": ["a"]}},
        }
    )
    assert list(catalogue.mentions("skills", "a")) == ["skill b", "objective o", "item i"]
    assert list(catalogue.mentions("items", "i")) == []
