"""The measure of a dense town: junctions and signals around, smooth, and the same wherever the map lies."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from siting.roads.density import Density, measure_density
from siting.roads.segments import Pieces


def grid(spacing_m: float, count: int, *, signals_every: int = 0, at_m: tuple[float, float] = (480_000.0, 190_000.0)) -> Pieces:
    """Draw streets from each crossing of a square grid to the next east and the next north."""
    x_m, y_m = (axis.ravel() * spacing_m for axis in np.meshgrid(np.arange(count), np.arange(count)))
    number = np.arange(count * count).reshape(count, count)
    begin = np.concatenate([number[:, :-1].ravel(), number[:-1].ravel()])
    end = np.concatenate([number[:, 1:].ravel(), number[1:].ravel()])
    signal = np.zeros(count * count, dtype=bool)
    if signals_every:
        signal[(number[::signals_every, ::signals_every]).ravel()] = True
    both = np.column_stack([begin, end]).ravel()
    nothing: dict[str, Any] = {
        "end_effect": np.zeros(2 * len(begin), dtype=np.int8),
        "junction_of_node": {},
        "private_gates": np.zeros(0, dtype=np.int32),
        "shut_junctions": {},
    }
    return Pieces(
        way=np.zeros(len(begin), dtype=np.int32),
        from_junction=begin.astype(np.int32),
        to_junction=end.astype(np.int32),
        line=np.arange(2 * len(begin), dtype=np.int32),
        length_m=np.full(len(begin), spacing_m),
        geometry_start=np.arange(0, 2 * len(begin) + 1, 2),
        x_m=x_m[both] + at_m[0],
        y_m=y_m[both] + at_m[1],
        signal_x_m=x_m[signal] + at_m[0],
        signal_y_m=y_m[signal] + at_m[1],
        junctions=count * count,
        **nothing,
    )


def measured(pieces: Pieces) -> Density:
    return measure_density(pieces, np.ones(len(pieces.way), dtype=bool))


def test_a_grid_has_as_many_crossings_a_square_kilometre_as_were_drawn() -> None:
    """100 m apart: a hundred a square kilometre; signals at every other crossing each way: a quarter of that."""
    found = measured(grid(100.0, 30, signals_every=2))
    assert np.median(found.junctions_per_km2) == pytest.approx(100, rel=0.06)
    assert np.median(found.signals_per_km2) == pytest.approx(25, rel=0.1)
    assert np.median(found.town_per_km2) == pytest.approx(50, rel=0.08)


def test_the_edge_of_an_extract_is_not_taken_for_the_edge_of_the_town() -> None:
    found = measured(grid(100.0, 30)).junctions_per_km2
    assert found.min() > 70


@pytest.mark.parametrize("pieces", [grid(100.0, 20), grid(250.0, 20, signals_every=1)], ids=["no signals", "few junctions"])
def test_it_takes_both_to_make_a_dense_town(pieces: Pieces) -> None:
    assert np.median(measured(pieces).town_per_km2) < 17


def test_roads_that_nobody_drives_along_count_for_nothing() -> None:
    pieces = grid(100.0, 20)
    assert measure_density(pieces, np.zeros(len(pieces.way), dtype=bool)).junctions_per_km2.max() == 0


def test_what_is_drawn_as_four_signals_counts_once() -> None:
    plain = grid(200.0, 12, signals_every=1)
    x_m = np.concatenate([plain.signal_x_m + d for d in (5, 10, 15, 20)])
    y_m = np.concatenate([plain.signal_y_m + d for d in (5, 10, 15, 20)])
    drawn_finely = replace(plain, signal_x_m=x_m, signal_y_m=y_m)
    assert measured(drawn_finely).signals_per_km2 == pytest.approx(measured(plain).signals_per_km2, rel=0.3)


def test_nothing_jumps_from_one_street_to_the_next_and_a_map_may_lie_anywhere() -> None:
    pieces = grid(50.0, 60)
    found = measured(pieces).junctions_per_km2
    here, there = found[:-1], found[1:]
    beside = np.abs(np.diff(pieces.x_m[::2])) == 50.0
    assert np.abs(here - there)[beside].max() < 0.12 * found.max()
    moved = measured(grid(50.0, 60, at_m=(480_000.0 + 123.4, 190_000.0 - 77.7))).junctions_per_km2
    assert np.median(moved) == pytest.approx(np.median(found), rel=0.05)
