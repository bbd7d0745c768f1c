"""A table of places gives the same as columns as it does row by row, whatever stands in it; and there may be many."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.crs import each_in_great_britain, in_great_britain
from siting.faults import stopping
from siting.inputs.points import FEW_ROWS, Points, read_points
from siting.inputs.postcodes import each_covered, not_covered_at

ROW_BY_ROW = 10**9


def written(folder: Path, text: str) -> Path:
    path = folder / "places.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def told(points: Points, faults: list) -> tuple:
    figures = np.column_stack([points.places.x_m, points.places.y_m])
    return points.ids.tolist(), points.names.tolist(), figures, points.places.epsg.tolist(), sorted(map(str, set(faults)))


def assert_same(path: Path) -> tuple[Points, list]:
    by_row, by_column = read_points(path, few_rows=ROW_BY_ROW), read_points(path, few_rows=0)
    one, other = told(*by_row), told(*by_column)
    assert other[4] == one[4]
    if not stopping(by_row[1]):
        assert other[:2] == one[:2]
        assert other[3] == one[3]
        np.testing.assert_allclose(other[2], one[2], rtol=0, atol=1e-6)
    return by_column


PLAIN_KEYS = st.from_regex(r"[A-Za-z]{0,3}[0-9]{1,4}", fullmatch=True)
ODD_KEYS = st.sampled_from(
    [
        "",
        " A1",
        "a1",
        "A1",
        "=A1",
        "COM1",
        "03-Apr",
        "Total",
        "Total 5",
        "max 3",
        "A-1",
        "A.1",
        "A1.",
        "LE15 6AA",
        "Å1",
        "ß1",
        "n/k",
        "5 total",
        "A1\nA2",
    ]
)
EASTINGS = st.sampled_from(
    ["486400", "486400.5", "1", "0", "-5", "900000", "208800", "486,400", "1e5", "", " 486400", "£4", "nan"]
)
NORTHINGS = st.sampled_from(["308800", "308800.25", "1", "1200000", "1400000", "486400", "", "308800 ", "12 miles", "inf"])
NAMES = st.sampled_from(["", "Oak House", "=1+1", "  spaced ", "St John\u2019s", "a\u200bb", "\ufffd"])
POSTCODES = st.sampled_from(["", "", "", "LE15 6AA", "ZZ1 1ZZ"])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.one_of(PLAIN_KEYS, ODD_KEYS), EASTINGS, NORTHINGS, NAMES, POSTCODES).map(list)
        | st.sampled_from(
            [[], ["id", "easting", "northing", "name", "postcode"], ["A9", "486400", "308800", "", "", "surplus"]]
        ),
        min_size=1, max_size=12,
    )
)  # fmt: skip
def test_grid_places_are_the_same_as_columns_and_row_by_row(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    lines = [["id", "easting", "northing", "name", "postcode"], *rows]
    quoted = [[f'"{cell}"' if "," in cell or "\n" in cell else cell for cell in line] for line in lines]
    assert_same(written(tmp_path_factory.mktemp("places"), "\n".join(map(",".join, quoted))))


LATITUDES = st.sampled_from(["52.67", "52.6705", "-52.67", "0", "-0.73", "51.4N", "49.2", "54.2", "42.5", "95", "", "56.0"])
LONGITUDES = st.sampled_from(["-0.73", "-0.7301", "0.73", "0", "52.67", "-2.1", "-4.6", "1.52", "3.2", "", "-0,73"])


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.one_of(PLAIN_KEYS, ODD_KEYS), LATITUDES, LONGITUDES), min_size=1, max_size=12), st.sampled_from(";\t|")
)
def test_places_in_degrees_are_the_same_as_columns_and_row_by_row(
    tmp_path_factory: pytest.TempPathFactory, rows: list, separator: str
) -> None:
    lines = [("Places 2026", "", ""), ("Id", "Lat", "Long"), *rows]
    quoted = [[f'"{cell}"' if "\n" in cell else cell for cell in line] for line in lines]
    assert_same(written(tmp_path_factory.mktemp("places"), "\r\n".join(map(separator.join, quoted))))


@pytest.mark.parametrize(
    "row",
    [
        '"A1\nA2",486400,308800,,,',
        "A1,186400,485600,,,",
        "A1,0,308800,,,",
        "A1,700001,308800,,,",
        "A1,486400,308800,Oak,LE15 6AA,",
        "A1,486400,308800,Oak,ZZ1 1ZZ,",
        "A1,486400,308800,Oak,,=1+1",
        "A1,486400,308800,=1+1,,",
        "COM1,486400,308800,,,",
        "lpt2,486400,308800,,,",
        "Total 5,486400,308800,,,",
        "5 total,486400,308800,,,",
        "03-Apr,486400,308800,,,",
        "A1,486400,308800,\ufffd,,",
        "A1,486400,308800,#REF!,,",
        "A1,486400,308800,   ,,",
        "P1,486400,308800,,,",
        "p1,486400,308800,,,",
        "A1,486400,308800,,,,surplus",
        "A1,486400",
    ],
)
def test_one_row_that_is_not_plain_is_read_as_it_is_alone(row: str, tmp_path: Path) -> None:
    lines = ["id,easting,northing,name,postcode,notes", *(f"P{n},{486000 + n},308800,House {n},,n" for n in range(4)), row]
    assert_same(written(tmp_path, "\n".join(lines)))


def test_a_hundred_thousand_are_read_with_the_few_that_are_wrong(tmp_path: Path) -> None:
    count = 100_000
    lines = [
        "urn,name,easting,northing",
        *(f"{100000 + n},School {n},{400000 + n % 1000},{300000 + n // 1000}" for n in range(count)),
    ]
    lines[70_001] = "170000,School,four,300000"
    lines[70_002] = "100007,School,400000,300000"
    lines[70_003] = "170002,,0,0"
    points, faults = read_points(written(tmp_path, "\n".join(lines)))
    assert count > FEW_ROWS
    assert {(fault.row, fault.column) for fault in stopping(faults)} == {(70_002, "easting"), (70_003, "id")}
    assert points.ids[[0, 9, 70_001, -1]].tolist() == ["100000", "100009", "170002", "199999"]
    assert points.names[[9, 70_001]].tolist() == ["School 9", "170002"]
    assert (points.places.x_m[[9, -1]] == [400_009, 400_999]).all()
    (sea,) = [fault for fault in faults if "in the sea" in fault.problem]
    assert sea.row == 70_004


def test_more_rows_than_a_table_of_homes_may_have_are_read(tmp_path: Path) -> None:
    count = 210_000
    lines = ["id,latitude,longitude", *(f"P{n},{52 + n * 1e-6:.6f},-0.730000" for n in range(count))]
    points, faults = read_points(written(tmp_path, "\n".join(lines)))
    assert faults == []
    assert len(points.ids) == len(set(points.ids)) == count
    assert points.places.known.all()


@pytest.mark.parametrize(
    ("header", "row", "words"),
    [
        ("id,postcode", "P{n},LE15 6AA", "the table has more than 200,000 rows"),
        ("id,easting,northing", "P{n},1 km,2", "more than 200,000 rows hold something else"),
        ("ref,what,where", "P{n},1,2", "no column says where the rows are"),
    ],
)
def test_many_rows_that_cannot_be_read_as_columns_are_refused_in_a_sentence(
    header: str, row: str, words: str, tmp_path: Path
) -> None:
    path = written(tmp_path, "\n".join([header, *(row.format(n=n) for n in range(200_100))]))
    _, faults = read_points(path)
    assert any(words in str(fault) for fault in stopping(faults)), faults[:3]


def test_quotation_marks_that_do_not_match_far_below_are_named(tmp_path: Path) -> None:
    lines = ["id,easting,northing", *(f"P{n},400000,300000" for n in range(6_000)), 'P6000,"4"00000,300000', "P6001,1,1"]
    _, faults = read_points(written(tmp_path, "\n".join(lines)))
    assert [(fault.row, "do not match" in fault.problem) for fault in faults] == [(6_002, True)]


@given(st.lists(st.tuples(st.floats(-10, 4), st.floats(48, 62)), min_size=1, max_size=50))
def test_many_places_are_told_to_be_in_great_britain_as_one_is(places: list[tuple[float, float]]) -> None:
    longitude, latitude = np.array(places).T
    assert each_in_great_britain(longitude, latitude).tolist() == [in_great_britain(*place) for place in places]
    assert each_covered(longitude, latitude).tolist() == [not_covered_at(*place) is None for place in places]


@pytest.mark.parametrize("few_rows", [0, ROW_BY_ROW])
def test_what_lies_in_the_sea_is_used_and_what_is_not_covered_left_out_and_both_are_said(few_rows: int, tmp_path: Path) -> None:
    rows = ["A1,52.67,-0.73", "A2,53.4,1.6", "A3,54.2,-4.6", "A4,52.68,-0.73"]
    points, faults = read_points(written(tmp_path, "\n".join(["id,latitude,longitude", *rows])), few_rows)
    assert stopping(faults) == ()
    assert sorted((fault.row, fault.problem.split(",")[0].split(" or ")[0]) for fault in faults) == [
        (3, "the place is in the sea"),
        (4, "this is in the Isle of Man"),
    ]
    assert points.places.known.tolist() == [True, True, False, True]


def test_a_schools_number_is_its_key_and_its_name_stands_beside_it(tmp_path: Path) -> None:
    points, faults = read_points(written(tmp_path, "URN,School,Easting,Northing\n100001,St Mary's,486400,308800\n"))
    assert (points.ids.tolist(), points.names.tolist()) == (["100001"], ["St Mary's"])
    assert [fault.column for fault in faults] == [None]


@pytest.mark.parametrize("header", ["Name,Easting,Northing", "postcode,easting,northing"])
def test_without_a_key_names_or_postcodes_beside_exact_places_are_it(header: str, tmp_path: Path) -> None:
    points, faults = read_points(written(tmp_path, f"{header}\nLE15 6AA,486400,308800\n"))
    assert points.ids.tolist() == ["LE15 6AA"]
    assert stopping(faults) == ()
    assert "for id" in faults[0].problem
