"""What design.md and style.md say about the shape of the code, held by reading it."""

import ast
import importlib.util
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from runtime.settings import names

ROOT = Path(__file__).parents[1]
PACKAGES = ("runtime", "specs", "tools", "engine", "preprocess", "feedback", "demo")
LEFT_OF = {
    "runtime": set(),
    "specs": {"runtime"},
    "tools": {"runtime", "specs"},
    "engine": {"runtime", "specs", "tools"},
    "preprocess": {"runtime", "specs", "tools"},
    "feedback": {"runtime", "specs", "tools"},
    "demo": set(),  # a product of its own: it knows nothing of Parlance
}
CORE = [  # promised to be pure; so is every file whose docstring says so
    *(f"specs/{name}.py" for name in ("model", "words")),
    *(f"tools/{name}.py" for name in ("schema", "arguments", "request", "show", "dates")),
    *(f"engine/{name}.py" for name in ("events", "session", "decide", "checkpoints", "sources", "intent", "replies", "context")),
    "feedback/copy.py",
]
OUTSIDE_WORLD = {
    "aiohttp", "asyncio", "fastapi", "httpx", "io", "os", "pathlib", "random", "redis", "requests", "secrets", "socket", "starlette", "structlog",
    "subprocess", "time", "urllib.request", "uuid",
}  # fmt: skip
CLOCK = {"now", "utcnow", "today", "time", "monotonic", "time_ns"}
LANGCHAIN_HOMES = ("runtime/models.py", "runtime/chat.py", "runtime/completions.py", "engine/ask.py", "engine/builtin/")
BROAD_HOMES = ("runtime/http.py", "parlance.py", "engine/accept.py", "engine/worker.py", "preprocess/worker.py")  # web edge, command line, job loops


def python_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in listed.stdout.split() if (ROOT / name).exists()]


def sources() -> list[str]:
    return [name for name in python_files() if not name.startswith(("tests/", "bench/"))]


@cache
def tree(name: str) -> ast.Module:
    return ast.parse((ROOT / name).read_text(encoding="utf-8"))


def imported(name: str) -> Iterator[str]:
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}:{node.lineno} imports relatively"
            yield node.module or ""


def functions(name: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    yield from (node for node in ast.walk(tree(name)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_imports_only_from_its_left(package):
    allowed = LEFT_OF[package] | {package}
    wrong = [f"{name} imports {module}" for name in sources() if name.startswith(f"{package}/") for module in imported(name)
             if module.partition(".")[0] in {*PACKAGES, "parlance"} - allowed]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize("package", PACKAGES)
def test_a_package_is_the_one_of_this_repository(package):
    found = importlib.util.find_spec(package)
    assert found is not None
    assert found.origin == str(ROOT / package / "__init__.py")


@pytest.mark.parametrize("name", sorted({*CORE, *(each for each in sources() if "Pure" in (ast.get_docstring(tree(each)) or ""))}))
def test_a_pure_file_touches_nothing_outside(name):
    assert (ROOT / name).exists()
    wrong = [module for module in imported(name) if module in OUTSIDE_WORLD or module.partition(".")[0] in OUTSIDE_WORLD - {"urllib.request"}]
    clocks = [f"line {node.lineno}: {node.func.attr}()" for node in ast.walk(tree(name))
              if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK and not node.args
              and isinstance(node.func.value, ast.Name) and node.func.value.id in ("datetime", "date", "time")]  # fmt: skip
    assert wrong + clocks == []


def test_langchain_is_imported_in_its_own_places_only():
    wrong = [name for name in sources() if any(module.startswith("langchain") for module in imported(name)) and not name.startswith(LANGCHAIN_HOMES)]
    assert wrong == []


def test_packages_have_empty_init_files_and_there_is_no_utils():
    assert [name for name in sources() if name.endswith("__init__.py") and (ROOT / name).read_text().strip()] == []
    assert [name for name in python_files() if Path(name).stem in ("utils", "util", "helpers", "misc", "common")] == []


def test_files_open_with_a_docstring_and_end_before_they_are_too_long():
    plain = [name for name in sources() if not name.endswith("__init__.py")]
    assert [name for name in plain if not ast.get_docstring(tree(name))] == []
    assert [name for name in plain if len((ROOT / name).read_text().splitlines()) > 400] == []


def test_functions_end_before_they_are_too_long():
    wrong = [f"{name}:{node.lineno} {node.name}" for name in sources() for node in functions(name) if (node.end_lineno or 0) - node.lineno + 1 > 50]
    assert wrong == []


def test_most_functions_are_short_and_most_files_too():
    lengths = sorted((node.end_lineno or 0) - node.lineno + 1 for name in sources() for node in functions(name))
    assert lengths[len(lengths) * 8 // 10] <= 18
    files = sorted(len((ROOT / name).read_text().splitlines()) for name in sources())
    assert files[len(files) * 8 // 10] <= 260


def test_everything_is_caught_at_three_kinds_of_places_only():
    caught = [(name, node) for name in sources() for node in ast.walk(tree(name)) if isinstance(node, ast.ExceptHandler)]
    broad = {name for name, node in caught if node.type is None or getattr(node.type, "id", "") in ("Exception", "BaseException")}
    assert broad <= set(BROAD_HOMES)


def test_every_setting_is_shown_in_the_example():
    text = (ROOT / ".env.example").read_text()
    assert [name for name in names() if f"{name}=" not in text] == []


def test_the_wheel_holds_every_package():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert sorted(told) == sorted([*PACKAGES, "parlance.py"])
