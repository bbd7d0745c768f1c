"""The pack's lists as workbooks: for a home in Wales sheets, headings and what stands in cells are in Welsh, then in English."""

from pathlib import Path

import pandas as pd

from engagement.pack import RESIDENTS, Pack
from engagement.papers.printed_papers import PEOPLE, nobody_found, notice
from engagement.papers.tables import (
    considered_table,
    left_out_table,
    nearby_table,
    neighbours_table,
    stakeholders_table,
    steps_table,
    visits_table,
    walk_there_table,
)
from engagement.papers.welsh_sentences import said
from siting.documents.workbooks import Sheet, heading, write_sheets

_AS_THEY_ARE = {"uprn", "address", "postcode", "building", "organisation", "email", "telephone", "source", "host"}
"""Columns of names and places, which no language changes."""
_HEADINGS = {"why": "Why"}


def write_workbooks(folder: Path, pack: Pack) -> None:
    """Write `neighbours.xlsx` and `stakeholders.xlsx` into a folder."""
    case = said(pack, pack.case_code)
    about = " ".join(said(pack, part) for part in (pack.boundary.words, pack.own_words) if part)
    note = " ".join(part for part in (nobody_found(pack), about) if part)
    write_sheets(
        folder / "neighbours.xlsx",
        case,
        [
            _sheet(pack, "Neighbours", "neighbours, nearest first", neighbours_table(pack), note),
            _sheet(pack, "Nearby", "considered and left out, to 50 m", nearby_table(pack), note),
            _sheet(pack, "Considered", "every address considered, and why", considered_table(pack), note),
            _sheet(pack, "Walk there", "no address known: walk there", walk_there_table(pack), note),
            _sheet(pack, "Left out", "what was left out, counted", left_out_table(pack), note),
            _sheet(pack, "Visits", "visits", visits_table(pack), said(pack, "Local times.")),
        ],
        notice(pack),
        foot=_foot(pack, RESIDENTS),
    )
    dated = said(pack, "Dated back from the visits and the opening day.")
    write_sheets(
        folder / "stakeholders.xlsx",
        case,
        [
            _sheet(pack, "People", "people to contact", stakeholders_table(pack), said(pack, "TO BE FOUND is an open task.")),
            _sheet(pack, "Steps", "the order of steps", steps_table(pack), dated),
        ],
        notice(pack, PEOPLE),
        foot=_foot(pack, PEOPLE),
    )


def _foot(pack: Pack, about: str) -> str:
    """Return the foot of printed pages: it takes 255 letters, so when to destroy them stands at the head alone."""
    return f"&L&8{said(pack, f'Official: sensitive. {about}.')}&R&8{said(pack, 'Page &P of &N')}"


def _sheet(pack: Pack, name: str, title: str, frame: pd.DataFrame, note: str) -> Sheet:
    told = frame.copy()
    for key in told.columns.difference(list(_AS_THEY_ARE)):
        if not pd.api.types.is_numeric_dtype(told[key]):
            told[key] = [said(pack, value) if isinstance(value, str) else value for value in told[key]]
    headings = {str(key): said(pack, _HEADINGS.get(str(key)) or heading(str(key))) for key in frame.columns}
    # The name of a sheet takes no stroke.
    return Sheet(name=said(pack, name).replace(" / ", " - "), title=said(pack, title), frame=told, note=note, headings=headings)
