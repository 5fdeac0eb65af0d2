"""pyBKT's default column names."""

from data.events import in_order, read_events


def test_pybkt_names_are_read_in_the_order_of_order_id(write):
    path = write(
        "order_id,user_id,skill_name,correct,template_id",
        "10,ana,Volume (3D),1,t1",
        "9,ana,Volume (3D),0,t2",
    )
    events = read_events(path)
    assert events.quality.format == "pybkt"
    assert in_order(events.frame)["item"].tolist() == ["t2", "t1"]
    assert "event" not in events.frame


def test_rows_repeated_per_skill_are_joined_where_the_problem_is_known(write):
    header = "user_id,skill_name,correct,order_id,problem_id"
    rows = ("ana,B,1,5,p", "ana,A,1,5,p", "ben,A,0,5,p")
    events = read_events(write(header, *rows))
    assert events.frame["skill"].tolist() == ["A~~B", "A"]


def test_equal_order_ids_without_a_problem_stay_apart(write):
    path = write("user_id,skill_name,correct,order_id", "ana,A,1,5", "ana,B,0,5")
    assert len(read_events(path).frame) == 2
