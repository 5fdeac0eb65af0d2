"""The pages in a real browser: a teacher's way through them, without script and by keyboard."""

from __future__ import annotations

import re
import shutil
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import uvicorn

from data.loading import new_events
from data.mathematics import middle_school_mathematics
from data.school import school_facts, simulate_school
from data.store import NewEvent
from engine.bundle import BUNDLE_FILE, Bundle, encode
from engine.parameters import SkillEstimate, SkillParameters
from serving.app import create_app
from serving.settings import Settings

playwright = pytest.importorskip("playwright.sync_api", reason="needs `pip install -e .[dev]`")

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CLASS = "/classes/7a?objective=integers-and-fractions"
STUDENT = "/classes/7a/students/s001?objective=integers-and-fractions&skill=integer-addition"
OVERRIDE = "/classes/7a/students/s001/override"
ROOMS = tuple(CLASS.replace("?", f"/{room}?") for room in ("groups", "plan", "approach"))
REPORTS = ("/students/s001/report", "/classes/7a/report")
PAGES = (
    "/",
    "/password",
    CLASS,
    STUDENT,
    OVERRIDE,
    *ROOMS,
    *REPORTS,
    "/sign-in",
    "/docs",
    "/classes/none",
)
EVIL = "<script>document.title = 'owned'</script>"
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def browser():
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("no browser: install Debian's `chromium` to run the browser tests")
    with playwright.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield found
        found.close()


def model(curriculum) -> Bundle:
    """The same middling parameters for every skill."""
    parameters = SkillParameters(0.3, 0.15, 0.0, 0.2, 0.1)
    one = SkillEstimate(parameters, SkillParameters(*[0.05] * 5), np.diag([0.1, 0.1, 0, 0.1, 0.1]))
    return Bundle("classic", dict.fromkeys(curriculum.skills, one), one)


def fill(store, school, now) -> None:
    """A class of nine, one with a hostile name, one who came today and has answered once."""
    facts = school_facts(school)
    facts["students"][1]["name"] = EVIL
    facts["students"][1]["family"] = ["home"]
    facts["students"].append({"id": "new", "name": "Noor A."})
    facts["classes"][0]["students"].append("new")
    store.put_curriculum("demo", school.curriculum, now=now)
    store.put_roster("demo", facts["students"], facts["classes"], now=now)
    store.append_many("demo", new_events(school.events), now)
    once = NewEvent("first", "new", correct=1.0, occurred_at=now, skills=("fraction-addition",))
    store.append("demo", [once], now)


@dataclass
class Site:
    """A running server, and a link that signs in."""

    address: str
    link: str
    student_link: str = ""
    family_link: str = ""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    school = simulate_school(
        middle_school_mathematics(), seed=3, classes=1, students_per_class=8, weeks=3
    )
    (folder / BUNDLE_FILE).write_bytes(encode(model(school.curriculum)))
    app = create_app(Settings(database_url=f"sqlite:///{folder}/school.db", model_dir=folder))
    store, now = app.state.context.store, datetime.now(UTC)
    fill(store, school, now)
    token = store.create_sign_in("demo", "admin", now)
    server = uvicorn.Server(uvicorn.Config(app, port=0, ws="none", log_level="error"))
    running = threading.Thread(target=server.run)
    running.start()
    while not server.started:
        running.join(0.05)
        assert running.is_alive()
    address = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    own = store.create_sign_in("demo", "student", now, user="s002")
    home = store.create_sign_in("demo", "family", now, user="home")
    signing_in = f"{address}/sign-in?token="
    yield Site(address, signing_in + token, signing_in + own, signing_in + home)
    server.should_exit = True
    running.join()


@pytest.fixture
def visit(browser, site):
    """Opens a page in a fresh browser, signed in."""
    contexts = []

    def open_page(path="/", **options):
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.goto(site.link)
        if path != "/":
            page.goto(site.address + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def test_a_teacher_gets_from_the_link_to_the_answers_behind_a_number_without_script(visit):
    page = visit(java_script_enabled=False)
    assert page.locator("h1").inner_text() == "Classes"
    page.get_by_role("link", name="7A").click()
    page.get_by_label("Objective").select_option("integers-and-fractions")
    page.get_by_role("button", name="Show").click()
    assert "objective=integers-and-fractions" in page.url
    cell = page.locator("td.cell:not(.unseen) a").first
    number = cell.locator(".number").inner_text().lstrip("≈")
    cell.click()
    newest = page.locator("table.answers tbody tr").first
    assert number in newest.locator("td").last.inner_text()
    page.get_by_role("link", name="7A").click()
    assert page.locator("table.matrix tbody tr").count() == 9


def test_a_teacher_decides_otherwise_after_a_preview_and_takes_it_back_without_script(visit):
    page = visit(STUDENT, java_script_enabled=False)
    page.get_by_role("link", name="Decide otherwise").click()
    page.get_by_label("Counts as secure").check()
    page.get_by_label("The skill", exact=True).select_option("integer-addition")
    page.get_by_label("Why, in a few words").fill("Showed me on the number line")
    page.get_by_role("button", name="See what would change").click()
    assert "counts as secure" in page.locator("#preview").inner_text()
    preview = page.locator("section[aria-labelledby=preview] .facts").inner_text()
    assert re.fullmatch(r"Showed me on the number line\. Until \d+ [A-Z][a-z]{2} 20\d\d\.", preview)
    page.get_by_role("button", name="Let it hold").click()
    words = page.locator("section[aria-labelledby=words]")
    assert "Showed me on the number line" in words.inner_text()
    words.get_by_role("button", name="Withdraw").click()
    assert "The model decides" in page.locator("section[aria-labelledby=words]").inner_text()


def test_a_student_sets_a_goal_and_asks_for_help_without_script(browser, site):
    context = browser.new_context(java_script_enabled=False, viewport=PHONE)
    page = context.new_page()
    page.goto(site.student_link)
    page.locator("summary", has_text="Set a goal").click()
    page.get_by_label("I would like to learn").select_option(index=3)
    page.get_by_role("button", name="Set this goal").click()
    goals = page.locator("section[aria-labelledby=goals]")
    assert goals.get_by_role("button", name="Drop the goal").count() == 1
    page.get_by_label("Stuck?").fill("I need an example")
    page.get_by_role("button", name="Ask for help").click()
    assert "I need an example" in page.locator("section[aria-labelledby=help]").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()


def test_sorting_and_unfolding_need_no_script(visit):
    page = visit(CLASS, java_script_enabled=False)
    page.get_by_role("link", name="name", exact=True).click()
    names = page.locator("th.who[scope=row]").all_inner_texts()
    assert names == sorted(names, key=str.casefold)
    unfold = page.locator("summary").first
    unfold.click()
    assert page.locator("details[open]").count() == 1


def test_a_hostile_name_is_only_a_name(visit):
    for path in (CLASS, STUDENT.replace("s001", "s002")):
        page = visit(path)
        assert "owned" not in page.title().replace(EVIL, "")
        assert page.get_by_text(EVIL).count() >= 1
        assert page.locator("script").count() == 0


def test_a_page_asks_nobody_else_for_anything_and_breaks_none_of_its_own_rules(visit, site):
    page = visit()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in (CLASS, STUDENT):
        page.goto(site.address + path)
    assert all(url.startswith(site.address) for url in asked)
    assert said == []


def test_the_first_tab_offers_to_skip_to_the_content(visit):
    page = visit(CLASS)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_everything_is_reached_by_keyboard_in_order_and_the_focus_shows(visit):
    page = visit(CLASS)
    reached = []
    for _ in range(14):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(FOCUSED))
    assert [one["name"] for one in reached[1:6]] == [
        "Trellis",
        "Classes",
        "Sign out",
        "Classes",
        "",
    ]
    assert all(one["outline"] != "none" for one in reached)


FOCUSED = """() => {
  const one = document.activeElement, look = getComputedStyle(one);
  return {name: one.tagName === "SELECT" ? "" : one.textContent.trim(), outline: look.outlineStyle};
}"""


def test_an_objective_is_chosen_by_keyboard_alone(visit):
    page = visit(CLASS, java_script_enabled=False)
    page.get_by_label("Objective").focus()
    page.keyboard.type("Describe")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**objective=data-and-chance**")


def test_groups_are_formed_and_a_student_moved_by_keyboard_alone_without_script(visit):
    page = visit(CLASS, java_script_enabled=False)
    page.get_by_role("link", name="Form groups").focus()
    page.keyboard.press("Enter")
    page.get_by_label("By need").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_role("button", name="Form groups").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/groups/grp_*")
    chooser = page.locator("select[name^=to-]").first
    name = chooser.get_attribute("name")
    chooser.focus()
    page.keyboard.type("Group 2")
    page.get_by_role("button", name="Save changes").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#history")
    assert page.locator(f"select[name={name}]").input_value() == "1"


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_only_the_table_scrolls_sideways(visit, path, width):
    page = visit(path, viewport={"width": width, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_names_and_heads_stay_in_sight_while_the_table_scrolls(visit):
    page = visit(CLASS, viewport=PHONE)
    scroller = page.locator(".scroller").first
    scroller.scroll_into_view_if_needed()
    scroller.evaluate("box => box.scrollTo(200, 300)")
    box = scroller.bounding_box()
    head = page.locator("th.skill").first.bounding_box()
    name = page.locator("th.who[scope=row]").last.bounding_box()
    assert box["y"] <= head["y"] < box["y"] + box["height"]
    assert abs(name["x"] - box["x"]) < 3


def test_on_paper_the_whole_table_is_there_and_the_buttons_are_not(visit):
    page = visit(CLASS)
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Sign out").is_visible()
    scroller = page.locator(".scroller").first
    assert scroller.evaluate("box => box.scrollHeight <= box.clientHeight")


def test_on_paper_no_card_of_a_report_stands_empty(visit):
    page = visit("/students/s001/report")
    assert page.locator(".card > details:only-child").count() > 0
    page.emulate_media(media="print")
    shown = page.locator(".card:visible").all_inner_texts()
    assert shown
    assert all(text.strip() for text in shown)


def test_thin_evidence_differs_by_more_than_colour(visit):
    page = visit(CLASS)
    cells = page.locator("td.cell.thin a")
    firm = page.locator("td.cell.emerging a, td.cell.developing a, td.cell.secure a").first
    assert cells.count() > 0
    style = "one => getComputedStyle(one).borderTopStyle"
    assert cells.first.evaluate(style) == "dashed"
    assert firm.evaluate(style) != "dashed"
    assert "Too early to say" in cells.first.inner_text()


def test_signing_out_leaves_nothing_to_go_back_to(visit, site):
    page = visit(CLASS)
    page.get_by_role("button", name="Sign out").click()
    assert page.locator("h1").inner_text() == "Sign in"
    page.go_back()
    page.reload()
    assert page.locator("h1").inner_text() == "Please sign in"


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: `npm install --no-save axe-core` first")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_against_wcag_22_aa(visit, path, scheme):
    assert faults_of(visit(path, color_scheme=scheme)) == []


@pytest.mark.skipif(not AXE.exists(), reason="no axe-core: `npm install --no-save axe-core` first")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("who", "title"), [("student", "My learning"), ("family", "My children")])
def test_axe_finds_nothing_on_the_front_pages_of_those_at_home(browser, site, who, title, scheme):
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto({"student": site.student_link, "family": site.family_link}[who])
    assert page.locator("h1").inner_text() == title
    assert faults_of(page) == []
    context.close()


def faults_of(page):
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [(v["id"], v["nodes"][0]["html"], len(v["nodes"])) for v in found["violations"]]
