from datetime import UTC, datetime

from engine.responses import Response, combined


def test_skills_are_combined_alike_in_whatever_order_and_number():
    assert combined(("b", "a", "b")) == combined(("a", "b")) == "a~~b"
    assert combined(("C++",)) == "C++"


def test_a_response_is_traced_under_all_its_skills_together():
    at = datetime(2026, 9, 1, tzinfo=UTC)
    assert Response("e", "ana", ("b", "a"), 1.0, at).skill == "a~~b"
