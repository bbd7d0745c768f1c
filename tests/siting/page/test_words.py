"""Every visible sentence of the page stands in the one table of words, in Welsh or waiting for a translator."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from siting.evaluation import reasons
from siting.page.language import ENGLISH, WELSH, parts_in

PAGE = Path(str(resources.files("siting.page")))
TEMPLATES = sorted((PAGE / "templates").glob("*.html"))
VIEWS = [*sorted(PAGE.glob("*_view.py")), *(PAGE / name for name in ("asking.py", "forms.py", "templating.py"))]
TABLE = tomllib.loads((PAGE / "welsh.toml").read_text(encoding="utf-8"))
FIELDS = re.compile(r"{(\w+)}")
NOT_SAID = {"Form"}
"""Names of the program that look like words."""


def said_in_templates() -> Iterator[str]:
    environment = Environment(autoescape=True)
    for path in TEMPLATES:
        for call in environment.parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name == "t":
                for const in [call.args[0], *call.args[0].find_all(nodes.Const)]:
                    if isinstance(const, nodes.Const) and isinstance(const.value, str) and re.search(r"[^\W\d_]", const.value):
                        yield const.value


def said_in_views() -> Iterator[str]:
    """Yield what looks like words for people: a text that begins with a capital, and is no name of the program's."""
    for path in VIEWS:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes and _is_said(node.value):
                yield node.value


def _is_said(text: str) -> bool:
    return bool(re.match(r"[A-Z][a-z]|[A-Z]{4,5},|[{]\w+[}] [a-z%]|[A-Z] ", text)) and text not in NOT_SAID


SAID = sorted({*said_in_templates(), *said_in_views()})
KNOWN = {**TABLE["sentences"], **TABLE["to_translate"]}


def test_every_sentence_is_in_the_table() -> None:
    missing = [sentence for sentence in SAID if sentence not in KNOWN]
    assert not missing, "\n".join(missing)


def test_the_table_holds_nothing_that_is_not_said() -> None:
    elsewhere = {"pass", "marginal", "fail", "unreachable", "open", "bought", "candidate", "yes", "corrected"}
    stale = [sentence for sentence in KNOWN if sentence not in SAID and sentence not in elsewhere]
    assert not stale, "\n".join(stale)


def test_what_is_translated_keeps_the_fields_and_what_waits_is_empty() -> None:
    for english, welsh in TABLE["sentences"].items():
        assert sorted(FIELDS.findall(english)) == sorted(FIELDS.findall(welsh)), english
        assert welsh.strip(), english
    assert not any(TABLE["to_translate"].values())
    assert not set(TABLE["sentences"]) & set(TABLE["to_translate"])


def test_what_the_planner_says_keeps_its_fields_in_welsh() -> None:
    for english, welsh in TABLE["told"].items():
        assert sorted(set(FIELDS.findall(english))) == sorted(set(FIELDS.findall(welsh))), english
        assert welsh.strip(), english


def said_in_reasons() -> Iterator[str]:
    """Yield the sentences of a home's reasons as they are made, with a figure for whatever is filled in."""
    tree = ast.parse(Path(reasons.__file__).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        made = node.value if isinstance(node, ast.Yield | ast.Return) else None
        if isinstance(made, ast.Constant) and isinstance(made.value, str):
            yield made.value
        elif isinstance(made, ast.JoinedStr):
            yield "".join(part.value if isinstance(part, ast.Constant) else "7" for part in made.values)


PUT_TOGETHER = (
    "Observed: to school 31 minutes (drive, 3 November 2026 at 08:20), where the model has 30.1 on the school run.",
    "Observed: to school 31 minutes (drive, 3 November 2026 at 08:20).",
    "31.2 minutes to Hill School (17.6 miles) and 30.9 back on empty roads: exactly at the 45-minute rule, give or take 5.6.",
    "3 of 9 children have family within 20 miles in a straight line, 5 beyond, 1 not known.",
    "3 of 9 children have family within 20 miles in a straight line.",
    "On the school run there is no way by car between it and any school: Mill Lane is closed to traffic at those hours.",
    "At other hours there is a way.",
    "downloading the roads of Newport from OpenStreetMap, with tags that were not asked for when it was last downloaded",
    "It passes unless the journey takes more than 1.25 times its time on empty roads.",
    "It would pass only if the journey took at most 0.91 times its time on empty roads.",
    "The families of 2 children live beyond the roads that were read: no minutes are told.",
    "One family cannot be reached by road on this network.",
    "3 families cannot be reached by road on this network.",
)


def test_every_sentence_of_the_reasons_has_a_welsh_wording() -> None:
    made = [text for text in said_in_reasons() if re.search(r"[a-z]{3,}.*[.]$", text)]
    assert len(made) > 25
    waiting = [text for text in (*made, *PUT_TOGETHER) if parts_in(WELSH, text)[0][1]]
    # What is put together from more than figures is looked at as a whole: here it has a blank where words are filled in.
    words = [set(re.findall(r"[a-z]{4,}", text)) for text in PUT_TOGETHER]
    assert [text for text in waiting if not any(set(re.findall(r"[a-z]{4,}", text)) <= known for known in words)] == []
    assert not set(waiting) & set(PUT_TOGETHER)


def test_a_house_behind_roads_that_are_closed_by_hour_is_told_so_in_welsh() -> None:
    start = "On the school run there is no way by car between it and any school: "
    for roads in ("Mill Lane is", "Mill Lane and High Street are", "roads on every way are"):
        told, lang = parts_in(WELSH, f"{start}{roads} closed to traffic at those hours.")[0]
        assert not lang
        assert not {"is", "are", "every"} & set(told.split())


def test_a_reason_is_told_in_welsh_to_its_last_word_and_what_has_no_wording_is_marked() -> None:
    text = (
        "31.2 minutes to Hill School (17.6 miles by A40) and 30.9 back on the school run: 13.8 minutes inside the 45-minute "
        "rule, give or take 5.6. On a bad day the school run may take 40.1 minutes. Something quite new."
    )
    first, second, third = parts_in(WELSH, text)
    assert first[0] == (
        "31.2 munud i Hill School (17.6 milltir ar hyd A40) a 30.9 yn ôl adeg y daith i’r ysgol: 13.8 munud o fewn y rheol 45 "
        "munud, gyda gwall posibl o 5.6."
    )
    assert second[0].startswith("Ar ddiwrnod gwael")
    assert third == ("Something quite new.", "en")
    assert parts_in(ENGLISH, text) == [(text, "")]


def test_every_step_of_a_run_has_a_welsh_wording() -> None:
    source = Path(str(resources.files("siting"))).parent
    steps = {
        step
        for room in ("siting", "engagement", "maps")
        for path in (source / room).rglob("*.py")
        if path.name not in {"screen.py", "cluster.py", "reference_report.py", "calibration.py", "observed_drives.py", "roads.py"}
        for step in re.findall(r'progress\(f?"([^"]+)"\)', path.read_text(encoding="utf-8"))
    }
    assert len(steps) > 12
    # What may follow a step is a clause of its own, looked at as it stands.
    told = {step: parts_in(WELSH, re.sub(r"{[^}]*}", "7", step.removesuffix("{told}")))[0] for step in steps}
    assert [step for step, (_, lang) in told.items() if lang] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_says_anything_of_its_own(path: Path) -> None:
    tokens = Environment(autoescape=True).lex(path.read_text(encoding="utf-8"))
    text = "".join(value if kind == "data" else "\0" for _, kind, value in tokens)
    text = re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)
    for name in ("aria-label", "alt", "title", "placeholder"):
        assert not re.search(rf'\b{name}="[^"\0]*[A-Za-z]', text), name
    words = re.sub(r"<[^>]*>", " ", text)
    assert not re.findall(r"[A-Za-z]{2,}", words)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_component_is_given_words_past_the_table(path: Path) -> None:
    given = re.findall(r'"(?:text|html|titleText)": "([^"]*[A-Za-z][^"]*)"', path.read_text(encoding="utf-8"))
    assert not given


def test_no_view_puts_words_together_past_the_table() -> None:
    for path in VIEWS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                first = node.values[0]
                told = first.value if isinstance(first, ast.Constant) else ""
                assert not (isinstance(told, str) and re.match(r"[A-Z][a-z]+ ", told)), f"{path.name}:{node.lineno}: {told}"
