"""What is listed without a sort is what a sort would list, and rows are alike where Python says so."""

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.kernels.listed import listed_under, same_rows

numbers = st.lists(st.integers(0, 9), max_size=40)


@settings(deadline=None)
@given(numbers)
def test_things_of_one_number_keep_their_order(drawn: list[int]) -> None:
    start, order = listed_under(np.array(drawn, dtype=np.int32), 10)
    assert order.tolist() == sorted(range(len(drawn)), key=lambda thing: drawn[thing])
    assert np.diff(start).tolist() == [drawn.count(number) for number in range(10)]


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from([-1, 0, 1, 2**62]), max_size=3), max_size=200))
def test_rows_are_alike_where_every_number_is(rows: list[list[int]]) -> None:
    start = np.array([0, *itertools.accumulate(map(len, rows))], dtype=np.int64)
    first, kind = same_rows(start, np.array(list(itertools.chain(*rows)), dtype=np.int64))
    kinds = list(dict.fromkeys(map(tuple, rows)))
    assert kind.tolist() == [kinds.index(tuple(row)) for row in rows]
    assert [tuple(rows[row]) for row in first.tolist()] == kinds
