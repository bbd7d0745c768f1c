"""Earlier issues do not go on naming whoever is gone since."""

import csv
from pathlib import Path

from engagement.papers.earlier_issues import clean_earlier

HEAD = "number,what,address,already_told\r\n"


def day(folder: Path, name: str, content: str | None) -> Path:
    made = folder / "reissue" / name
    made.mkdir(parents=True)
    for file in ("letters.docx", "letters.pdf", "labels.pdf", "notify.csv", "visits-cancelled.ics"):
        (made / file).write_bytes(b"x")
    if content is not None:
        (made / "changes.csv").write_bytes(content.encode("utf-8-sig"))
    return made


def test_whose_number_is_gone_is_taken_out_and_nobody_else(tmp_path: Path) -> None:
    day(tmp_path, "2027-01-02", HEAD + '3,another time,"12 Station Road, Marlow",yes\r\n4,invited since,"14 Mill Lane",no\r\n')
    day(tmp_path, "2027-01-05", HEAD + '4,another time,"14 Mill Lane",no\r\n9,not invited any more,,yes\r\n')
    cleaned = clean_earlier(tmp_path, {4})
    (name,) = cleaned.rewritten
    assert name == Path("reissue/2027-01-02/changes.csv")
    rows = list(csv.DictReader(cleaned.rewritten[name].decode("utf-8-sig").splitlines()))
    assert [(row["number"], row["what"], row["address"], row["already_told"]) for row in rows] == [
        ("3", "another time", "", "yes"),
        ("4", "invited since", "14 Mill Lane", "no"),
    ]
    gone = {path.as_posix() for path in cleaned.gone}
    assert gone == {f"reissue/2027-01-02/{file}" for file in ("letters.docx", "letters.pdf", "labels.pdf", "notify.csv")}
    (told,) = cleaned.told("H04")
    assert "2027-01-02" in told.problem
    assert "Station" not in str(told)


def test_where_it_is_not_known_who_is_named_nothing_is_kept(tmp_path: Path) -> None:
    day(tmp_path, "2027-01-02", None)
    day(tmp_path, "2027-01-03", "somebody,changed,this\n1,2,12 Station Road\n")
    day(tmp_path, "2027-01-04", HEAD + "3,another time,12 Station Road,no\n")
    cleaned = clean_earlier(tmp_path, frozenset())
    assert {path.parent.name for path in cleaned.gone} == {"2027-01-02", "2027-01-03", "2027-01-04"}
    assert Path("reissue/2027-01-03/changes.csv") in cleaned.gone
    assert set(cleaned.rewritten) == {Path("reissue/2027-01-04/changes.csv")}


def test_a_note_that_somebody_wrote_beside_goes_with_the_address(tmp_path: Path) -> None:
    head = "number;what;address;already_told;note\n".replace(";", ",")
    day(tmp_path, "2027-01-02", head + '3,another time,"12 Station Road",no,Mrs Jones at 12\n')
    (content,) = clean_earlier(tmp_path, {4}).rewritten.values()
    assert b"Jones" not in content
    assert clean_earlier(tmp_path / "nothing", {1}).gone == ()
