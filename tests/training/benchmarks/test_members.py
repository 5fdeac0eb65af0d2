"""All members on one course: the list is whole, and a fall would be seen."""

from dataclasses import replace

from training.benchmarks.members import MemberFit, all_members, falls

HIGH = MemberFit("classic", True, -10.0, 0.0, (), 0.1)


def test_no_member_is_listed_twice_and_none_is_missing():
    members = [frozenset(member) for member in all_members()]
    assert len(set(members)) == len(members) == 2**4 * 3


def test_a_richer_member_that_is_less_likely_is_named():
    found = {(member, True): HIGH for member in all_members()}
    assert falls(found) == []
    found[("items", "gaps"), True] = replace(HIGH, model="items+gaps", log_likelihood=-11.0)
    assert falls(found) == ["items+gaps below classic", "items+gaps below classic"]
