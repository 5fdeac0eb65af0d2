import numpy as np

from models.baselines.design import Family, Part, designed


def test_the_matrix_holds_every_part_at_its_familys_place():
    rng = np.random.default_rng(2)
    families = {"a": Family(2, 3, 1.0), "b": Family(4, 1, 2.0)}
    parts = {
        "a": Part(rng.integers(0, 5, 7), rng.integers(0, 2, 7), rng.random((7, 3))),
        "b": Part(rng.integers(0, 5, 9), rng.integers(0, 4, 9), rng.random((9, 1))),
    }
    expected = np.zeros((5, 10))
    for offset, name in ((0, "a"), (6, "b")):
        width = families[name].width
        for event, key, values in zip(*parts[name], strict=True):
            first = offset + key * width
            expected[event, first : first + width] += values
    found = designed(families, parts, events=5)
    dense = np.zeros_like(expected)
    for event in range(5):
        for i in range(found.start[event], found.start[event + 1]):
            dense[event, found.feature[i]] += found.value[i]
    np.testing.assert_allclose(dense, expected)
    assert found.penalties().tolist() == [1.0] * 6 + [2.0] * 4
