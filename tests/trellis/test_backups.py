"""`trellis backup`, `restore` and `verify`: out, back, and found whole."""

import sqlite3


def test_a_school_goes_out_and_comes_back_whole(trellis, events, tmp_path):
    assert trellis("import", "events", events).status == 0
    made = trellis("backup", "school.backup", "--json")
    assert (made.status, made.json["events"]) == (0, 300)
    back = trellis("restore", "school.backup", "--database", "sqlite:///new.db", "--json")
    assert (back.status, back.json["events"]) == (0, 300)
    found = trellis("verify", "--database", "sqlite:///new.db", "--json")
    assert (found.status, found.json["whole"]) == (0, True)


def test_a_backup_is_never_written_over(trellis, events):
    trellis("import", "events", events)
    assert trellis("backup", "b").status == 0
    again = trellis("backup", "b")
    assert again.status == 2
    assert "exists" in again.err


def test_no_file_is_brought_back_from_nothing(trellis):
    ran = trellis("restore", "nowhere.backup")
    assert ran.status == 2
    assert "nowhere.backup" in ran.err


def test_beliefs_are_replayed_where_there_is_a_model(trellis, events, bundle):
    trellis("import", "events", events)
    found = trellis("verify", "--model-dir", bundle, "--students", "5", "--json")
    replayed = found.json["checks"][-1]
    assert (found.status, replayed["looked_at"], replayed["wrong"]) == (0, 5, 0)


def test_damage_is_named_and_the_command_fails(trellis, events, tmp_path):
    trellis("import", "events", events)
    with sqlite3.connect(tmp_path / "trellis.db") as database:
        database.execute("UPDATE events SET correct = -1 WHERE sequence = 7")
    database.close()
    ran = trellis("verify")
    assert ran.status == 1
    assert "correct is -1" in ran.err


def test_a_number_of_students_below_zero_is_refused(trellis, events):
    trellis("import", "events", events)
    assert trellis("verify", "--students", "-1").status == 2
