"""Nothing outside the opened folder is shown, whatever an address or a link in it says."""

from pathlib import Path
from typing import Any

import pytest

from siting.page.opened_folder import OpenedFolder

PLAN = '[area]\nplace = "Rutland"\n[[schools]]\nname = "S"\n'


def test_plans_are_found_here_and_below_but_not_among_outputs(tmp_path: Path) -> None:
    for name in (
        "plan.toml",
        "one/plan.toml",
        "one/two/plan.toml",
        "one/two/three/plan.toml",
        "x-results/plan.toml",
        ".git/plan.toml",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PLAN, encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    found = OpenedFolder(tmp_path)
    assert [plan.name for plan in found.plans()] == ["one/plan.toml", "one/two/plan.toml", "plan.toml"]
    assert found.plan("../plan.toml") is None
    assert found.plan(found.plans()[0].key) == found.plans()[0]


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "plan.toml").write_text(PLAN, encoding="utf-8")
    (outside / "secret.csv").write_text("secret", encoding="utf-8")
    (inside / "plan.toml").write_text(PLAN, encoding="utf-8")
    (inside / "linked.toml").symlink_to(outside / "plan.toml")
    found = OpenedFolder(inside)
    (plan,) = found.plans()
    plan.out.mkdir()
    (plan.out / "secret.csv").symlink_to(outside / "secret.csv")
    (plan.out / "evaluation.csv").write_text("mine", encoding="utf-8")
    assert list(found.outputs(plan)) == ["evaluation.csv"]


@pytest.mark.parametrize(
    "name",
    [
        "../plan.toml",
        "..%2fplan.toml",
        "%2e%2e/plan.toml",
        "/etc/passwd",
        "....//plan.toml",
        "a\\..\\plan.toml",
        "evaluation.csv%00",
    ],
)
def test_the_name_of_a_file_is_never_a_path(name: str, page: Any) -> None:
    plan_file = page.folder / "plan.toml"
    plan_file.write_text(PLAN, encoding="utf-8")
    (plan,) = page.app.state.folder.plans()
    plan.out.mkdir()
    (plan.out / "evaluation.csv").write_text("mine", encoding="utf-8")
    assert page.get(f"/plan/{plan.key}/file/evaluation.csv").text == "mine"
    answer = page.get(f"/plan/{plan.key}/file/{name}")
    assert answer.status_code == 404
    assert "Rutland" not in answer.text


def test_a_map_is_shown_cut_off_from_the_planner(page: Any) -> None:
    (page.folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    (plan,) = page.app.state.folder.plans()
    plan.out.mkdir()
    (plan.out / "map-internal.html").write_text("<script>1</script>", encoding="utf-8")
    answer = page.get(f"/plan/{plan.key}/file/map-internal.html?show=1")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    assert "allow-same-origin" not in answer.headers["content-security-policy"]
