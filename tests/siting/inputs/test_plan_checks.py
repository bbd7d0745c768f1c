"""Settings that contradict each other are faults, and columns that a user chose are read."""

from pathlib import Path

import pytest

from siting.faults import InputFaultsError
from siting.inputs.columns_file import columns_text, read_columns
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import PlanInputs, read_inputs

PLAN = """
[area]
network = "roads.osm.pbf"
[[schools]]
name = "The school"
grid_reference = "SU 8629 9213"
[inputs]
candidates = "homes.csv"
children = "children.csv"
"""
HOMES = "home_id,postcode\nH1,HP11 2JZ\nH2,HP20 1US\n"
CHILDREN = "child_ref,authority,postcode\nC1,Reading,HP11 2PX\nC2,Kent,\n"


def read(folder: Path, plan: str = "", homes: str = HOMES, children: str = CHILDREN, **files: str) -> PlanInputs:
    (folder / "roads.osm.pbf").write_bytes(b"")
    for name, text in {"plan.toml": PLAN + plan, "homes.csv": homes, "children.csv": children, **files}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_inputs(Plan.read(folder / "plan.toml"))


def told(folder: Path, plan: str = "", **files: str) -> str:
    with pytest.raises(InputFaultsError) as caught:
        read(folder, plan, **files)
    return str(caught.value)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ('[portfolio]\nlocked = ["H1"]\nbarred = ["h1"]', "H1 is both locked and barred"),
        ('[portfolio]\nhomes = 1\nlocked = ["H1", "H2"]', "2 homes are locked and only 1 may be chosen"),
        (
            '[authorities]\n"Reading" = { beds = 1 }\n"Reading Borough Council" = { beds = 2 }',
            "Reading and Reading Borough Council are one council, whose beds would count twice",
        ),
        ('[portfolio]\nlocked = ["H01"]', "the candidates table has no H01. Did you mean H1"),
        ("[engagement]\nstart = 16:00:00\nend = 10:00:00", "a visiting day ends before it begins"),
        ('[engagement]\nevening = "19:00-18:00"', "19:00-18:00 ends before it begins"),
        ('[engagement]\nend = 18:30:00\nevening = "18:00-20:00"', "overlaps the visiting day"),
        ('[engagement]\nbreaks = ["12:00-13:00", "12:30-13:30"]', "overlap"),
        ('[engagement]\nbreaks = ["noon"]', "this is no span of time"),
        ('[engagement]\nhosts = ["Sam", "sam "]', "is named twice"),
        ("[engagement]\nopening_day = 2027-03-01\ndays = [2027-03-02]", "the visiting day 2027-03-02 is after the opening"),
        ("[engagement]\ndays = [2027-03-02, 2027-03-02]", "2027-03-02 is named twice"),
        (
            "[engagement]\nopening_day = 2027-03-01\n[engagement.drop_in]\ndate = 2027-03-05",
            "the drop-in session on 2027-03-05 is after",
        ),
        (
            "[engagement.drop_in]\ndate = 2027-03-05\nstart = 19:00:00\nend = 15:00:00",
            "session ends before it begins",
        ),
        ("[authorities]\nRedding = { beds = 2 }", "Redding is not known, and looks like Reading. Did you mean Reading"),
    ],
)
def test_contradictions_are_faults(tmp_path: Path, plan: str, said: str) -> None:
    assert said in told(tmp_path, plan)


def test_a_maximum_without_a_place_to_count_from_is_refused(tmp_path: Path) -> None:
    children = "child_ref,postcode,max_minutes\nC1,HP11 2PX,30\nC2,,30\n"
    assert "row 3: a maximum of minutes to the family cannot be kept" in told(tmp_path, children=children)


def test_the_children_s_places_may_not_all_be_missing_by_a_heading(tmp_path: Path) -> None:
    assert "no column says where the families live" in told(tmp_path, children="child_ref,authority,where\nC1,Reading,HP11 2PX\n")


@pytest.mark.parametrize(
    ("home", "said"),
    [
        (",0,0,,", "both figures are 0"),
        (",54.6,-5.93,,", "this is in Northern Ireland, which the planner does not cover"),
        (",49.2,-2.1,,", "in the Channel Islands"),
        (",48.85,2.35,,", "the place is not in Great Britain, and the school is"),
        ("BT1 5GS,,,,", "in Northern Ireland, which the planner does not cover (BT1 5GS)"),
        ("IM1 1AA,,,,", "in the Isle of Man"),
        ("HP11 2ZZ,,,,", "this postcode does not exist"),
        ("HP11 2JO,,,,", "no postcode has C, I, K, M, O or V among its last two letters"),
        ("HPI1 2JZ,,,,", "did you mean HP11 2JZ"),
        ("HP11,,,,", "only the first half of a postcode"),
        ("9C3XGV4P+QF,,,,", "this is a plus code"),
        ("///filled.count.soap,,,,", "this is a what3words address"),
        (",,,SK 86 08,", "needs six, eight or ten figures"),
        (",,,SK 860 088 1,", "needs six, eight or ten figures"),
        (",,,ZZ 860 088,", "no square of the National Grid is called ZZ"),
    ],
)
def test_what_is_no_place_of_great_britain_is_said(tmp_path: Path, home: str, said: str) -> None:
    homes = f"home_id,postcode,latitude,longitude,grid_reference,note\nH1,{home}\n"
    assert said in told(tmp_path, homes=homes)
    children = f"child_ref,postcode,latitude,longitude,grid_reference,note\nC1,{home}\n"
    private = told(tmp_path, children=children)
    for secret in ("BT1 5GS", "IM1 1AA", "HP11 2ZZ", "HP11 2JO", "HPI1", "filled.count.soap", "9C3X", "SK 86 08", "ZZ 860"):
        assert secret not in private


@pytest.mark.parametrize(
    ("reference", "at", "accuracy_m"),
    [("SK 860 088", (486_050, 308_850), 100), ("SK8605008850", (486_050, 308_850), 0), ("su 8569 9403", (485_695, 194_035), 10)],
)
def test_grid_references_are_read(tmp_path: Path, reference: str, at: tuple[float, float], accuracy_m: float) -> None:
    home = read(tmp_path, homes=f"home_id,grid_reference\nH1,{reference}\n").homes[0]
    assert (home.place.x_m, home.place.y_m) == at
    assert home.place.accuracy_m == accuracy_m
    assert read(tmp_path, homes=f"home_id,postcode\nH1,{reference}\n").homes[0].place.x_m == at[0]


def test_one_house_listed_twice_is_a_group_and_a_fault_where_both_stand(tmp_path: Path) -> None:
    homes = "home_id,postcode,uprn,easting,northing,status\n{}"
    rows = "H1,HP20 1US,99,482078,213648,{0}\nH2,HP20 1US,099,482079,213649,{1}\n"
    found = read(tmp_path, homes=homes.format(rows.format("candidate", "open")))
    assert found.same_house == (("H1", "H2"),)
    assert any("H2 looks like the same house as H1 in row 2" in str(warning) for warning in found.warnings)
    assert "its beds would count twice" in told(tmp_path, homes=homes.format(rows.format("bought", "open")))


def test_columns_that_a_user_chose_are_read(tmp_path: Path) -> None:
    chosen = {"candidates": {"Beds": "bedrooms", "Placed alone": "own"}}
    homes = "Ref,Address,Postcode,Beds,Price\nH1,1 Mill Road,HP11 2JZ,5,425000\n"
    assert "column Beds" in told(tmp_path, homes=homes)
    found = read(tmp_path, homes=homes, **{"columns.csv": columns_text(chosen)})
    assert found.homes[0].row.bedrooms == 5
    assert tmp_path / "columns.csv" in found.files
    assert read_columns(tmp_path / "columns.csv") == chosen
    assert "column field: this word is not known" in told(tmp_path, **{"columns.csv": "table,heading,field\nchildren,X,beds\n"})


def test_a_plan_that_is_no_text_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "deep.toml").write_text("a = " + "[" * 5_000, encoding="utf-8")
    (tmp_path / "large.toml").write_bytes(b"#" * 2_000_000)
    (tmp_path / "d").mkdir()
    for name in ("deep.toml", "large.toml", "d", "nowhere.toml"):
        with pytest.raises(InputFaultsError):
            Plan.read(tmp_path / name)
