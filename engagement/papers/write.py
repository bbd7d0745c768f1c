"""Writes a pack into its folder: lists, papers, letters, labels, calendar."""

from datetime import datetime
from pathlib import Path

from engagement.pack import Pack
from engagement.papers.calendar import calendar_file
from engagement.papers.letters import fill_letters, letter_template, letters_word
from engagement.papers.sheets import contact_list, labels, letters_pdf, question_sheet, run_sheets, stakeholder_list
from engagement.papers.tables import (
    considered_table,
    left_out_table,
    nearby_table,
    neighbours_table,
    notify_table,
    stakeholders_table,
    steps_table,
    visits_table,
)
from siting.documents.csv_files import write_csv
from siting.documents.sheets import Sheet, write_sheets
from siting.inputs.plan import Plan


def write_pack(folder: Path, pack: Pack, plan: Plan, street: bytes, previous: Path, made: datetime) -> None:
    """Write the pack's files into a folder.

    Parameters
    ----------
    street
        The map of the street with numbered doors (SVG).
    previous
        The folder of an earlier issue, whose calendar is counted up from.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_csv(folder / "neighbours.csv", neighbours_table(pack))
    write_csv(folder / "nearby.csv", nearby_table(pack))
    write_csv(folder / "stakeholders.csv", stakeholders_table(pack))
    write_csv(folder / "visits.csv", visits_table(pack))
    note = f"{pack.boundary.words} {pack.own_words}"
    write_sheets(
        folder / "neighbours.xlsx",
        pack.case_code,
        [
            Sheet(name="Neighbours", title="neighbours, nearest first", frame=neighbours_table(pack), note=note),
            Sheet(name="Nearby", title="considered and left out, to 50 m", frame=nearby_table(pack), note=note),
            Sheet(name="Considered", title="every address considered, and why", frame=considered_table(pack), note=note),
            Sheet(name="Left out", title="what was left out, counted", frame=left_out_table(pack), note=note),
            Sheet(name="Visits", title="visits", frame=visits_table(pack), note="Local times."),
        ],
        pack.notice,
    )
    write_sheets(
        folder / "stakeholders.xlsx",
        pack.case_code,
        [
            Sheet(name="People", title="people to contact", frame=stakeholders_table(pack), note="TO BE FOUND is an open task."),
            Sheet(
                name="Steps",
                title="the order of steps",
                frame=steps_table(pack),
                note="Dated back from the visits and the opening day.",
            ),
        ],
        pack.notice,
    )
    _write_papers(folder, pack, plan, street, made)
    old = previous / "visits.ics"
    (folder / "visits.ics").write_bytes(calendar_file(pack, old.read_bytes() if old.is_file() else None, made=made))


def _write_papers(folder: Path, pack: Pack, plan: Plan, street: bytes, made: datetime) -> None:
    engagement = plan.engagement
    own = plan.resolve(engagement.letter) if engagement.letter else None
    template = letter_template(own)
    logo = plan.resolve(engagement.logo) if engagement.logo else None
    (folder / "neighbours.pdf").write_bytes(contact_list(pack, street, made=made))
    (folder / "stakeholders.pdf").write_bytes(stakeholder_list(pack, made=made))
    (folder / "runsheets.pdf").write_bytes(run_sheets(pack, made=made))
    (folder / "labels.pdf").write_bytes(labels(pack, made=made))
    (folder / "questions.pdf").write_bytes(question_sheet(pack, made=made))
    (folder / "letter-wording.docx").write_bytes(template)
    letters = fill_letters(pack, template, engagement.letter or "letter-wording.docx")
    (folder / "letters.docx").write_bytes(letters_word(letters, released=pack.released))
    (folder / "letters.pdf").write_bytes(letters_pdf(pack, letters, logo, made=made))
    if pack.released:
        # What is uploaded is sent: it is only there once letters may go out.
        write_csv(folder / "notify.csv", notify_table(pack))


def clear_unreleased(folder: Path, pack: Pack) -> None:
    """Take an earlier upload file away where letters are not released any more."""
    if not pack.released:
        (folder / "notify.csv").unlink(missing_ok=True)
