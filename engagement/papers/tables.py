"""The pack's lists as tables: the columns that other programs rely on, and wider ones for people."""

from collections.abc import Callable

import pandas as pd

from engagement.around.neighbours import BANDS_M, Considered
from engagement.pack import Pack

NEIGHBOUR_COLUMNS = (
    "uprn", "address", "postcode", "building", "distance_m", "basis", "shares_boundary", "easting", "northing",
)  # fmt: skip


def neighbours_table(pack: Pack) -> pd.DataFrame:
    """Return exactly those who are in, nearest first."""
    return pd.DataFrame([_row(one) for one in pack.neighbours], columns=list(NEIGHBOUR_COLUMNS))


def nearby_table(pack: Pack) -> pd.DataFrame:
    """Return those considered and left out, to the last band, with the reason; borderline ones are marked."""
    rows = [
        _row(one)
        | {
            "band": _band(one.distance_m),
            "borderline": _yes(one.borderline),
            "across_road": _yes(one.across_road),
            "reason": one.because,
        }
        for one in pack.nearby
    ]
    return pd.DataFrame(rows, columns=[*NEIGHBOUR_COLUMNS, "band", "borderline", "across_road", "reason"])


def considered_table(pack: Pack) -> pd.DataFrame:
    """Return every address that was considered, with every distance and why it is in or out."""
    rows = [
        {
            "number": pack.number_of(one) if one.invited else None,
            "invited": _yes(one.invited),
            **_row(one),
            "plot_to_plot_m": one.plot_to_plot_m,
            "plot_to_building_m": one.plot_to_building_m,
            "plot_to_point_m": one.plot_to_point_m,
            "lies": one.direction,
            "across_road": _yes(one.across_road),
            "borderline": _yes(one.borderline),
            "households": "may be several households" if one.several else "",
            "why": one.because,
            "note": "" if one.note in {"add", "remove"} else one.note,
        }
        for one in pack.considered
    ]
    frame = pd.DataFrame(rows)
    if len(frame):
        frame["number"] = frame["number"].astype("Int64")
    return frame


def walk_there_table(pack: Pack) -> pd.DataFrame:
    """Return the buildings that look lived in and have no address, nearest first, by their labels on the map."""
    rows = [
        {
            "label": one.label,
            "what": one.what,
            "distance_m": round(one.distance_m, 2),
            "lies": one.direction,
            "easting": round(one.x_m, 2),
            "northing": round(one.y_m, 2),
        }
        for one in pack.walk_there
    ]
    return pd.DataFrame(rows, columns=["label", "what", "distance_m", "lies", "easting", "northing"])


def left_out_table(pack: Pack) -> pd.DataFrame:
    """Count what was left out, by reason, within the last band."""
    reasons = [
        one.because if one.address.kind.left_out or "shell" in one.because else "farther away"
        for one in pack.considered
        if not one.invited
    ]
    reasons += [one.because for one in pack.set_aside]
    counts = pd.Series(reasons, dtype=object).value_counts()
    return pd.DataFrame({"reason": counts.index, "entries": counts.to_numpy()})


def stakeholders_table(pack: Pack) -> pd.DataFrame:
    """Return one row a role, open tasks among them."""
    rows = [
        {
            "step": row.step,
            "role": row.role,
            "name": row.name or "TO BE FOUND",
            "organisation": row.organisation,
            "email": row.email,
            "telephone": row.telephone,
            "road_minutes": row.minutes,
            "why": row.why,
            "source": row.source,
            "as_at": row.as_at,
        }
        for row in pack.stakeholders
    ]
    return pd.DataFrame(rows)


def visits_table(pack: Pack) -> pd.DataFrame:
    """Return one row a visit, in the order of time: `date,start,end,host,uprn,address`."""
    rows = [
        {
            "date": f"{visit.slot.start:%Y-%m-%d}",
            "start": f"{visit.slot.start:%H:%M}",
            "end": f"{visit.slot.end:%H:%M}",
            "host": visit.slot.host,
            "uprn": visit.neighbour.address.uprn or "",
            "address": visit.neighbour.address.written,
        }
        for visit in pack.schedule.visits
    ]
    return pd.DataFrame(rows, columns=["date", "start", "end", "host", "uprn", "address"])


def steps_table(pack: Pack) -> pd.DataFrame:
    """Return the dated steps."""
    rows = [{"step": s.number, "what": s.what, "day": f"{s.day:%Y-%m-%d}", "note": s.note} for s in pack.steps]
    return pd.DataFrame(rows)


def _row(one: Considered) -> dict[str, object]:
    address = one.address
    return {
        "uprn": address.uprn or "",
        "address": address.written,
        "postcode": address.postcode,
        "building": address.building_name,
        "distance_m": round(one.distance_m, 2),
        "basis": one.basis.value,
        "shares_boundary": _yes(one.shares_boundary),
        "easting": round(address.x_m, 2),
        "northing": round(address.y_m, 2),
    }


def _band(distance_m: float) -> str:
    return next((f"to {band:g} m" for band in BANDS_M if distance_m <= band), f"beyond {BANDS_M[-1]:g} m")


_yes: Callable[[bool], str] = lambda value: "yes" if value else "no"  # noqa: E731 - one word each way
