from engine.errors import SHOWN_VALUE_LENGTH, Conflict, Fault, InvalidInput, NotFound, TrellisError


def test_every_fault_has_its_line():
    faults = [Fault("row 1, correct", "2", "0 to 1"), Fault("row 2, skill", "", "a skill")]
    assert str(InvalidInput(faults)).splitlines() == [str(fault) for fault in faults]


def test_a_long_value_is_shown_in_part():
    shown = str(Fault("field", "x" * 1000, "less"))
    assert len(shown) < SHOWN_VALUE_LENGTH + 50
    assert "…" in shown


def test_what_is_not_found_is_named():
    assert "'c7'" in str(NotFound("class", "c7"))


def test_one_base_catches_them_all():
    for error in (InvalidInput([]), NotFound("a", "b"), Conflict("c")):
        assert isinstance(error, TrellisError)
