"""The board paper says what was asked and found in whole sentences, names no child and counts none of few."""

import re
from datetime import UTC, datetime

import pytest

from siting.documents.pdf_text import texts_of_pages
from siting.evaluation.evaluation import Evaluation, evaluate_inputs
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import PlanInputs, read_inputs
from siting.inputs.plan_parts import PortfolioPart
from siting.outputs.board_paper import board_paper
from siting.outputs.portfolio_files import PortfolioReport, portfolio_sheets, report_portfolio
from siting.portfolio.choosing import choose_homes
from siting.portfolio.problem import portfolio_problem
from siting.portfolio.scenarios import busier_problem
from siting.roads.cache import open_network
from siting.storage.kept import bundled_data
from siting.words import HomeStatus, Scenario

pytestmark = pytest.mark.slow

FOLDER = bundled_data() / "chilterns"
MADE = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def read() -> tuple[PlanInputs, Evaluation]:
    inputs = read_inputs(Plan.read(FOLDER / "plan.toml"))
    return inputs, evaluate_inputs(inputs, open_network(FOLDER / "chilterns.osm.pbf"))


def reported(read: tuple[PlanInputs, Evaluation], part: PortfolioPart, time_limit_s: float = 600.0) -> PortfolioReport:
    inputs, evaluation = read
    portfolio = choose_homes(portfolio_problem(inputs, evaluation, part), time_limit_s=time_limit_s)
    return report_portfolio(inputs, evaluation, portfolio, part)


def text_of(read: tuple[PlanInputs, Evaluation], report: PortfolioReport) -> str:
    paper = board_paper(read[0], report.part, report.portfolio, report.need, report.partnership, report.standing, made=MADE)
    return re.sub(r"\s+", " ", " ".join(texts_of_pages(paper)))


@pytest.fixture(scope="module")
def six(read: tuple[PlanInputs, Evaluation]) -> PortfolioReport:
    return reported(read, PortfolioPart(homes=6, beds=20, weekly_price_gbp=4_800, works_gbp=25_000))


def test_what_was_asked_is_a_sentence(read: tuple[PlanInputs, Evaluation], six: PortfolioReport) -> None:
    assert (
        "Choose 6 homes with at least 20 beds between them, so that the children's journeys to and from their families are as "
        "short as possible in all. 2 homes already open or bought are among them."
    ) in text_of(read, six)


def test_beds_and_money_without_a_number_of_homes_are_a_sentence_too(read: tuple[PlanInputs, Evaluation]) -> None:
    told = text_of(read, reported(read, PortfolioPart(beds=8, budget_gbp=1_500_000, least_miles_apart=1, most_in_one_town=1)))
    assert "Choose homes with at least 8 beds between them, for no more than £1,500,000, so that" in told
    assert "No more than 1 home in one town." in told
    assert "No two homes nearer to each other than 1 mile." in told


def test_the_cheapest_is_asked_for_in_words(read: tuple[PlanInputs, Evaluation]) -> None:
    told = text_of(read, reported(read, PortfolioPart(objective="cost", beds=20)))
    assert "so that as little as possible is still to be spent." in told
    assert "no choice that keeps the rules costs less" in told


def test_homes_stand_with_their_addresses_and_the_beds_are_summed(
    read: tuple[PlanInputs, Evaluation], six: PortfolioReport
) -> None:
    told = text_of(read, six)
    choice = six.portfolio.choice
    assert choice is not None
    for i in choice.homes:
        home = six.portfolio.problem.homes[i]
        assert f"{home.home_id} {home.address}" in told
    new = [home for i in choice.homes if (home := six.portfolio.problem.homes[i]).status is HomeStatus.CANDIDATE]
    assert f"To buy: {new[0].home_id}" in told
    assert "beside the 2 homes open or bought already" in told
    assert f"All {choice.beds} £{choice.known_cost_gbp:,.0f}" in told
    assert "Works are counted at £25,000 a house, as the plan says" in told


def test_no_child_is_named_and_no_count_is_of_few(read: tuple[PlanInputs, Evaluation], six: PortfolioReport) -> None:
    inputs, _ = read
    for report in (six, reported(read, PortfolioPart(homes=1))):
        told = text_of(read, report)
        assert not [child.row.child_ref for child in inputs.children if re.search(rf"\b{child.row.child_ref}\b", told)]
        assert not re.findall(r"\b[1-4] (?:more )?(?:child|children|of the children)\b", told)
        # A council's children stand in its row of the need as a band, before whatever else is counted of it.
        for council in inputs.plan.authorities:
            counts = [row[1:] for row in rows_of(told, council)]
            assert counts


def rows_of(told: str, council: str) -> list[tuple[str, str]]:
    return [(council, found) for found in re.findall(rf"{council} (fewer than 5|about \d+|none)", told)]


def test_a_clash_is_told_with_its_remedies(read: tuple[PlanInputs, Evaluation]) -> None:
    report = reported(read, PortfolioPart(homes=6, beds=20, budget_gbp=100_000))
    assert report.has_no_choice
    told = text_of(read, report)
    assert "No choice of homes keeps every rule." in told
    assert report.portfolio.conflict is not None
    for remedy in report.portfolio.conflict.would_do:
        assert remedy.for_board in told
    assert "proven" not in told
    (sheet,) = (sheet for sheet in portfolio_sheets(report) if sheet.name == "Portfolio")
    assert sheet.title == "no choice keeps every rule"
    assert set(report.allocation["home_id"]) == {"no choice keeps the rules"}


def test_a_search_that_ran_out_of_time_is_not_told_as_a_clash(read: tuple[PlanInputs, Evaluation]) -> None:
    report = reported(read, PortfolioPart(homes=6), time_limit_s=1e-9)
    told = text_of(read, report)
    assert "No choice of homes was found in the time given" in told
    assert "keeps every rule" not in told
    (sheet,) = (sheet for sheet in portfolio_sheets(report) if sheet.name == "Portfolio")
    assert sheet.title == "no choice was found in the time given"
    assert set(report.allocation["home_id"]) == {"no answer in the time given"}


def test_the_same_children_are_compared_by_the_same_measure(read: tuple[PlanInputs, Evaluation], six: PortfolioReport) -> None:
    problem, choice = six.portfolio.problem, six.portfolio.choice
    assert choice is not None
    both = [j for j in choice.lives_in if problem.children[j].child_ref in six.need.over_family_miles]
    assert 5 <= len(both) < len(problem.children)
    assert f"Of about {round(len(both) / 5) * 5} children for whom both can be told" in text_of(read, six)


def test_another_scenario_s_problem_has_its_times_and_nothing_else_changed(
    read: tuple[PlanInputs, Evaluation], six: PortfolioReport
) -> None:
    inputs, evaluation = read
    problem = six.portfolio.problem
    same = busier_problem(inputs, evaluation, problem, inputs.plan.rules.scenario)
    assert (same.family_ms == problem.family_ms).all()
    assert [home.schools_ms for home in same.homes] == [home.schools_ms for home in problem.homes]
    quieter = busier_problem(inputs, evaluation, problem, Scenario.FREE_FLOW)
    assert (quieter.family_ms <= problem.family_ms).all()
    assert (quieter.family_ms < problem.family_ms).any()
    assert quieter.limits == problem.limits


def test_the_choice_is_tried_on_another_scenario(six: PortfolioReport) -> None:
    standing, choice = six.standing, six.portfolio.choice
    assert standing is not None
    assert choice is not None
    assert standing.scenario is Scenario.TYPICAL
    assert standing.same_homes.choice is not None
    assert standing.best.choice is not None
    # On quieter roads the same homes are quicker, and the best is no worse than they are.
    assert standing.same_homes.choice.total_min < choice.total_min
    assert standing.best.choice.total_min <= standing.same_homes.choice.total_min
    assert standing.failing == ()
