"""The house holds: imports go one way, rooms are entered by their doors, a look at a module starts nothing."""

import ast
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("siting", "engagement", "maps")


def _modules() -> Iterator[tuple[tuple[str, ...], Path]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            relative = path.relative_to(ROOT).with_suffix("").parts
            yield relative[:-1] if relative[-1] == "__init__" else relative, path


def _imports(path: Path) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
            parts = tuple(node.module.split("."))
            for name in node.names:
                inner = (*parts, name.name)
                yield inner if ROOT.joinpath(*inner).with_suffix(".py").exists() else parts


def test_a_room_is_entered_only_by_what_its_door_names() -> None:
    entered = {
        (".".join(module), ".".join(imported))
        for module, path in _modules()
        for imported in _imports(path)
        if len(imported) > 1 and ROOT.joinpath(*imported).with_suffix(".py").exists()
        # What stands in the same room, or in a room around it, needs no door.
        if module[: len(imported) - 1] != imported[:-1]
        if imported[:-1] != ("siting",) and imported[:2] != ("siting", "pipeline")
    }
    behind = {(who, what) for who, what in entered if what.rsplit(".", 1)[1] not in import_module(what.rsplit(".", 1)[0]).__all__}
    assert not behind


def test_every_room_has_a_door_that_names_what_is_there() -> None:
    for package in PACKAGES:
        for door in (ROOT / package).rglob("__init__.py"):
            room = import_module(".".join(door.parent.relative_to(ROOT).parts))
            assert room.__doc__, door
            for name in getattr(room, "__all__", []):
                known = (door.parent / f"{name}.py").exists() or package == "siting"
                assert known, f"{door}: {name}"


FORBIDDEN = [
    ("siting/place.py", "import typer"),
    ("siting/inputs/tables.py", "import siting.outputs.evaluation_workbook"),
    ("siting/evaluation/rules.py", "import folium"),
    ("engagement/around/neighbours.py", "import maps.layers"),
    ("maps/layers.py", "import siting.pipeline.outcome"),
    ("siting/times/search.py", "import siting.isochrones.surface"),
    ("siting/documents/looks.py", "import docx"),
    ("siting/roads/network.py", "import siting.evaluation.rules"),
    ("siting/portfolio/need.py", "import duckdb"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("file", "line"), FORBIDDEN)
def test_a_forbidden_import_breaks_a_contract(file: str, line: str, tmp_path: Path) -> None:
    pytest.importorskip("importlinter")
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "assets", "data"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    changed = tmp_path / file
    changed.write_text(f"{changed.read_text(encoding='utf-8')}\n{line}\n", encoding="utf-8")
    told = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1, told.stdout
    assert "BROKEN" in told.stdout


LOADED = "import json, sys; {0}; print(json.dumps(sorted({{name.split('.')[0] for name in sys.modules}})))"


@pytest.mark.parametrize(
    ("module", "not_loaded"),
    [
        ("siting", {"numpy", "numba", "geopandas", "pydantic"}),
        ("siting.words", {"numpy", "numba", "geopandas"}),
        ("siting.evaluation.rules", {"numba", "geopandas", "matplotlib"}),
        ("siting.evaluation.home_result", {"numba", "geopandas", "pandas"}),
        ("siting.portfolio.model", {"numba", "geopandas", "pandas"}),
        ("siting.cli", {"numba", "geopandas", "matplotlib", "folium"}),
    ],
)
def test_no_module_loads_a_heavy_library_for_a_constant(module: str, not_loaded: set[str]) -> None:
    command = [sys.executable, "-c", LOADED.format(f"import {module}")]
    loaded = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout)
    assert not not_loaded & set(loaded)


STARTED = """
import inspect, pydoc, subprocess
import siting.pipeline.compile_ahead
begun = []
subprocess.Popen = lambda *a, **k: begun.append(a)
import siting
from siting import evaluate, isochrones, open_network, travel_times, Plan, RoadNetwork
for name in siting.pipeline.__all__:
    assert hasattr(siting.pipeline, name)
inspect.getmembers(siting); inspect.getmembers(siting.pipeline)
pydoc.render_doc(siting.pipeline)
assert callable(isochrones) and inspect.isfunction(siting.isochrones)
print(len(begun))
"""


def test_a_look_at_the_package_starts_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-c", STARTED]
    environment = os.environ | {"SITING_CACHE_DIR": str(tmp_path)}
    told = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    assert told.stdout.strip() == "0"
    assert not list(tmp_path.iterdir())
