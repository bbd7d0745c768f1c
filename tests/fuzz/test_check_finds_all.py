"""`siting check` names what a run or a pack would fall over; a pack that is refused leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PIL import Image
from tiny_plan import write_tiny_plan

from engagement.pack import Pack
from engagement.papers.letter_template import letter_template
from siting.faults import InputFaultsError
from siting.pipeline import check, run_engage

LAST = 'signatory = "Sam Example"\n'
DAMAGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "roads.osm.pbf": (lambda whole: whole[: len(whole) // 2], "roads.osm.pbf: it cannot be read as an OpenStreetMap extract"),
    "addresses.csv": (lambda _: b"a\rb,c\n1,2\n", "addresses.csv, row 1: no columns with a place"),
    "logo.png": (lambda whole: whole[: len(whole) // 2], "logo.png: this is no picture that can be printed"),
    "letter.docx": (lambda _: b"Dear neighbour", "letter.docx: this is not a Word file"),
    "contacts.csv": (lambda whole: whole.replace(b"Ruth Marker", b"#REF!"), "contacts.csv, row 2, column name: the cell holds an error"),
}  # fmt: skip
ONLY_BELOW = b',"\n10000000,"2 Marker Street,HP11 2JZ,486350,192872\n'
"""A quotation mark that is never closed, far below an address file's headings."""


def plan_in(folder: Path) -> Path:
    """Write a small plan with a logo and a letter."""
    path = write_tiny_plan(folder, "one")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(LAST, f'{LAST}logo = "logo.png"\nletter = "letter.docx"\n'), encoding="utf-8")
    Image.new("RGB", (60, 30), "red").save(folder / "logo.png")
    pack = SimpleNamespace(engagement=SimpleNamespace(provider="Invented Care", nation="England"))
    (folder / "letter.docx").write_bytes(letter_template(cast("Pack", pack)))
    return path


def test_all_that_a_run_would_fall_over_is_named_at_once(tmp_path: Path) -> None:
    plan = plan_in(tmp_path)
    for name, (change, _) in DAMAGED.items():
        (tmp_path / name).write_bytes(change((tmp_path / name).read_bytes()))
    with pytest.raises(InputFaultsError) as caught:
        check(plan)
    told = str(caught.value)
    for _, said in DAMAGED.values():
        assert said in told


@pytest.mark.slow
def test_a_whole_plan_passes_until_its_addresses_break_below_the_headings(tmp_path: Path) -> None:
    plan = plan_in(tmp_path)
    assert not [fault for fault in check(plan) if fault.file in DAMAGED]
    with (tmp_path / "addresses.csv").open("ab") as file:
        file.write(ONLY_BELOW)
    with pytest.raises(InputFaultsError, match=r"addresses\.csv, row 10: the address file cannot be read"):
        check(plan)


@pytest.mark.slow
def test_a_pack_that_is_refused_leaves_no_register(tmp_path: Path) -> None:
    plan = plan_in(tmp_path)
    (tmp_path / "letter.docx").write_bytes(b"Dear neighbour")
    with pytest.raises(InputFaultsError, match=r"letter\.docx: this is not a Word file"):
        run_engage(plan, "H1", tmp_path / "out")
    assert not (tmp_path / "out" / "homes").exists()
