"""Whether a point lies nearer is what measuring them all finds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.kernels.near_points import any_nearer

rows = st.lists(st.tuples(st.floats(-200, 200), st.floats(-200, 200), st.floats(0, 31)), max_size=40).map(
    lambda rows: np.array(rows, dtype=np.float64).reshape(-1, 3)
)


@settings(deadline=None)
@given(rows, rows)
def test_no_nearer_point_is_missed_and_none_is_made_up(known: np.ndarray, places: np.ndarray) -> None:
    apart_m = np.hypot(*(places[:, None, :2] - known[None, :, :2]).transpose(2, 0, 1))
    nearest_m = apart_m.min(axis=1, initial=np.inf)
    known_x_m, known_y_m, _ = (np.ascontiguousarray(axis) for axis in known.T)
    place_x_m, place_y_m, than_m = (np.ascontiguousarray(axis) for axis in places.T)
    found = any_nearer(known_x_m, known_y_m, place_x_m, place_y_m, than_m)
    clear = np.abs(nearest_m - than_m) > 1e-9  # on the very edge either answer is right
    assert (found[clear] == (nearest_m < than_m)[clear]).all()
