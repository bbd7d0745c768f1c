"""A letter that no typeface has is named, never printed as an empty box."""

import datetime as dt
from pathlib import Path

import pytest

from siting.documents.typesetting import typeset, unprintable
from siting.faults import InputFaultsError

MADE = dt.datetime(2026, 11, 25, tzinfo=dt.UTC)


def test_what_papers_are_written_in_is_there() -> None:
    usual = "".join(chr(code) for code in range(0x20, 0x180) if chr(code).isprintable())
    # The end of what is taken as there is tried with a letter that is not, so that all are looked at.
    assert unprintable([usual + "\u4e2d"]) == ((usual.split(" ")[-1] + "\u4e2d", "\u4e2d"),)
    welsh = "Ŵŵ Ŷŷ Ẁẁ Ẃẃ Ẅẅ Ỳỳ Ââ Êê Îî Ôô Ûû Ïï"
    assert unprintable({"streets": [{"rows": [welsh, "Gaelic: ḃċḋ, Polish: łąę, quotes “”‘’ – — … • → ½"]}]}) == ()
    assert unprintable(["soft\u00adhyphen, zero\u200bwidth, no-break\u00a0space\n\ttab"]) == ()


def test_each_letter_is_named_with_the_word_in_which_it_stands(tmp_path: Path) -> None:
    assert unprintable({"a": ["12 High Street", {"b": "The 中国 House"}], "c": ("Smile😀",)}) == (
        ("中国", "中"),
        ("中国", "国"),
        ("Smile😀", "😀"),
    )
    template = tmp_path / "labels.typ"
    template.write_text('#let data = json("data.json")\n#for line in data.lines [#line \\ ]', encoding="utf-8")
    assert typeset(template, {"lines": ["12 Ffordd y Dŵr"]}, made=MADE).startswith(b"%PDF")
    with pytest.raises(InputFaultsError) as told:
        typeset(template, {"lines": ["12 High Street", "The 国 House"]}, made=MADE)
    (fault,) = told.value.faults
    assert str(fault).startswith('labels.pdf: the letter "国" (U+56FD, cjk unified ideograph-56fd) in "国"')
    assert "High Street" not in str(fault)
