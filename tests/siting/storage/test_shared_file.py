"""A small file that two may change."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from siting.storage.shared_file import ChangedMeanwhileError, content_of, version_of, write_unless_changed


def test_what_another_wrote_meanwhile_is_never_lost(tmp_path: Path) -> None:
    path = tmp_path / "kept.json"
    seen = version_of(content_of(path))
    first = write_unless_changed(path, b"mine", seen)
    with pytest.raises(ChangedMeanwhileError):
        write_unless_changed(path, b"another's", seen)
    assert path.read_bytes() == b"mine"
    write_unless_changed(path, b"another's", first)
    assert path.read_bytes() == b"another's"


def test_nothing_but_the_file_and_its_lock_is_left_beside_it(tmp_path: Path) -> None:
    write_unless_changed(tmp_path / "kept.json", b"{}", version_of(b""))
    assert {path.name for path in tmp_path.iterdir()} <= {"kept.json", ".kept.json.lock"}


@given(st.binary(max_size=40), st.binary(max_size=40))
def test_versions_tell_contents_apart(one: bytes, other: bytes) -> None:
    assert (version_of(one) == version_of(other)) == (one == other)
