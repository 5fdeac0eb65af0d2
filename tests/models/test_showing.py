"""Parameters as tables for people: nothing of the bundle is lost on the way."""

from models import BKT
from models.showing import ROW_COLUMNS


def test_every_row_of_every_item_is_shown_with_its_value(events):
    model = BKT(items=True).fit(events)
    assert model.rows.columns.tolist() == ROW_COLUMNS
    assert len(model.rows) == 2 * 6 * 2  # skills, items, guess and slip
    for row in model.rows.itertuples():
        own = model.bundle.skills[row.skill].items[row.key]
        assert row.value == getattr(own, row.parameter)


def test_a_model_of_skills_alone_has_no_rows(events):
    assert BKT().fit(events).rows.empty


def test_flags_are_shown_in_words(events):
    poor = events.head(1).assign(skill="poor")
    shown = BKT(map=False).fit(poor).params.loc["poor", "flags"]
    assert shown.startswith("undetermined: prior")
