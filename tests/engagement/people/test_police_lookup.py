"""Nothing is sent unless asked; what is sent is rough, and the answer is kept."""

import json
from pathlib import Path

import pytest

from engagement.people.police_lookup import look_up_team, what_is_sent
from engagement.people.stakeholder_files import is_beat_officer, is_pcso, read_police_team
from siting.faults import NetworkSourceError
from siting.pipeline import run_police
from siting.storage.kept import bundled_data


def test_without_send_it_only_says_what_would_be_sent() -> None:
    told = run_police(bundled_data() / "chilterns" / "plan.toml", "H04", send=False)
    assert "51.57, -0.77" in told
    assert "data.police.uk" in told
    assert "Nothing was sent" in told


def test_the_answer_is_kept_and_read(tmp_path: Path) -> None:
    asked: list[str] = []

    def fetch(address: str) -> bytes:
        asked.append(address)
        if "locate" in address:
            return json.dumps({"force": "thames-valley", "neighbourhood": "N123"}).encode()
        team = [
            {"name": "Ada Example", "rank": "PCSO", "contact_details": {}},
            {"name": "Sam", "rank": "PC", "contact_details": {"email": "a@b"}},
        ]
        return json.dumps(team).encode()

    path = look_up_team(51.56789, -0.76543, tmp_path, fetch=fetch)
    assert "51.57,-0.77" in asked[0]
    team = read_police_team(path)
    assert [is_pcso(p.role) for p in team] == [True, False]
    assert [is_beat_officer(p.role) for p in team] == [False, True]


def test_without_a_network_it_is_said(tmp_path: Path) -> None:
    def fetch(_address: str) -> bytes:
        msg = "no route"
        raise OSError(msg)

    with pytest.raises(NetworkSourceError, match="no route"):
        look_up_team(51.5, -0.7, tmp_path, fetch=fetch)
    assert "kilometre" in what_is_sent(51.5, -0.7)
