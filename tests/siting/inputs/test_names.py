"""Names that join tables: a misspelt one is asked about, a real one never doubted."""

from siting.faults import Severity
from siting.inputs.names import Named, council_faults, one_spelling, place_name_faults


def councils(*names: str, reference: tuple[str, ...] = ()) -> list[tuple[int | None, str]]:
    used = [Named(name=name, file="t.csv", row=row, column="authority") for row, name in enumerate(names, start=2)]
    return [(fault.row, fault.remedy) for fault in council_faults(used, reference)]


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
