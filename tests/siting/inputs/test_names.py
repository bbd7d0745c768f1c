"""Names that join tables: a misspelt one is asked about, a real one never doubted."""

from pathlib import Path

from siting.faults import Severity, stopping
from siting.inputs.council_names import plain_name
from siting.inputs.names import Named, council_faults, one_spelling, place_name_faults
from siting.inputs.rows import ChildRow
from siting.inputs.tables import read_table


def councils(*names: str, reference: tuple[str, ...] = ()) -> list[tuple[int | None, str]]:
    """Return the rows that are asked about, each with what may be meant."""
    used = [Named(name=name, file="t.csv", row=row, column="authority") for row, name in enumerate(names, start=2)]
    return [(fault.row, fault.remedy.partition(";")[0]) for fault in council_faults(used, reference)]


def test_a_misspelt_council_is_asked_about() -> None:
    assert councils("Reading", "Redding", reference=("Reading", "Oxfordshire")) == [(3, "Did you mean Reading")]
    assert councils("Redding") == [(2, "Did you mean Reading")], "beside the councils that there are"
    assert councils("Region X", "Region X", "Regoin X") == [(4, "Did you mean Region X")], "beside what is written more often"


def test_councils_alike_that_there_are_are_not_doubted() -> None:
    assert councils("Northampton", "Southampton", "East Sussex", "West Sussex", "North Somerset", "Somerset") == []
    assert councils("Reading Borough Council", "London Borough of Brent", reference=("Reading", "Brent")) == []
    assert councils("Atlantis", reference=("Reading",)) == []
    used = [Named(name="Atlantis", file="t.csv", row=2, column="authority")]
    (fault,) = council_faults(used, ("Reading",), sure=False)
    assert fault.severity is Severity.WARNING
    assert councils("Atlantis") == []


def test_a_shortened_council_is_asked_about() -> None:
    assert councils("Bucks", "Buckinghamshire") == [(2, "Did you mean Buckinghamshire")]
    assert councils("MK", reference=("Milton Keynes",)) == [(2, "Did you mean Milton Keynes")]


def test_real_districts_are_not_doubted() -> None:
    assert councils("East Cambridgeshire", "Newcastle-under-Lyme Borough Council", "Woking") == []


def test_a_council_that_a_person_confirms_is_used_and_said() -> None:
    used = [Named(name="Redding", file="t.csv", row=2, column="authority", confirmed=True)]
    (fault,) = council_faults(used, ("Reading",))
    assert fault.severity is Severity.WARNING
    assert "used as it stands" in fault.remedy
    (fault,) = council_faults([Named(name="Redding", file="plan.toml", row=None, column="authorities")], ("Reading",))
    assert 'name_is_right = true under [authorities."Redding"]' in fault.remedy
    (fault,) = council_faults([Named(name="Redding", file="t.csv", row=2, column="authority")], ("Reading",))
    assert "write authority into a column confirmed_values" in fault.remedy


def test_figures_and_letters_of_welsh_part_names_or_do_not() -> None:
    assert len({plain_name(name) for name in ("E06000060", "E06000038", "Ward 1", "Ward 2")}) == 4
    assert plain_name("Cyngor Ynys Môn") == plain_name("cyngor ynys mon")


def test_a_code_is_no_council_s_name(tmp_path: Path) -> None:
    rows = "C1,HP11 2PX,E06000060\nC2,HP11 2PX,825\nC3,HP11 2PX,Reading\n"
    (tmp_path / "t.csv").write_text(f"child_ref,postcode,LA\n{rows}", encoding="utf-8")
    assert [(fault.row, fault.column) for fault in stopping(read_table(tmp_path / "t.csv", ChildRow).faults)] == [
        (2, "LA"),
        (3, "LA"),
    ]


def test_letters_that_the_plan_does_not_know_are_said() -> None:
    used = [Named(name="BCC", file="t.csv", row=2, column="authority")]
    (fault,) = council_faults(used, ("Buckinghamshire",), sure=False)
    assert (fault.row, fault.severity) == (2, Severity.WARNING)


def test_towns_spelt_in_two_ways_are_said() -> None:
    used = [
        Named(name=name, file="t.csv", row=row, column="town")
        for row, name in enumerate(["High Wycombe", "High Wycombe", "high  wycombe", "High Wycome", "Marlow"])
    ]
    (fault,) = place_name_faults(used, "town")
    assert fault.row == 3
    assert "looks like High Wycombe" in fault.problem


def test_case_and_spaces_part_no_two_names() -> None:
    spell = one_spelling(["High Wycombe", None, "high  wycombe"])
    assert [spell(name) for name in ("HIGH WYCOMBE ", "High Wycombe", None) if name is None or name.strip()] == [
        "High Wycombe",
        "High Wycombe",
        None,
    ]
