"""Starts a plan in a folder: the plan file with a comment at each key, and empty tables in Excel."""

from collections.abc import Iterator
from pathlib import Path

from siting.documents.workbooks import BlankColumn, write_blank_table
from siting.faults import UsageError
from siting.inputs.rows import ChildRow, ExclusionRow, HomeRow, Row
from siting.pipeline.outcome import Outcome
from siting.storage.staging import staged
from siting.words import HomeStatus

_PLACE = ("postcode", "easting", "northing", "latitude", "longitude", "uprn")
_TABLES: tuple[tuple[str, str, type[Row], tuple[str, ...]], ...] = (
    (
        "candidates.xlsx",
        "Homes",
        HomeRow,
        (
            "home_id", "address", "postcode", "bedrooms", "beds", "annex", "status", "price_gbp", "works_gbp", "town", "ward",
            "authority", "link", "easting", "northing", "latitude", "longitude", "uprn",
        ),
    ),
    (
        "children.xlsx",
        "Children",
        ChildRow,
        ("child_ref", "authority", "postcode", "solo", "max_minutes", "needs_bed", "placement", "weekly_cost", *_PLACE[1:]),
    ),
    ("exclusions.xlsx", "Exclusions", ExclusionRow, ("child_ref", "radius_miles", *_PLACE)),
)  # fmt: skip
_YES_NO = ("yes", "no")
_CHOICES = {
    "annex": _YES_NO,
    "solo": _YES_NO,
    "needs_bed": _YES_NO,
    "status": tuple(HomeStatus),
}
_TEXT = {"home_id", "child_ref", "address", "postcode", "town", "ward", "authority", "link", "uprn", "placement"}


def start_folder(folder: Path) -> Outcome:
    """Write a commented plan and empty tables into a folder that is empty or not there.

    Raises
    ------
    UsageError
        Where something lies in the folder.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        msg = f"{folder} is not empty, and nothing in it is to be written over. Name a new folder."
        raise UsageError(msg)
    with staged(folder) as staging:
        (staging / "plan.toml").write_text(PLAN, encoding="utf-8")
        for file, name, row_type, keys in _TABLES:
            write_blank_table(staging / file, name, list(_columns(row_type, keys)))
    files = tuple(folder / name for name in ("plan.toml", *(file for file, *_ in _TABLES)))
    return Outcome(
        files=files,
        summary=(
            "Fill in candidates.xlsx and children.xlsx, put your roads (.osm.pbf) beside them, and name the school in plan.toml.",
            f"Then: siting check {files[0]}",
        ),
    )


def _columns(row_type: type[Row], keys: tuple[str, ...]) -> Iterator[BlankColumn]:
    for key in keys:
        about = row_type.model_fields[key]
        yield BlankColumn(
            heading=key,
            note=" ".join((about.description or "").replace("`", "").split()),
            needed=about.is_required(),
            choices=_CHOICES.get(key, ()),
            is_text=key in _TEXT,
        )


PLAN = """\
# A plan for choosing houses. Lines that begin with # are comments: take the # away where you need the line.
# docs/plan-reference.md lists every key.

title = "Our plan"                   # heads every output

[area]
network = "roads.osm.pbf"            # your county's roads from OpenStreetMap, in this folder
# place = "Rutland, England"         # or, instead of network: a place whose roads are downloaded once

[[schools]]                          # repeat this part for a further school
name = "The school"
postcode = ""                        # fill in; or latitude and longitude
# gate = "51.63000,-0.75000"         # where cars enter, if that is elsewhere
# places = 20                        # how many more children it can take

[rules]
school_minutes = 45                  # the most minutes by car between home and school, in the worse direction
scenario = "school_run"              # judged by: free_flow, typical or school_run
family_miles = 20                    # how near the children's families should be, in a straight line

[inputs]
candidates = "candidates.xlsx"       # the houses for sale, and homes already open
children = "children.xlsx"           # without names or dates of birth
# exclusions = "exclusions.xlsx"     # places that a child must not live near
# boundaries = "authorities.gpkg"    # councils' boundaries, with a column called name

# [portfolio]                        # which homes to have together
# homes = 3
# beds = 9
# budget_gbp = 1500000

# [authorities."Your council"]       # the beds allocated to each partner
# beds = 5

# [engagement]                       # who must hear of it
# boundary_metres = 20
# slot_minutes = 15
"""
