"""The district to measure on is one that the store could have been told."""

from data.store import Store
from data.store.verification import verify_store
from training.benchmarks.serving.school import CLASS, NOW, OBJECTIVE, TENANT, Size, answers, build

SIZE = Size(40, 10, skills=20, activities=30)


def test_every_answer_counts_and_nothing_is_wrong_with_any(tmp_path):
    url = f"sqlite:///{tmp_path}/d.db"
    key = build(url, SIZE)
    with Store.open(url) as store:
        found = store.responses(TENANT, [f"s{n:06d}" for n in range(SIZE.students)])
        assert sum(map(len, found.values())) == SIZE.events == store.count_events(TENANT)
        assert store.principal(key, NOW).tenant == TENANT
        assert len(store.get(TENANT, "classes", "c0")["students"]) == CLASS
        assert OBJECTIVE in store.curriculum(TENANT).objectives
        assert max(one.occurred_at for one in found["s000000"]) < NOW
    assert not [check for check in verify_store(url) if check.wrong]


def test_the_same_size_is_the_same_district():
    assert list(answers(SIZE)) == list(answers(SIZE))
    assert len({row.id for row in answers(SIZE)}) == SIZE.events
