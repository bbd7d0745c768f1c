"""Labels and letters with long, Welsh and odd addresses, a logo and the lead's own wording."""

import csv
import io
import re
import shutil
from pathlib import Path

import pytest
from docx import Document
from marlow_plan import write_marlow_plan
from pypdf import PdfReader

from siting.documents.pdf_text import texts_of_pages
from siting.faults import InputFaultsError
from siting.pipeline import export_log, run_engage, run_log
from siting.storage.kept import bundled_data

LONG = "Ffermdy Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch Uchaf a'r Ysgubor Fawr"
WELSH = "Tŷ'r Ŵyn, Ynys y Gŵr"


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("odd")
    write_marlow_plan(folder / "plan")
    addresses = folder / "plan" / "addresses.csv"
    rows = list(csv.DictReader(addresses.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        if row["uprn"] == "990000003034":
            row["building_name"] = LONG
        if row["uprn"] == "990000003036":
            row["building_name"] = WELSH
        if row["uprn"] == "990000003060":
            row |= {"single_line_address": "", "street_name": "", "building_number": "", "town_name": "", "postcode": ""}
    with addresses.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    shutil.copyfile(Path(__file__).resolve().parents[3] / "docs" / "sample.png", folder / "plan" / "logo.png")
    letter = Document()
    letter.add_paragraph("Annwyl {{ greeting }},")
    letter.add_paragraph("Dewch i'n gweld: {{ visit }}. {{ provider }}")
    letter.save(str(folder / "plan" / "own.docx"))
    plan = folder / "plan" / "plan.toml"
    text = plan.read_text(encoding="utf-8").replace(
        "[engagement]\n", '[engagement]\nlogo = "logo.png"\nletter = "own.docx"\nnation = "Wales"\n'
    )
    plan.write_text(text, encoding="utf-8")
    run_engage(plan, "H04", folder / "out")
    return folder / "out" / "homes" / "H04"


def test_long_and_welsh_addresses_stay_on_their_label(pack: Path) -> None:
    page = PdfReader(pack / "labels.pdf").pages[0]
    ends: list[float] = []

    def visit(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        if text.strip():
            ends.append((tm[4] * cm[0] + cm[4]) / 72 * 25.4)

    text = page.extract_text(visitor_text=visit)
    assert "Ŵyn" in text
    assert "Llanfairpwll" in re.sub(r"\s", "", text)
    assert all(end < 7.21 + 3 * 63.5 + 2 * 2.54 for end in ends)


def test_an_address_without_text_is_listed_for_walking_but_gets_no_label(pack: Path) -> None:
    listed = re.sub(r"\s+", " ", "\n".join(texts_of_pages((pack / "neighbours.pdf").read_bytes())))
    assert "find property 990000003060 at 4856" in listed
    labels = "\n".join(texts_of_pages((pack / "labels.pdf").read_bytes()))
    assert labels.count("The Occupier") == 16


def test_the_leads_own_wording_and_logo_are_used(pack: Path) -> None:
    reader = PdfReader(pack / "letters.pdf")
    assert "Annwyl neighbour," in reader.pages[0].extract_text()
    assert len(reader.pages[0].images) == 1
    assert sum(p.text.startswith("Annwyl") for p in Document(str(pack / "letters.docx")).paragraphs) == 17
    assert "Care Inspectorate Wales" in "".join(texts_of_pages((pack / "questions.pdf").read_bytes()))


def test_a_wording_with_an_unknown_field_is_said(tmp_path: Path) -> None:
    write_marlow_plan(tmp_path / "plan")
    letter = Document()
    letter.add_paragraph("Dear {{ surname }}")
    content = io.BytesIO()
    letter.save(content)
    (tmp_path / "plan" / "own.docx").write_bytes(content.getvalue())
    plan = tmp_path / "plan" / "plan.toml"
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("[engagement]\n", '[engagement]\nletter = "own.docx"\n'), encoding="utf-8"
    )
    with pytest.raises(InputFaultsError, match="surname"):
        run_engage(plan, "H04", tmp_path / "out")


def test_the_register_is_exported(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    plan = bundled_data() / "chilterns" / "plan.toml"
    run_log(plan, "H04", tmp_path, event="spoke", who="A", about="990000003034", note="=cmd")
    book = load_workbook(export_log(plan, "H04", tmp_path, tmp_path / "register.xlsx"))
    cells = [cell.value for row in book["Register"].iter_rows() for cell in row]
    assert "=cmd" in cells
    assert all(cell.data_type != "f" for row in book["Register"].iter_rows() for cell in row)


def test_a_wording_can_do_nothing_but_fill_in(tmp_path: Path) -> None:
    write_marlow_plan(tmp_path / "plan")
    letter = Document()
    letter.add_paragraph("{{ greeting.__class__.__mro__[1].__subclasses__() }}")
    letter.save(str(tmp_path / "plan" / "own.docx"))
    plan = tmp_path / "plan" / "plan.toml"
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("[engagement]\n", '[engagement]\nletter = "own.docx"\n'), encoding="utf-8"
    )
    with pytest.raises(InputFaultsError, match="cannot be filled in"):
        run_engage(plan, "H04", tmp_path / "out")
    assert not (tmp_path / "out" / "homes").exists() or not list((tmp_path / "out" / "homes").rglob("*.pdf"))
