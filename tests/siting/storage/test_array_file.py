"""Kept arrays are what was written, to the last byte, or damaged."""

from pathlib import Path

import numpy as np
import pytest

from siting.storage.array_file import DamagedFileError, read_arrays, read_kept, write_arrays


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    write_arrays(tmp_path / "kept.arrays", {"a": np.arange(50), "b": np.ones((3, 4)), "none": np.zeros(0)}, {"about": "x"})
    return tmp_path / "kept.arrays"


def test_what_was_written_is_read(kept: Path) -> None:
    arrays, plain = read_arrays(kept)
    assert plain == {"about": "x"}
    assert arrays["a"].tolist() == list(range(50))
    assert arrays["b"].shape == (3, 4)
    assert arrays["none"].shape == (0,)
    assert not arrays["a"].flags.writeable


@pytest.mark.parametrize("change", [0x01, 0x08, 0x80])
def test_no_byte_of_the_file_may_be_another(kept: Path, change: int) -> None:
    whole, damaged = kept.read_bytes(), kept.with_name("damaged.arrays")
    for at in range(len(whole)):
        damaged.write_bytes(whole[:at] + bytes([whole[at] ^ change]) + whole[at + 1 :])
        with pytest.raises(DamagedFileError):
            read_arrays(damaged)


def test_a_file_that_is_cut_off_or_goes_on_is_damaged(kept: Path) -> None:
    whole, damaged = kept.read_bytes(), kept.with_name("damaged.arrays")
    for content in (*(whole[:length] for length in range(len(whole))), whole + b"\0"):
        damaged.write_bytes(content)
        assert read_kept(damaged) is None
