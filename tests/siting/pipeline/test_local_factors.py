"""What was planted is found: the factor, the band, and no say for what is odd."""

import numpy as np
import pytest

from siting.pipeline.local_factors import LEAST_ERROR, fit_local_factor

DRAWS = 200


def planted(count: int, seed: int) -> np.ndarray:
    return np.asarray(1.3 * (1 + 0.1 * np.random.default_rng(seed).standard_normal(count)))


@pytest.mark.parametrize(("count", "within"), [(5, 0.08), (20, 0.04), (100, 0.02)])
def test_the_planted_factor_is_found_and_the_band_covers_four_in_five(count: int, within: float) -> None:
    fits = [fit_local_factor(planted(count, seed)) for seed in range(DRAWS)]
    factors = np.array([fit.factor for fit in fits])
    assert np.median(np.abs(factors / 1.3 - 1)) < within / 2
    assert np.mean(np.abs(factors / 1.3 - 1) < within) > 0.85
    held_out = [planted(50, 10_000 + seed) for seed in range(DRAWS)]
    covered = [np.mean(np.abs(new / fit.factor - 1) <= fit.error_share) for new, fit in zip(held_out, fits, strict=True)]
    assert np.mean(covered) >= 0.8
    assert np.median([fit.error_share for fit in fits]) < 0.18, "five drives help already"


@pytest.mark.parametrize("odd", [(3.0, 2.6), (0.3, 0.5), (4.0, 0.2)])
@pytest.mark.parametrize("count", [20, 100])
def test_two_odd_drives_hardly_move_it(count: int, odd: tuple[float, float]) -> None:
    for seed in range(20):
        plain = planted(count, seed)
        moved = fit_local_factor(np.concatenate([plain, odd])).factor / fit_local_factor(plain).factor
        assert abs(moved - 1) < 0.03


def test_one_odd_drive_of_five_has_no_say() -> None:
    fit = fit_local_factor(np.array([1.28, 1.30, 1.33, 1.31, 3.0]))
    assert fit.weights[-1] == 0
    assert fit.factor == pytest.approx(1.3, rel=0.05)


def test_few_drives_say_less_than_many() -> None:
    factors = [fit_local_factor(np.full(count, 1.3)).factor for count in (1, 2, 5, 50)]
    assert factors == sorted(factors)
    assert 1.1 < factors[0] < 1.28
    assert factors[-1] == pytest.approx(1.3, abs=0.005)


def test_however_well_they_agree_the_minutes_are_not_told_surer_than_the_least_error() -> None:
    assert fit_local_factor(np.full(1000, 1.1)).error_share == LEAST_ERROR


def test_where_journeys_scatter_more_the_band_is_wider_than_without_any() -> None:
    scattered = np.exp(np.random.default_rng(3).normal(0, 0.27, 60))
    assert fit_local_factor(scattered).error_share > 0.18
