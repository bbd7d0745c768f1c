"""The GeoPackage as QGIS itself draws it, where QGIS is installed: areas in the maps' own colours, rings round chosen homes."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from siting.documents.looks import CHOSEN, area_colour, mixed
from siting.evaluation.evaluation import evaluate_inputs
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.outputs.geopackage import write_geopackage
from siting.roads.cache import open_network
from siting.storage.kept import bundled_data
from siting.words import Scenario

pytestmark = pytest.mark.slow

DRAW = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from qgis.core import QgsApplication, QgsMapRendererParallelJob, QgsMapSettings, QgsVectorLayer
from qgis.PyQt.QtCore import QSize
from qgis.PyQt.QtGui import QColor
QgsApplication.setPrefixPath("/usr", True)
program = QgsApplication([], False)
program.initQgis()
layers = [QgsVectorLayer(sys.argv[1] + "|layername=" + name, name, "ogr") for name in ("homes", "isochrones")]
for layer in layers:
    assert layer.isValid()
    words, there = layer.loadDefaultStyle()
    assert there, words
view = QgsMapSettings()
view.setLayers(layers)
view.setDestinationCrs(layers[0].crs())
view.setOutputSize(QSize(900, 900))
view.setBackgroundColor(QColor(sys.argv[3]))
view.setExtent(layers[1].extent())
job = QgsMapRendererParallelJob(view)
job.start()
job.waitForFinished()
assert job.renderedImage().save(sys.argv[2])
sys.stdout.flush()
os._exit(0)
"""


def systems_python() -> str | None:
    """Return the Python that QGIS's own package serves, if it is installed."""
    for python in ("/usr/bin/python3", sys.executable):
        if (
            Path(python).is_file()
            and not subprocess.run([python, "-c", "import qgis"], capture_output=True, check=False).returncode
        ):
            return python
    return None


def test_qgis_draws_areas_in_the_maps_colours_and_rings_round_chosen_homes(tmp_path: Path) -> None:
    python = systems_python()
    if python is None:
        pytest.skip("QGIS is not installed")
    plan = Plan.read(bundled_data() / "examples" / "safe-accommodation" / "plan.toml")
    evaluation = evaluate_inputs(read_inputs(plan), open_network(plan.path.parent / "powys.osm.pbf"))
    path, picture = tmp_path / "evaluation.gpkg", tmp_path / "drawn.png"
    write_geopackage(path, evaluation, Scenario.SCHOOL_RUN, ["S01", str(evaluation.homes["home_id"].iloc[0])])
    paper = "#F7F5F1"
    subprocess.run([python, "-c", DRAW, str(path), str(picture), paper], check=True, capture_output=True)
    found = {colour: count for count, colour in Image.open(picture).convert("RGB").getcolors(1 << 24) or []}

    def seen(wanted: str) -> int:
        red, green, blue = (int(wanted[at : at + 2], 16) for at in (1, 3, 5))
        return sum(n for (r, g, b), n in found.items() if max(abs(r - red), abs(g - green), abs(b - blue)) <= 4)

    assert [seen(mixed(area_colour(at))) > 200 for at in range(3)] == [True, True, True]
    assert seen(CHOSEN) > 20
