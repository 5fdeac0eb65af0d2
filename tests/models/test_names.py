import pytest

from engine.errors import InvalidInput
from models import BKT
from models.names import BKT_MODELS, MODELS, from_bundle, make, make_bkt


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_made_by_its_name_and_predicts(name, events):
    model = make(name, seed=1)
    assert model.name == name
    events = events.assign(activity=events["item"])
    predicted = model.fit(events).predict(events)
    assert len(predicted) == len(events)
    assert ((predicted > 0) & (predicted < 1)).all()


@pytest.mark.parametrize("name", BKT_MODELS)
def test_a_member_of_the_family_comes_back_from_its_bundle(name, events):
    model = make_bkt(name).fit(events.assign(activity=events["item"]))
    assert from_bundle(model.bundle).name == name
    assert isinstance(model, BKT)


def test_unknown_names_are_refused_with_those_there_are():
    with pytest.raises(InvalidInput, match="classic"):
        make("oracle")
    with pytest.raises(InvalidInput, match=r"mean.*one of classic"):
        make_bkt("mean")
    with pytest.raises(InvalidInput, match="items\\+items"):
        make("items+items")


def test_any_options_may_be_joined_and_come_in_any_order():
    model = make("gaps+resources+priors")
    assert (model.gaps, model.resources, model.priors, model.items) == (True, True, True, False)
    assert model.name == "resources+priors+gaps"
