"""Packs Ordnance Survey's OSTN15 shifts into `siting/ostn15.npz`, asking convertbng for each corner of its grid."""

from pathlib import Path

import numpy as np
from convertbng import cutil

ROWS, COLUMNS, CELL_M = 1250, 701, 1000.0

x_m, y_m = np.meshgrid(np.arange(COLUMNS) * CELL_M, np.arange(ROWS) * CELL_M)
east_m, north_m = cutil.convert_etrs89_to_osgb36(x_m.ravel(), y_m.ravel())
shifts_mm = np.stack([(np.asarray(east_m) - x_m.ravel()), (np.asarray(north_m) - y_m.ravel())]).reshape(2, ROWS, COLUMNS) * 1000
# The last column's cells lie beyond the table: the corner there has no answer and stands as its neighbour.
unknown = ~np.isfinite(shifts_mm)
shifts_mm[unknown] = np.roll(shifts_mm, 1, axis=2)[unknown]
assert np.isfinite(shifts_mm).all(), np.argwhere(~np.isfinite(shifts_mm))[:5]
assert np.abs(shifts_mm - np.rint(shifts_mm)).max() < 0.01
whole = np.rint(shifts_mm).astype(np.int64)
differences = np.diff(np.diff(whole, axis=2, prepend=0), axis=1, prepend=0).astype(np.int32)
target = Path(__file__).resolve().parents[1] / "siting" / "ostn15.npz"
np.savez_compressed(target, shifts_mm=differences)
print(f"{target.name}: {target.stat().st_size:,} bytes, {unknown.sum()} corners without an answer")
