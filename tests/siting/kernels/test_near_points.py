"""The nearest of many points is the one that measuring them all finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.kernels.near_points import nearest_within_m

REACH_M = 31.0
points = st.lists(st.tuples(st.floats(-200, 200), st.floats(-200, 200)), max_size=40).map(
    lambda rows: np.array(rows, dtype=np.float64).reshape(-1, 2)
)


@settings(deadline=None)
@given(points, points)
def test_no_nearer_point_is_missed(known: np.ndarray, places: np.ndarray) -> None:
    apart_m = np.hypot(*(places[:, None, :] - known[None, :, :]).transpose(2, 0, 1))
    nearest_m = apart_m.min(axis=1, initial=np.inf)
    found_m = nearest_within_m(known, places, REACH_M)
    clear = np.abs(nearest_m - REACH_M) > 1e-9  # on the very edge of the reach either answer is right
    expected_m = np.where(nearest_m <= REACH_M, nearest_m, np.inf)
    assert np.allclose(found_m[clear], expected_m[clear], rtol=0, atol=1e-9)
