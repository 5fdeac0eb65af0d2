import pytest

from engine.bundle import BUNDLE_FILE
from engine.errors import InvalidInput, NotFound
from models import BKT
from models.bundles import read_bundle, write_bundle


@pytest.fixture(scope="module")
def bundle(events):
    return BKT().fit(events).bundle


def test_what_is_written_is_what_is_read(bundle, tmp_path):
    write_bundle(tmp_path / "deep" / "folder", bundle)
    assert read_bundle(tmp_path / "deep" / "folder").version == bundle.version


def test_nothing_but_the_bundle_is_left_in_the_folder(bundle, tmp_path):
    write_bundle(tmp_path, bundle)
    write_bundle(tmp_path, bundle)
    assert [path.name for path in tmp_path.iterdir()] == [BUNDLE_FILE]


def test_a_file_in_the_way_is_named(bundle, tmp_path):
    (tmp_path / "taken").write_text("mine")
    with pytest.raises(InvalidInput, match="taken"):
        write_bundle(tmp_path / "taken", bundle)
    assert (tmp_path / "taken").read_text() == "mine"


def test_a_missing_bundle_is_not_found(tmp_path):
    with pytest.raises(NotFound):
        read_bundle(tmp_path)
    (tmp_path / BUNDLE_FILE).mkdir()
    with pytest.raises(NotFound):
        read_bundle(tmp_path)


@pytest.mark.parametrize("damage", [b"", b"[]", b"{", b"\xff", b'{"format": 1}'])
def test_a_damaged_bundle_is_refused(damage, tmp_path):
    (tmp_path / BUNDLE_FILE).write_bytes(damage)
    with pytest.raises(InvalidInput):
        read_bundle(tmp_path)


def test_an_edited_bundle_is_refused(bundle, tmp_path):
    path = write_bundle(tmp_path, bundle) / BUNDLE_FILE
    path.write_text(path.read_text().replace('"responses": 3600', '"responses": 3601', 1))
    with pytest.raises(InvalidInput, match="damaged or edited"):
        read_bundle(tmp_path)
