"""What the packs of a plan are made from, opened; and the one address among it that a person means."""

from engagement.around.addresses import Address
from engagement.around.osm_features import open_features
from engagement.around.same_address import resolve_address
from engagement.prepare import HomeView, Sources, open_sources
from siting.faults import UsageError
from siting.inputs.plan_inputs import PlanInputs
from siting.pipeline.evaluating import network_source
from siting.progress import Progress, silent
from siting.roads.cache import open_network

_UPRN_FIGURES = 12


def sources_of(inputs: PlanInputs, progress: Progress = silent) -> Sources:
    """Open what the packs of a plan are made from."""
    source = network_source(inputs.plan, progress)
    network = open_network(source, inputs.plan.travel_model, drives_on=inputs.plan.area.drives_on, progress=progress)
    return open_sources(inputs, network, open_features(source, network), progress)


def find_address(sources: Sources, view: HomeView, text: str, home_id: str) -> Address:
    """Find the entry that a person means: around the home, or by its property number anywhere in the address files.

    Raises
    ------
    UsageError
        Where it is none, or may be several.
    """
    try:
        return resolve_address(text, view.around.addresses, home_id)
    except UsageError:
        number = "".join(text.split())
        if not (number.isdecimal() and len(number) <= _UPRN_FIGURES):
            raise
        found = [address for file in sources.address_files if (address := file.find(number)) is not None]
        if not found:
            raise
        return found[0]
