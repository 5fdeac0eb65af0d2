"""The page of a contest: every row in its world's table, and a picture that is whole."""

from xml.etree import ElementTree

from training.simulation.page import write_page


def row(world, policy, closed):
    return {
        "world": world,
        "policy": policy,
        "students": 20,
        "held": 12.5,
        "held_se": None,
        "over_practice": 40.0,
        "false_mastery": 0.03,
        "lowest_quarter": 1.0,
        "highest_quarter": 0.5,
        "regret_closed": closed,
    }


def test_the_page_has_a_table_for_each_world_and_its_picture_beside_it(tmp_path):
    rows = [row("matched", "auto", 0.4), row("cont", "auto", None), row("cont", "a<b", -0.2)]
    write_page(tmp_path / "found.md", rows, courses=2, seed=7000)
    page = (tmp_path / "found.md").read_text()
    assert page.count("\n## ") == 2
    assert "| auto | 12.50 | – | 40.00 |" in page
    assert "seeds 7000 to 7001" in page
    assert "(found.svg)" in page
    picture = ElementTree.fromstring((tmp_path / "found.svg").read_text())
    bars = [one for one in picture.iter() if one.tag.endswith("rect")]
    assert len(bars) == 3
    assert all(float(bar.attrib["width"]) >= 0 for bar in bars)


def test_the_summary_sets_the_rule_beside_its_rivals_and_says_what_it_closes_of_alosis_regret(
    tmp_path,
):
    held = {"auto": 16.0, "alosi": 12.0, "zpdes": 13.0, "bkt": 14.0, "oracle": 20.0}
    rows = [row("cont", name, (h - 14) / 6) | {"held": h} for name, h in held.items()]
    write_page(tmp_path / "found.md", rows, courses=2, seed=7000)
    lines = (tmp_path / "found.md").read_text().splitlines()
    assert "| `cont` | 0.33 | – | – | -0.17 | 0.50 | 1.00 / 0.50 |" in lines
    assert (tmp_path / "found.svg").read_text().count("<rect") == 3  # the references are left out
