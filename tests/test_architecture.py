"""The house rules that a machine can check: import order, sizes, names, and what is not used here."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ORDER = [
    "opinovi",
    "network",
    "projects",
    "guidance.catalogue",
    "guidance.booking",
    "guidance.casework",
    "guidance.reporting",
]
LONGEST_MODULE, LONGEST_FUNCTION, LONGEST_TEMPLATE, LONGEST_SCRIPT = 400, 40, 120, 60  # lines
LONGEST_TEST_MODULE = 600  # lines; tests are read one at a time
NO_HOME = {"utils", "util", "helpers", "helper", "common", "misc"}


def folder(app: str) -> Path:
    return ROOT / app.replace(".", "/")


def written(files) -> list[Path]:
    """Files people write: not migrations, which a machine does."""
    return sorted(file for file in files if "migrations" not in file.parts)


MODULES = written(file for app in ORDER for file in folder(app).rglob("*.py"))
TEST_MODULES = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.*"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=str(file))


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def imported(file: Path) -> set[str]:
    """The modules a file imports, by their whole names."""
    found = set()
    for node in ast.walk(tree(file)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name(file)} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def functions(file: Path):
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree(file)) if isinstance(node, kinds)]


@pytest.mark.parametrize("app", ORDER)
def test_imports_point_one_way(app):
    later = tuple(f"{right}." for right in ORDER[ORDER.index(app) + 1 :])

    wrong = {
        f"{name(file)}: {module}"
        for file in written(folder(app).rglob("*.py"))
        for module in imported(file)
        if f"{module}.".startswith(later)
    }

    assert wrong == set()


@pytest.mark.parametrize("file", [*MODULES, *TEST_MODULES], ids=name)
def test_imports_stand_at_the_top(file):
    inside = {node.lineno for function in functions(file) for node in ast.walk(function) if is_import(node)}

    assert inside == set()


def is_import(node: ast.AST) -> bool:
    return isinstance(node, ast.Import | ast.ImportFrom)


@pytest.mark.parametrize("file", MODULES, ids=name)
def test_functions_are_small(file):
    long = {
        function.name: length for function in functions(file) if (length := size(function)) > LONGEST_FUNCTION
    }

    assert long == {}


def size(function: ast.FunctionDef) -> int:
    """Lines of what a function does: without its signature and its docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


@pytest.mark.parametrize(
    ("files", "most"),
    [(TEMPLATES, LONGEST_TEMPLATE), (SCRIPTS, LONGEST_SCRIPT)],
    ids=["templates", "scripts"],
)
def test_templates_and_scripts_are_small(files, most):
    long = {name(file): lines for file in files if (lines := len(file.read_text().splitlines())) > most}

    assert files
    assert long == {}


def test_everything_has_a_home():
    homeless = [
        name(file)
        for file in [*MODULES, *TEST_MODULES, *TEMPLATES, *SCRIPTS]
        if NO_HOME & {file.stem.strip("_"), *file.relative_to(ROOT).parts}
    ]

    assert homeless == []


@pytest.mark.parametrize("file", MODULES, ids=name)
def test_no_signals_no_class_based_views(file):
    text = file.read_text(encoding="utf-8")
    forbidden = ("django.db.models.signals", "django.dispatch", "django.views.generic")

    assert [module for module in imported(file) if module.startswith(forbidden)] == []
    assert not re.search(r"\bas_view\(", text)


@pytest.mark.parametrize("file", [file for file in MODULES if "models" in name(file)], ids=name)
def test_no_model_overrides_save(file):
    assert [function.lineno for function in functions(file) if function.name in {"save", "delete"}] == []


@pytest.mark.parametrize("file", MODULES, ids=name)
def test_every_function_is_annotated(file):
    bare = []
    for function in functions(file):
        arguments = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        missing = [
            each.arg for each in arguments if each.annotation is None and each.arg not in {"self", "cls"}
        ]
        if missing or function.returns is None:
            bare.append(function.name)

    assert bare == []


def test_only_what_belongs_lies_at_the_top():
    expected = {
        *("manage.py", "opinovi", "network", "projects", "guidance", "templates", "static", "fixtures"),
        *("tests", "docs", "pyproject.toml", "Makefile", "README.md", "CHANGELOG.md", "LICENSE"),
        *("requirements.lock", "requirements-dev.lock"),
    }
    made = {"static-collected"}  # by collectstatic

    there = {entry.name for entry in ROOT.iterdir() if not entry.name.startswith(".")} - made

    assert there <= expected
