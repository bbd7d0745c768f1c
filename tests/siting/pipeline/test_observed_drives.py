"""A plan's own observed journeys: read as people write them, compared by the hour, and taken over only when told to."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest
from openpyxl import Workbook

from siting.faults import InputFaultsError, UsageError
from siting.inputs.observed_hours import scenario_of
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import read_inputs
from siting.pipeline.evaluating import evaluate
from siting.pipeline.observed_drives import apply_figures, run_observed
from siting.roads.cache import open_network
from siting.roads.joining import join_places
from siting.storage.kept import bundled_data
from siting.times.matrix import time_matrix_ms
from siting.travel_model import TravelModel
from siting.words import Scenario

NETWORK = bundled_data() / "chilterns" / "chilterns.osm.pbf"
HEADINGS = "From,To,Date,Departed,Minutes,Source,Minutes high\n"
PLACES = {"H1": "HP20 1US", "H2": "HP13 5SU", "H3": "SL6 1RR", "H4": "RG9 1AJ", "H5": "HP6 5DH", "H6": "SL7 1AA"}


def plan_with(folder: Path, drives: str, more: str = "") -> Path:
    (folder / "homes.csv").write_text(
        "home_id,postcode\n" + "".join(f"{key},{place}\n" for key, place in PLACES.items()), encoding="utf-8"
    )
    (folder / "drives.csv").write_text(HEADINGS + drives, encoding="utf-8")
    path = folder / "plan.toml"
    path.write_text(
        f'# our plan\n[area]\nnetwork = "{NETWORK.as_posix()}"\n[[schools]]\nname = "The school"\npostcode = "HP11 2JZ"\n'
        f'[inputs]\ncandidates = "homes.csv"\nobserved = "drives.csv"\n{more}',
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize(
    ("day", "departed", "scenario"),
    [
        ("2026-11-03", "08:15", Scenario.SCHOOL_RUN),
        ("2026-11-03", "15:20", Scenario.SCHOOL_RUN),
        ("2026-11-03", "11:00", Scenario.TYPICAL),
        ("2026-11-07", "08:15", Scenario.TYPICAL),
        ("2026-08-04", "08:15", Scenario.TYPICAL),
        ("2026-12-28", "08:15", Scenario.TYPICAL),
        ("2026-02-17", "08:15", Scenario.TYPICAL),
        ("2026-04-02", "08:15", Scenario.TYPICAL),
        ("2026-05-28", "08:15", Scenario.TYPICAL),
        ("2026-10-28", "08:15", Scenario.TYPICAL),
        ("2026-05-04", "08:15", Scenario.TYPICAL),
        ("2026-05-11", "08:15", Scenario.SCHOOL_RUN),
        ("2026-02-24", "08:15", Scenario.SCHOOL_RUN),
        ("2026-11-03", "02:00", Scenario.FREE_FLOW),
        ("2026-11-03", "23:00", Scenario.FREE_FLOW),
    ],
)
def test_the_hour_and_the_day_say_which_roads(day: str, departed: str, scenario: Scenario) -> None:
    assert scenario_of(dt.date.fromisoformat(day), dt.time.fromisoformat(departed)) is scenario


def test_journeys_are_read_as_people_write_them(tmp_path: Path) -> None:
    drives = 'h1,the school,3/11/2026,8.15,31,Drive,\n"51.63,-0.75",H2,2026-11-03,08:15:00,12,sat nav,15\n'
    first, second = read_inputs(Plan.read(plan_with(tmp_path, drives))).observed
    assert (first.day, first.departed, first.source) == (dt.date(2026, 11, 3), dt.time(8, 15), "drive")
    assert (second.source, second.minutes_high) == ("sat-nav", 15)


def test_every_row_that_is_not_understood_is_named(tmp_path: Path) -> None:
    drives = (
        "H1,The school,2026-11-03,8:15,31,drive,\nH99,The school,2026-11-03,8:15,31,drive,\nH1,The school,soon,8:15,31,drive,\n"
        "H1,The school,2026-11-03,8:15,-3,drive,\nH1,The school,2026-11-03,8:15,31,guess,\n"
        "H1,The school,2026-11-03,8:15,31,drive,20\n"
    )
    with pytest.raises(InputFaultsError) as raised:
        read_inputs(Plan.read(plan_with(tmp_path, drives)))
    assert [(fault.row, fault.column) for fault in raised.value.faults] == [
        (3, "from"), (4, "date"), (5, "minutes"), (6, "source"), (7, "minutes_high"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "read"),
    [
        ("3/11/2026,8.15,31", (dt.date(2026, 11, 3), dt.time(8, 15), 31.0)),
        ("Tue 3 November 2026,3:20pm,31 min", (dt.date(2026, 11, 3), dt.time(15, 20), 31.0)),
        ("3rd Nov 2026,0815,31 mins", (dt.date(2026, 11, 3), dt.time(8, 15), 31.0)),
        ("2026-11-03 00:00:00,12.05 am,31.5", (dt.date(2026, 11, 3), dt.time(0, 5), 31.5)),
        ("3/11/26,8.15,31", "date"),
        ("31/11/2026,8.15,31", "date"),
        ("11/30/2026,8.15,31", "date"),
        ("3/11/2026,half eight,31", "departed"),
        ("3/11/2026,8,31", "departed"),
        ("3/11/2026,25:10,31", "departed"),
        ("3/11/2026,13:10 pm,31", "departed"),
        ("3/11/2026,8.15,0:31", "minutes"),
        ("3/11/2026,8.15,1h05", "minutes"),
        ("3/11/2026,8.15,25-40 min", "minutes"),
        ("3/11/2026,8.15,0", "minutes"),
        ("3/11/2026,8.15,601", "minutes"),
    ],
)
def test_days_times_and_minutes_are_read_as_typed_or_asked_about(tmp_path: Path, cells: str, read: object) -> None:
    path = plan_with(tmp_path, f"H1,The school,{cells},Google Maps,\n")
    if isinstance(read, tuple):
        (journey,) = read_inputs(Plan.read(path)).observed
        assert (journey.day, journey.departed, journey.minutes, journey.source) == (*read, "sat-nav")
        return
    with pytest.raises(InputFaultsError) as raised:
        read_inputs(Plan.read(path))
    (fault,) = raised.value.faults
    assert (fault.row, fault.column) == (2, read)


def test_a_workbook_of_drives_is_read_by_what_its_headings_mean_and_nothing_is_passed_over(tmp_path: Path) -> None:
    path = plan_with(tmp_path, "")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Test drives, autumn term"],
        ["From", "Destination", "Day", "Time set off", "Mins", "High", "Source", "Driver"],
        ["H1", "The school", dt.datetime(2026, 11, 3), dt.time(8, 15), 31, 44, "Sat nav", "SE"],  # noqa: DTZ001
        ["H2", "The school", "3/11/2026", "8.20", 12, None, "Drove", "SE"],
        ["H3", "The school", "3/11/2026", "8.20", 99, None, "Drove", "out"],
    ):
        sheet.append(row)
    sheet.row_dimensions[5].hidden = True
    book.save(tmp_path / "drives.xlsx")
    path.write_text(path.read_text(encoding="utf-8").replace("drives.csv", "drives.xlsx"), encoding="utf-8")
    inputs = read_inputs(Plan.read(path))
    first, second = inputs.observed
    assert (first.day, first.departed, first.minutes, first.minutes_high) == (dt.date(2026, 11, 3), dt.time(8, 15), 31, 44)
    assert (second.departed, second.minutes, second.source) == (dt.time(8, 20), 12, "drive")
    told = " ".join(f"{fault.row} {fault.problem}" for fault in inputs.warnings if fault.file == "drives.xlsx")
    for words in ('"Mins" for minutes', '"Time set off" for departed', '"High" for minutes_high', "hidden"):
        assert words in told, words


def test_faults_of_the_drives_are_told_with_those_of_the_other_tables(tmp_path: Path) -> None:
    path = plan_with(tmp_path, "H1,The school,soon,8:15,31,drive,\n", more='children = "children.csv"\n')
    (tmp_path / "children.csv").write_text("child_ref,postcode\nC1,nowhere\n", encoding="utf-8")
    with pytest.raises(InputFaultsError) as raised:
        read_inputs(Plan.read(path))
    assert {fault.file for fault in raised.value.faults} == {"children.csv", "drives.csv"}


def test_all_faults_of_a_row_are_told_at_once_its_ends_among_them(tmp_path: Path) -> None:
    drives = "H9,nowhere,yesterday,8:15,ten,drive,\nH1,H2,2026-11-03,8:15,12,drive,\n,elsewhere,2026-11-03,8:15,12,drive,\n"
    path = plan_with(tmp_path, drives)

    def told() -> list[tuple[int, str]]:
        with pytest.raises(InputFaultsError) as error:
            read_inputs(Plan.read(path))
        return sorted((one.row or 0, (one.column or "").casefold()) for one in error.value.faults if one.file == "drives.csv")

    assert told() == [(2, "date"), (2, "from"), (2, "minutes"), (2, "to"), (4, "from"), (4, "to")]
    # Which homes there are is not known here, so that no end is doubted; the rest is told with the homes' faults.
    (tmp_path / "homes.csv").write_text("home_id,postcode\nH1,nowhere\n", encoding="utf-8")
    assert told() == [(2, "date"), (2, "minutes"), (4, "from")]


def test_a_planted_factor_is_proposed_and_taken_over_only_when_told_to(tmp_path: Path) -> None:
    path = plan_with(
        tmp_path,
        "H1,The school,3/11/2026,8.15,31,drive,\n",
        '[model]\n"limit_share.minor" = 0.8  # ours\n[rules]\nschool_minutes = 45\n',
    )
    inputs = read_inputs(Plan.read(path))
    network = open_network(NETWORK, inputs.plan.travel_model)
    homes, school = join_places(network, [home.place for home in inputs.homes]), join_places(network, [inputs.schools[0].place])
    minutes = time_matrix_ms(network, homes, school, Scenario.SCHOOL_RUN)[:, 0] / 60_000
    drives = [
        f"{home.row.home_id},The school,2026-11-03,08:15,{1.3 * value:.2f},drive,{1.3 * 1.2 * value:.2f}"
        for home, value in zip(inputs.homes, minutes, strict=True)
    ]
    (tmp_path / "drives.csv").write_text(HEADINGS + "\n".join(drives) + "\n", encoding="utf-8")
    before = path.read_text(encoding="utf-8")
    outcome = run_observed(path)
    assert path.read_text(encoding="utf-8") == before
    assert {file.name for file in outcome.files} == {"plan-observed.md", "plan-observed.png"}
    assert "1.30" in (tmp_path / "plan-observed.md").read_text(encoding="utf-8")
    run_observed(path, apply=True)
    changed = tomllib.loads(path.read_text(encoding="utf-8"))
    assert changed["model"]["local.school_run"] == pytest.approx(1.3, rel=0.05)
    assert 0.05 <= changed["model"]["model_error"] < 0.18
    assert changed["model"]["bad_day"] == pytest.approx(1.19, abs=0.03)
    assert changed["model"]["limit_share.minor"] == 0.8
    assert changed["rules"] == {"school_minutes": 45}
    assert "# our plan" in path.read_text(encoding="utf-8")
    again = path.read_text(encoding="utf-8")
    run_observed(path, apply=True)
    assert path.read_text(encoding="utf-8") == again, "the factors in force are not applied twice"


def test_one_or_two_odd_drives_propose_nothing_and_change_nothing(tmp_path: Path) -> None:
    path = plan_with(tmp_path, "H1,The school,2026-11-03,08:15,240,drive,\nH2,The school,2026-11-03,08:15,90,drive,\n")
    before = path.read_bytes()
    outcome = run_observed(path, apply=True)
    assert path.read_bytes() == before
    assert not outcome.summary
    assert "say nothing sure" in outcome.note
    assert "say nothing sure" in (tmp_path / "plan-observed.md").read_text(encoding="utf-8")


def test_a_local_factor_lengthens_every_part_of_a_journey(tmp_path: Path) -> None:
    del tmp_path
    plain, slow = (open_network(NETWORK, TravelModel(changes=(("local.school_run", factor),))) for factor in (1.0, 1.3))
    joins = [join_places(network, [home.place for home in read_sample()]) for network in (plain, slow)]
    before, after = (
        time_matrix_ms(network, join, join, Scenario.SCHOOL_RUN) for network, join in zip((plain, slow), joins, strict=True)
    )
    apart = before > 600_000
    assert (after[apart] / before[apart]).min() > 1.29
    assert (after[apart] / before[apart]).max() < 1.301


def read_sample() -> list:  # type: ignore[type-arg]
    return list(read_inputs(Plan.read(bundled_data() / "chilterns" / "plan.toml")).homes)


def test_a_plan_written_in_another_way_is_not_touched(tmp_path: Path) -> None:
    path = plan_with(tmp_path, "", "model = { bad_day = 1.1 }\n")
    path.write_text(
        "model = { bad_day = 1.1 }\n" + path.read_text(encoding="utf-8").replace("model = { bad_day = 1.1 }\n", ""),
        encoding="utf-8",
    )
    before = path.read_bytes()
    with pytest.raises(UsageError, match="by hand"):
        apply_figures(path, {"local.typical": 1.2})
    assert path.read_bytes() == before


def test_a_plan_without_observed_journeys_is_told_how(tmp_path: Path) -> None:
    path = plan_with(tmp_path, "")
    path.write_text(path.read_text(encoding="utf-8").replace('observed = "drives.csv"\n', ""), encoding="utf-8")
    with pytest.raises(UsageError, match=r"drives\.csv"):
        run_observed(path)


def test_a_misspelt_end_of_a_journey_is_guessed(tmp_path: Path) -> None:
    drives = "H1,The scool,3/11/2026,8.15,31,Drive,\nH1,the  school,3/11/2026,8.15,31,Drive,\n"
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(Plan.read(plan_with(tmp_path, drives)))
    (fault,) = caught.value.faults
    assert (fault.row, fault.column, fault.remedy) == (2, "to", "Did you mean The school")


def test_a_single_drive_is_told_in_its_own_homes_reasons_and_what_cannot_be_compared_is_named(tmp_path: Path) -> None:
    path = plan_with(
        tmp_path,
        'H1,The school,2026-10-28,08:15,41,drive,\nH2,"57.48,-4.22",2026-11-03,08:15,31,drive,\n',
    )
    homes = evaluate(path).homes.set_index("home_id")["reasons"]
    assert "Observed: H1 to The school 41 minutes (drive, 28 October 2026 at 08:15), where the model has" in homes["H1"]
    assert "57.48" not in homes["H2"]
    assert not homes.drop("H1").str.contains("Observed").any()
    outcome = run_observed(path)
    assert any("H2 to 57.48,-4.22" in warning.problem for warning in outcome.warnings)
    report = (tmp_path / "plan-observed.md").read_text(encoding="utf-8")
    assert "(the autumn half-term)" in report
    assert "nan" not in report
