"""How far a place's own journeys move the model, and how sure its minutes are then: numbers in, numbers out.

The logarithm of observed over modelled time is estimated robustly: from the middle of the shortest
half of the values (Rousseeuw 1984, Least median of squares regression, Journal of the American
Statistical Association 79, 871-880), then by Tukey's biweight (Beaton and Tukey 1974, Technometrics
16, 147-185), so that one odd drive has no say. It is then shrunk towards nothing by how few the
journeys are, as a normal mean with a normal prior (Efron and Morris 1975, Data analysis using
Stein's estimator, Journal of the American Statistical Association 70, 311-319).
"""

from dataclasses import dataclass

import numpy as np

from siting.arrays import Float64

PLACES_DIFFER = 0.20
"""Standard deviation, in logarithms, of one place's factor from another's: the like-for-like tests of docs/method.md."""
SCENARIOS_DIFFER = 0.08
"""The same of one scenario's factor from the place's (own assumption: half of what places differ by)."""
BAD_DAYS_DIFFER = 0.10
"""The same of one place's bad day (own assumption)."""
_USUAL_SPREAD = 0.12
_USUAL_WEIGHT = 3.0
"""What a drive scatters by before any is seen (own assumption), and how many drives that counts as."""
_MOST_SPREAD = 0.30
_BIWEIGHT = 4.685
"""Tukey's constant: 95 % as sharp as the mean where nothing is odd."""
_TO_NORMAL = 1.4826
"""Of the median of absolute residuals to the standard deviation of a normal distribution."""
FOUR_IN_FIVE = 1.45
"""Standard deviations within which four journeys of five lie: 1.28 of a normal one, and so much more that it holds for nearly
every set of drives and not only on average."""
LEAST_ERROR = 0.05
"""However well the journeys agree, no minutes are told surer than this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalFactor:
    """A factor, the share by which a journey may still differ either way, and the say that each value had (0 to 1)."""

    factor: float
    error_share: float
    weights: Float64


def fit_local_factor(ratios: Float64, *, towards: float = 1.0, prior_spread: float = PLACES_DIFFER) -> LocalFactor:
    """Fit the factor of observed over modelled times.

    Parameters
    ----------
    ratios
        Observed over modelled time, one a journey; at least one.
    towards
        What the factor is shrunk to.
    prior_spread
        How far factors usually lie from there, in logarithms.

    Returns
    -------
    LocalFactor
        Its error is told for a journey yet to be driven: the scatter of journeys and the doubt of the factor.
    """
    values = np.log(np.asarray(ratios, dtype=np.float64)) - np.log(towards)
    centre = _middle_of_shortest_half(values)
    spread = _spread(values, centre)
    weights = np.ones(len(values))
    for _ in range(50):
        weights = np.clip(1.0 - ((values - centre) / (_BIWEIGHT * spread)) ** 2, 0.0, None) ** 2
        moved = float((weights * values).sum() / weights.sum())
        if abs(moved - centre) < 1e-9:  # noqa: PLR2004 - nothing moves any more
            break
        centre = moved
    said = float(weights.sum())
    spread = _spread_of_kept(values[weights > 0] - centre)
    keeping = prior_spread**2 / (prior_spread**2 + spread**2 / said)
    doubt2 = 1.0 / (1.0 / prior_spread**2 + said / spread**2)
    error = FOUR_IN_FIVE * float(np.sqrt(spread**2 + doubt2))
    return LocalFactor(factor=towards * float(np.exp(keeping * centre)), error_share=max(LEAST_ERROR, error), weights=weights)


def _spread_of_kept(residuals: Float64) -> float:
    """Return the scatter of the journeys that have a say, with what is usual counted as a few more."""
    mixed = (_USUAL_WEIGHT * _USUAL_SPREAD**2 + float((residuals**2).sum())) / (_USUAL_WEIGHT + len(residuals) - 1)
    return float(np.clip(np.sqrt(mixed), LEAST_ERROR / FOUR_IN_FIVE / 2, _MOST_SPREAD))


def _middle_of_shortest_half(values: Float64) -> float:
    ordered = np.sort(values)
    half = len(ordered) // 2 + 1
    lengths = ordered[half - 1 :] - ordered[: len(ordered) - half + 1]
    at = int(np.argmin(lengths))
    return float(np.median(ordered[at : at + half]))


def _spread(values: Float64, centre: float) -> float:
    """Return the scatter of journeys: that of those seen, with what is usual counted as a few more."""
    seen = _TO_NORMAL * float(np.median(np.abs(values - centre)))
    mixed = (_USUAL_WEIGHT * _USUAL_SPREAD**2 + len(values) * seen**2) / (_USUAL_WEIGHT + len(values))
    return float(np.clip(np.sqrt(mixed), LEAST_ERROR / FOUR_IN_FIVE / 2, _MOST_SPREAD))
