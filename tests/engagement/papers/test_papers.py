"""The pack of the sample's home, as files: complete, readable, giving nothing away."""

import csv
import re
from pathlib import Path

import pytest
from docx import Document
from icalendar import Calendar
from marlow_plan import copy_issued, write_marlow_plan
from pypdf import PdfReader

from siting.documents.pdf_text import texts_of_pages
from siting.faults import UsageError
from siting.page.worker_calls import check as page_check
from siting.pipeline import run_decide, run_engage, run_log, run_why
from siting.progress import silent

FILES = {
    "neighbours.csv", "neighbours.xlsx", "neighbours.pdf", "nearby.csv", "stakeholders.csv", "stakeholders.xlsx",
    "stakeholders.pdf", "labels.pdf", "letters.docx", "letters.pdf", "letter-wording.docx", "visits.csv", "visits.ics",
    "runsheets.pdf", "questions.pdf", "questions.docx", "register.sqlite", "map-internal.html", "issue.json",
    "letters-members.docx", "letters-members.pdf", "letters-police.docx", "letters-police.pdf", "letters-heads.docx",
    "letters-heads.pdf", "letters-fire.docx", "letters-fire.pdf",
}  # fmt: skip


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return copy_issued(tmp_path_factory.mktemp("pack"))


@pytest.fixture
def out(issued: tuple[Path, Path]) -> Path:
    return issued[1]


@pytest.fixture
def pack(out: Path) -> Path:
    return out / "homes" / "H04"


def text_of(path: Path) -> str:
    return "\n".join(texts_of_pages(path.read_bytes()))


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_the_pack_is_complete(pack: Path) -> None:
    assert {path.name for path in pack.iterdir()} == FILES


def test_every_neighbour_is_on_every_paper(pack: Path) -> None:
    neighbours = rows_of(pack / "neighbours.csv")
    assert [row["address"] for row in neighbours[:2]] == ["12 Station Road, Marlow, SL7 1QN", "16 Station Road, Marlow, SL7 1QN"]
    assert len(rows_of(pack / "visits.csv")) == len(neighbours) == 17
    listed, labels, letters = (re.sub(r"\s+", " ", text_of(pack / f"{name}.pdf")) for name in ("neighbours", "labels", "letters"))
    for row in neighbours:
        door = row["address"].split(", Marlow")[0].split(", ")[-1]
        assert door in listed
        assert door in labels
        assert door in letters
    assert len(PdfReader(pack / "letters.pdf").pages) == 17
    assert sum(p.text.startswith("Dear") for p in Document(str(pack / "letters.docx")).paragraphs) == 17


def test_papers_are_tagged_and_say_what_they_are(pack: Path) -> None:
    for name in ("neighbours", "stakeholders", "runsheets"):
        reader = PdfReader(pack / f"{name}.pdf")
        assert "/MarkInfo" in reader.trailer["/Root"]
        for number, page in enumerate(texts_of_pages((pack / f"{name}.pdf").read_bytes()), start=1):
            text = re.sub(r"\s+", " ", page)
            assert "Official: sensitive" in text
            assert f"page {number} of {len(reader.pages)}" in text
            assert "OpenStreetMap" in text
        assert "Station Road" not in str(reader.metadata)


def test_what_neighbours_are_handed_is_marked_as_nothing_else(pack: Path) -> None:
    reader = PdfReader(pack / "questions.pdf")
    assert "/MarkInfo" in reader.trailer["/Root"]
    told = f"{text_of(pack / 'questions.pdf')} {reader.metadata}"
    for word in ("sensitive", "H04", "Chilterns", "addresses.csv", "OpenStreetMap", "Station Road"):
        assert word not in told
    assert "Invented Care Ltd" in told
    assert "page 1 of" in told
    listed = re.sub(r"\s+", " ", text_of(pack / "stakeholders.pdf"))
    assert "Addresses of residents" not in listed
    assert not re.search(r"\bsiting |\[inputs\]|the plan|gias|\.gpkg", listed), "no paper speaks to whoever runs the program"


def test_members_police_and_heads_have_letters_of_their_own(pack: Path) -> None:
    people = rows_of(pack / "stakeholders.csv")
    for kind, role in (("members", "Elected member|Parish"), ("police", "Police: "), ("heads", " school$")):
        named = [row["name"] for row in people if re.search(role, row["role"]) and row["name"] != "TO BE FOUND"]
        reader = PdfReader(pack / f"letters-{kind}.pdf")
        assert len(reader.pages) == len(named) > 0
        document = Document(str(pack / f"letters-{kind}.docx"))
        told = [p.text for p in document.paragraphs]
        for page, name in zip(texts_of_pages((pack / f"letters-{kind}.pdf").read_bytes()), named, strict=True):
            text = re.sub(r"\s+", " ", page)
            assert f"Dear {name}," in text
            assert f"Dear {name}," in told
            assert "DRAFT" in text, "not released before the briefing"
            assert "14 Station Road" in text
            assert not re.search(r"\{|\bsiting|H04|Chilterns", text)
        about = document.core_properties
        words = f"{reader.metadata} {about.title} {about.subject} {about.keywords} {about.comments}"
        assert not re.search("H04|Chilterns|Station", words)
        assert about.author == "Invented Care Ltd"
        assert "DRAFT" in document.sections[0].header.paragraphs[0].text


def test_labels_lie_where_the_sheet_has_them(pack: Path) -> None:
    """L7160: the first label's text begins 7.21 + 5 mm from the left edge, the second's 66.04 mm further."""
    page = PdfReader(pack / "labels.pdf").pages[0]
    assert [round(float(side) / 72 * 25.4) for side in (page.mediabox.width, page.mediabox.height)] == [210, 297]
    starts: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            starts.append((tm[4] * cm[0] + cm[4]) / 72 * 25.4)

    page.extract_text(visitor_text=visit)
    columns = sorted({round(start, 1) for start in starts if start > 0})
    assert columns == pytest.approx([12.2, 78.3, 144.3], abs=0.15)


def test_the_calendar_is_neutral(pack: Path) -> None:
    content = (pack / "visits.ics").read_bytes()
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    before = {str(e["uid"]): e for e in Calendar.from_ical(content).walk("VEVENT")}
    assert len(before) == 18
    assert b"Station Road" not in content
    assert b"children" not in content
    assert b"BEGIN:VTIMEZONE" in content


def test_made_again_unchanged_the_calendar_counts_no_further(tmp_path: Path) -> None:
    plan, out = copy_issued(tmp_path)
    calendar = out / "homes" / "H04" / "visits.ics"
    before = Calendar.from_ical(calendar.read_bytes()).walk("VEVENT")
    run_engage(plan, "H04", out)
    after = Calendar.from_ical(calendar.read_bytes()).walk("VEVENT")
    assert {str(e["uid"]): e["sequence"] for e in after} == {str(e["uid"]): e["sequence"] for e in before}
    assert len(after) == 18


def test_letters_are_released_by_the_briefing(tmp_path: Path) -> None:
    plan, out = copy_issued(tmp_path)
    pack = out / "homes" / "H04"
    assert "Not released" in text_of(pack / "letters.pdf")
    assert not (pack / "notify.csv").exists()
    run_log(plan, "H04", out, event="briefed", who="A. Lead")
    told = [fault.problem + fault.remedy for fault in run_engage(plan, "H04", out).warnings]
    assert "Not released" not in text_of(pack / "letters.pdf")
    # The letter to neighbours is whole; those to others have brackets to fill in, and are not printed as if they had none.
    assert "NOT FINISHED" not in text_of(pack / "letters.pdf")
    assert "NOT FINISHED" in text_of(pack / "letters-police.pdf")
    (words,) = [one for one in told if "something in brackets is still to be filled in" in one]
    assert "letters-police.docx" in words
    assert "letters.docx" not in words
    notify = rows_of(pack / "notify.csv")
    assert len(notify) == 17
    assert notify[0]["address line 1"] == "The Occupier"
    assert notify[0]["address line 7"] == "SL7 1QN"


def test_a_decision_survives_and_changes_the_calendar(tmp_path: Path) -> None:
    plan, out = copy_issued(tmp_path)
    pack = out / "homes" / "H04"
    run_decide(plan, "H04", "990000003034", "remove", "do not contact: asked not to be", "A. Lead")
    for _ in range(2):
        run_engage(plan, "H04", out)
        assert "990000003034" not in {row["uprn"] for row in rows_of(pack / "neighbours.csv")}
    assert "asked not to be" not in (pack / "nearby.csv").read_text(encoding="utf-8")
    assert "asked not to be" not in text_of(pack / "neighbours.pdf")
    events = Calendar.from_ical((pack / "visits.ics").read_bytes()).walk("VEVENT")
    assert [str(e["status"]) for e in events].count("CANCELLED") == 1


def test_why_is_answered_on_one_page(tmp_path: Path, issued: tuple[Path, Path]) -> None:
    plan, out = issued
    answer, _ = run_why(plan, "H04", "990000003064", tmp_path / "why.pdf", out)
    assert "not invited, since its plot is 20.49 m" in answer
    reader = PdfReader(tmp_path / "why.pdf")
    assert len(reader.pages) == 1
    assert "Why was I not invited?" in reader.pages[0].extract_text()


def test_nobody_s_slot_is_in_another_s_letter_and_no_note_is_carried_to_the_door(tmp_path: Path) -> None:
    plan, out = write_marlow_plan(tmp_path / "plan"), tmp_path / "out"
    pack = out / "homes" / "H04"
    run_log(plan, "H04", out, event="concern", who="A. Lead", about="990000003034", note="is recovering from an operation")
    run_engage(plan, "H04", out)
    slots = {row["time"] if "time" in row else row["start"] for row in rows_of(pack / "visits.csv")}
    assert len(slots) > 1
    for page in texts_of_pages((pack / "letters.pdf").read_bytes()):
        assert len(re.findall(r"\bat \d{1,2}:\d\d|\d{1,2}:\d\d to \d{1,2}:\d\d", page)) <= 3
    for paper in ("neighbours.pdf", "runsheets.pdf", "labels.pdf", "letters.pdf", "neighbours.csv", "visits.csv"):
        text = text_of(pack / paper) if paper.endswith("pdf") else (pack / paper).read_text(encoding="utf-8")
        assert "recovering" not in text


def test_what_is_seen_through_an_envelope_or_on_a_screen_is_neutral(pack: Path) -> None:
    for text in (text_of(pack / "labels.pdf"), (pack / "neighbours.csv").read_text(encoding="utf-8").splitlines()[0]):
        assert "child" not in text.casefold()
    for name in ("neighbours", "labels", "letters", "runsheets", "stakeholders", "questions"):
        assert "Station Road" not in str(PdfReader(pack / f"{name}.pdf").metadata)


def test_what_goes_out_of_the_house_names_neither_case_nor_plan(pack: Path) -> None:
    for name in ("labels", "letters"):
        told = str(PdfReader(pack / f"{name}.pdf").metadata)
        assert "H04" not in told
        assert "Chilterns" not in told
    about = Document(str(pack / "letters.docx")).core_properties
    assert not re.search("H04|Chilterns", f"{about.title} {about.subject} {about.keywords} {about.comments}")


def test_premises_are_written_to_as_premises(pack: Path) -> None:
    letters = re.sub(r"\s+", " ", text_of(pack / "letters.pdf"))
    assert letters.count("Dear Manager") + letters.count("Dear neighbour") == 17
    premises = [row for row in rows_of(pack / "neighbours.csv") if "Shop" in row["address"]]
    assert letters.count("Dear Manager") == len(premises)


def test_papers_say_when_they_are_to_be_destroyed(tmp_path: Path, pack: Path) -> None:
    assert "destroy it when the home has opened (1 March 2027)." in re.sub(r"\s+", " ", text_of(pack / "neighbours.pdf"))
    write_marlow_plan(tmp_path / "plan")
    plan = tmp_path / "plan" / "plan.toml"
    text = plan.read_text(encoding="utf-8").replace("[engagement]\n", "[engagement]\nkeep_until = 2027-09-30\n")
    plan.write_text(text, encoding="utf-8")
    run_engage(plan, "H04", tmp_path / "out")
    listed = text_of(tmp_path / "out" / "homes" / "H04" / "neighbours.pdf")
    assert "destroy it by 30 September 2027" in re.sub(r"\s+", " ", listed)


@pytest.mark.slow
def test_a_neighbours_own_choice_of_time_holds_and_is_reissued_alone(tmp_path: Path) -> None:
    from siting.pipeline import run_agree, visit_board

    plan, out = copy_issued(tmp_path)
    pack = out / "homes" / "H04"
    run_log(plan, "H04", out, event="briefed", who="A. Lead")
    run_engage(plan, "H04", out)
    before = rows_of(pack / "visits.csv")
    told = run_agree(plan, "H04", "990000003034", "2027-01-25 15:45", out)
    assert "15:45" in told
    run_engage(plan, "H04", out)
    after = rows_of(pack / "visits.csv")
    assert [row for row in after if row["uprn"] != "990000003034"] == [row for row in before if row["uprn"] != "990000003034"]
    assert [row["start"] for row in after if row["uprn"] == "990000003034"] == ["15:45"]
    (again,) = (pack / "reissue").iterdir()
    assert [row["what"] for row in rows_of(again / "changes.csv")] == ["another time"]
    assert len(PdfReader(again / "letters.pdf").pages) == 1
    board = visit_board(plan, "H04", out)
    (moved,) = [one for one in board.households if one["about"] == "990000003034"]
    assert (moved["start"], moved["agreed"]) == ("2027-01-25T15:45", True)
    assert {one["start"] for one in board.households} == {f"{row['date']}T{row['start']}" for row in after}
    taken = {(one["start"], one["host"]) for one in board.households}
    assert {(slot["start"], slot["host"]) for slot in board.slots if not slot["free"]} == taken
    _the_day_is_brought_back(plan, out)
    with pytest.raises(UsageError, match="no day and time"):
        run_agree(plan, "H04", "990000003034", "teatime", out)
    other = next(row["uprn"] for row in after if row["uprn"] != "990000003034")
    run_agree(plan, "H04", other, "2027-01-25 15:50", out)
    (twice,) = visit_board(plan, "H04", out).booked_twice
    assert "is booked twice on 25 January 2027: 15:45 for no." in twice
    # The page's check is the command's.
    told_by_page = page_check({"plan": str(plan), "out": str(out)}, silent)["warnings"]
    assert [one["sentence"] for one in told_by_page if "booked twice" in one["problem"]] == [twice]


def _the_day_is_brought_back(plan: Path, out: Path) -> None:
    from siting.pipeline import Noted, bring_day_back, read_log

    came = Noted(mark="0123456789abcdef", at="2027-01-25T15:46", event="attended", about="990000003034", note="asked of parking")
    nobody = Noted(mark="1123456789abcdef", at="2027-01-25T15:50", event="spoke", about="1 Nowhere Lane")
    released = Noted(mark="2123456789abcdef", at="2027-01-25T15:50", event="briefed", about="")
    first = bring_day_back(plan, "H04", out, [came, nobody, released], who="A. Lead")
    assert (first.added, first.known, [one.mark for one, _ in first.refused]) == (1, 0, [nobody.mark, released.mark])
    again = bring_day_back(plan, "H04", out, [came], who="B. Other")
    assert (again.added, again.known) == (0, 1)
    last = read_log(plan, "H04", out)[0].iloc[-1]
    assert (last["event"], last["note"]) == ("attended", "asked of parking (noted 2027-01-25 15:46)")
