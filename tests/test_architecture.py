"""Who may import whom, held by reading the sources: the picture of the house, kept true."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("engine", "models", "data", "training", "serving", "trellis")
MAY_IMPORT = {
    "engine": set(),
    "data": {"engine"},
    "models": {"engine"},
    "training": {"engine", "data", "models"},
    "serving": {"engine", "data"},
    "trellis": {"engine", "models", "data", "training", "serving"},
}
LIVES_ONLY_IN = {
    "torch": "models/",
    "pyro": "models/",
    "mlflow": "training/tracking.py",
    "fastapi": "serving/",
    "starlette": "serving/",
    "uvicorn": "serving/",
    "jinja2": "serving/",
    "sqlalchemy": "data/store/",
    "alembic": "data/store/",
    "sqlite3": "data/store/",
    "subprocess": "training/benchmarks/",
}
ENGINE_MAY_USE = {"numpy", "numba"}
NOT_IN_A_PURE_ENGINE = {"io", "os", "pathlib", "random", "secrets", "socket", "sys", "time"}
CALLS_NOT_IN_A_PURE_ENGINE = {"open", "print", "input", "now", "utcnow", "today", "default_rng"}
READS_THE_ENVIRONMENT = "serving/settings.py"
LONGEST_FILE = 400


class Import(NamedTuple):
    """One import statement's target: the module named, and where it stands."""

    module: str
    level: int
    line: int
    at_top: bool


def sources(folder: str = "") -> list[Path]:
    """Every source file of the house, or of one of its folders."""
    wanted = [folder] if folder else FOLDERS
    return sorted(path for name in wanted for path in (ROOT / name).rglob("*.py"))


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports_of(path: Path) -> Iterator[Import]:
    """Every import of a file, wherever it stands; those under TYPE_CHECKING do not run."""
    tree = tree_of(path)
    only_types = {
        id(node) for block in ast.walk(tree) if is_for_types(block) for node in ast.walk(block)
    }
    top = {id(node) for node in tree.body}
    for node in ast.walk(tree):
        if id(node) in only_types:
            continue
        if isinstance(node, ast.Import):
            for name in node.names:
                yield Import(name.name, 0, node.lineno, id(node) in top)
        elif isinstance(node, ast.ImportFrom):
            yield Import(node.module or "", node.level, node.lineno, id(node) in top)


def is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def place(path: Path, line: int = 0) -> str:
    shown = path.relative_to(ROOT).as_posix()
    return f"{shown}:{line}" if line else shown


def faults(wrong: list[str]) -> None:
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_imports_only_what_the_house_allows(folder):
    others = set(FOLDERS) - {folder} - MAY_IMPORT[folder]
    faults(
        [
            f"{place(path, found.line)} imports {found.module}"
            for path in sources(folder)
            for found in imports_of(path)
            if found.level == 0 and found.module.split(".")[0] in others
        ]
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_imports_are_relative_inside_a_folder(folder):
    faults(
        [
            f"{place(path, found.line)} imports {found.module} by its absolute name"
            for path in sources(folder)
            for found in imports_of(path)
            if found.level == 0 and found.module.split(".")[0] == folder
        ]
    )


@pytest.mark.parametrize("folder", FOLDERS)
def test_relative_imports_stay_inside_their_folder(folder):
    """`from ..data import` out of a nested package would cross a border without showing it."""
    faults(
        [
            f"{place(path, found.line)} reaches out of {folder}/"
            for path in sources(folder)
            for found in imports_of(path)
            if found.level >= len(path.relative_to(ROOT).parts)
        ]
    )


@pytest.mark.parametrize("library", LIVES_ONLY_IN)
def test_a_library_stays_where_it_belongs(library):
    faults(
        [
            f"{place(path, found.line)} imports {found.module}"
            for path in sources()
            if not place(path).startswith(LIVES_ONLY_IN[library])
            for found in imports_of(path)
            if found.module.split(".")[0] == library
        ]
    )


def test_the_engine_is_pure():
    """No file, clock or chance, and no library but numpy and numba: the standard one aside."""
    wrong = []
    for path in sources("engine"):
        for found in imports_of(path):
            root = found.module.split(".")[0]
            if found.level == 0 and (root in NOT_IN_A_PURE_ENGINE or is_foreign(root)):
                wrong.append(f"{place(path, found.line)} imports {found.module}")
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Call) and called(node) in CALLS_NOT_IN_A_PURE_ENGINE:
                wrong.append(f"{place(path, node.lineno)} calls {called(node)}")
    faults(wrong)


def is_foreign(root: str) -> bool:
    return root not in sys.stdlib_module_names and root not in ENGINE_MAY_USE


def called(node: ast.Call) -> str:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr
    return node.func.id if isinstance(node.func, ast.Name) else ""


def test_one_file_reads_the_environment():
    """Setting a variable for a library that knows no other way is not reading it."""
    wrong = []
    for path in sources():
        tree = tree_of(path)
        written = {id(node.value) for node in ast.walk(tree) if is_assignment_target(node)}
        for node in ast.walk(tree):
            named = isinstance(node, ast.Attribute) and node.attr in {
                "environ",
                "getenv",
                "environb",
            }
            if named and id(node) not in written and place(path) != READS_THE_ENVIRONMENT:
                wrong.append(f"{place(path, node.lineno)} reads the environment")
    faults(wrong)


def is_assignment_target(node: ast.AST) -> bool:
    return isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)


def test_sql_is_written_only_in_the_store():
    words = ("SELECT ", "INSERT INTO", "UPDATE ", "DELETE FROM", "CREATE TABLE", "PRAGMA ")
    faults(
        [
            f"{place(path, node.lineno)} holds SQL: {node.value[:40]!r}"
            for path in sources()
            if not place(path).startswith("data/store/")
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
            if node.value.lstrip().startswith(words)
        ]
    )


def test_nothing_is_pickled():
    """A pickle runs code when it is read: a model crosses over as a plain document."""
    refused = {"pickle", "cloudpickle", "joblib", "shelve", "marshal"}
    faults(
        [
            f"{place(path, found.line)} imports {found.module}"
            for path in sources()
            for found in imports_of(path)
            if found.module.split(".")[0] in refused
        ]
    )


def test_the_command_line_imports_lazily():
    """`trellis --help` must not wait for torch: only the error tree is imported at once."""
    faults(
        [
            f"{place(path, found.line)} imports {found.module} before it is needed"
            for path in sources("trellis")
            for found in imports_of(path)
            if found.at_top and found.level == 0
            if found.module.split(".")[0] in {*FOLDERS, "numpy", "pandas"}
            if found.module != "engine.errors"
        ]
    )


def test_no_bare_or_broad_except_but_the_outermost():
    outermost = {"trellis/main.py"}
    wrong = []
    for path in sources():
        for node in ast.walk(tree_of(path)):
            if (
                isinstance(node, ast.ExceptHandler)
                and place(path) not in outermost
                and is_broad(node)
            ):
                wrong.append(f"{place(path, node.lineno)} catches everything")
    faults(wrong)


def is_broad(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or ast.unparse(handler.type) in {"Exception", "BaseException"}


def test_files_stay_short_enough_to_hold_in_mind():
    lengths = {
        place(path): len(path.read_text(encoding="utf-8").splitlines()) for path in sources()
    }
    faults([f"{name} has {n} lines" for name, n in lengths.items() if n > LONGEST_FILE])


def test_every_folder_of_code_is_a_package():
    """Without `__init__.py` a folder would be left out of type checks and doctests in silence."""
    folders = {path.parent for path in sources()}
    faults(
        [
            f"{place(folder)} has no __init__.py"
            for folder in folders
            if not (folder / "__init__.py").exists()
        ]
    )


def test_test_folders_are_not_packages():
    found = list((ROOT / "tests").rglob("__init__.py"))
    assert not found, found
