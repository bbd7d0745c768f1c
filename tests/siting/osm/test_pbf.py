"""The fast reader gives what the general one gives, and knows what it does not know."""

from pathlib import Path

import numpy as np
import pytest

from siting.faults import NetworkSourceError
from siting.osm.extract import read_drivable, read_osm
from siting.osm.pbf import UnknownFormError, read_ways
from siting.storage.kept import bundled_data


def same(path: Path) -> None:
    fast, general = read_drivable(path), read_drivable(path, general=True)
    assert list(fast.roads) == list(general.roads)
    assert fast.ferries == general.ferries
    for name in ("way_ids", "way_starts", "node_refs", "longitude", "latitude"):
        assert np.array_equal(getattr(fast, name), getattr(general, name)), name


def test_the_sample_is_read_alike() -> None:
    same(bundled_data() / "chilterns" / "chilterns.osm.pbf")


@pytest.mark.parametrize("name", ["rutland-2022-07-20", "newport-2023-06-13"])
def test_real_extracts_are_read_alike(shared_data: Path, name: str) -> None:
    same(shared_data / f"{name}.osm.pbf")


@pytest.mark.parametrize("content", [b"not a map", b"\x00\x00\x00\x0d"])
def test_what_is_no_such_file_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.osm.pbf").write_bytes(content)
    with pytest.raises(UnknownFormError):
        read_ways(tmp_path / "a.osm.pbf", ("highway",))
    with pytest.raises(NetworkSourceError, match=r"a\.osm\.pbf"):
        read_osm(tmp_path / "a.osm.pbf")


def test_a_file_cut_short_is_said(tmp_path: Path) -> None:
    whole = (bundled_data() / "chilterns" / "chilterns.osm.pbf").read_bytes()
    (tmp_path / "cut.osm.pbf").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(NetworkSourceError):
        read_osm(tmp_path / "cut.osm.pbf")
