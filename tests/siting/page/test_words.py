"""Every visible sentence of the page stands in the one table of words, in Welsh or waiting for a translator."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

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
