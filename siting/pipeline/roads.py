"""What needs roads alone: areas within minutes, tables of times, downloads."""

from pathlib import Path

from siting.documents.csv_files import write_csv
from siting.evaluation.extract_edge import lacking_warnings
from siting.faults import Fault, InputFaultsError, Severity, UsageError, stopping
from siting.inputs.locating import locate_table, parse_place
from siting.inputs.rows import PointRow
from siting.inputs.tables import read_table
from siting.isochrones.areas import isochrones
from siting.osm.download import download_area
from siting.osm.extract import LACKS_OF_GRAPHS
from siting.osm.shapes import copy_extract
from siting.outputs.geopackage import write_isochrones
from siting.pipeline.compile_ahead import start_compiling
from siting.pipeline.outcome import Outcome
from siting.progress import Progress, silent
from siting.roads.cache import open_network
from siting.roads.joining import join_places
from siting.storage.staging import staged
from siting.times.matrix import pair_table
from siting.words import MOST_OPEN_GROUND_M, Direction, Scenario

AREA_ENDINGS = (".osm.pbf", ".osm", ".graphml")


def run_isochrones(  # noqa: PLR0913 - one argument an option of the command
    network_path: Path,
    place: str,
    minutes: tuple[float, ...],
    direction: Direction,
    scenario: Scenario,
    output: Path,
    *,
    progress: Progress = silent,
) -> Outcome:
    """Write the areas within so many minutes of one place."""
    start_compiling()
    hub = parse_place(place)
    network = open_network(network_path, progress=progress)
    joins = join_places(network, [hub])
    if joins.segment[0] < 0:
        raise InputFaultsError([_off_the_map(network_path, "the place", file="--at", severity=Severity.FAULT)])
    areas = isochrones(network, joins, minutes, direction, scenario)
    with staged(output.parent) as staging:
        write_isochrones(staging / output.name, areas)
    return Outcome(files=(output,), warnings=lacking_warnings(network_path.name, network.lacks))


def run_times(
    network_path: Path,
    origins: Path,
    destinations: Path,
    scenario: Scenario,
    output: Path,
    *,
    progress: Progress = silent,
) -> Outcome:
    """Write minutes and miles of every pair of two tables' places.

    Raises
    ------
    InputFaultsError
        With every fault of both tables.
    """
    start_compiling()
    tables = [read_table(path, PointRow) for path in (origins, destinations)]
    located = [locate_table(table) for table in tables]
    faults = [fault for table, (_, found) in zip(tables, located, strict=True) for fault in (*table.faults, *found)]
    if stopping(faults):
        raise InputFaultsError(faults)
    network = open_network(network_path, progress=progress)
    faults += lacking_warnings(network_path.name, network.lacks)
    progress("timing the journeys")
    ids = [[row.value.id for row in table.rows] for table in tables]
    joins = [
        join_places(network, [places[row.number] for row in table.rows])
        for table, (places, _) in zip(tables, located, strict=True)
    ]
    for source, rows, joined in zip(tables, ids, joins, strict=True):
        faults += [
            _off_the_map(network_path, f"the place of {name}", file=source.file, row=row.number)
            for name, row, segment in zip(rows, source.rows, joined.segment, strict=True)
            if segment < 0
        ]
    table = pair_table(network, ids[0], joins[0], ids[1], joins[1], scenario)
    with staged(output.parent) as staging:
        write_csv(staging / output.name, table)
    return Outcome(files=(output,), warnings=tuple(faults))


def _off_the_map(
    network_path: Path, what: str, *, file: str, row: int | None = None, severity: Severity = Severity.WARNING
) -> Fault:
    return Fault(
        file=file,
        row=row,
        problem=f"{what} lies off the map of {network_path.name}: more than {MOST_OPEN_GROUND_M / 1000:g} km from every road "
        "that can be reached without crossing water or a motorway, or beyond where the file's roads end",
        remedy="Check the place, or use a larger extract",
        severity=severity,
    )


def run_area(place: str, output: Path, *, progress: Progress = silent) -> Outcome:
    """Download the roads of a place into a file to work from: an extract, or the graph where its name ends in .graphml.

    Raises
    ------
    UsageError
        Where the output's ending is none of these; nothing is asked of a server then.
    """
    if not output.name.endswith(AREA_ENDINGS):
        msg = f"{output.name} should end in .osm.pbf, .osm or .graphml."
        raise UsageError(msg)
    source = download_area(place, progress=progress)
    with staged(output.parent) as staging:
        if output.suffix == ".graphml":
            from siting.outputs.road_graph import write_road_graph  # noqa: PLC0415 - slow to load, for few

            start_compiling()
            network = open_network(source, progress=progress)
            progress("writing the graph")
            write_road_graph(staging / output.name, network)
        else:
            copy_extract(source, staging / output.name)
    return Outcome(files=(output,), warnings=lacking_warnings(output.name, LACKS_OF_GRAPHS))
