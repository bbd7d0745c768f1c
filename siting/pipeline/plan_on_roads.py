"""A plan read, with its road network open, for whoever answers one question after another."""

from pathlib import Path

from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import PlanInputs, read_inputs
from siting.pipeline.compile_ahead import start_compiling
from siting.pipeline.evaluating import network_source
from siting.progress import Progress
from siting.roads.cache import open_network
from siting.roads.network import RoadNetwork


def open_plan(plan_path: Path, progress: Progress) -> tuple[PlanInputs, RoadNetwork]:
    """Read a plan and its roads.

    Raises
    ------
    InputFaultsError, NetworkSourceError
        Where the inputs or the roads cannot be used.
    """
    start_compiling()
    inputs = read_inputs(Plan.read(plan_path))
    source = network_source(inputs.plan, progress)
    network = open_network(source, inputs.plan.travel_model, drives_on=inputs.plan.area.drives_on, progress=progress)
    return inputs, network
