"""Settings of a plan that contradict each other: faults, each with both sides named."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator

from siting.faults import Fault
from siting.inputs.council_names import plain_name
from siting.inputs.plan_parts import Engagement, PortfolioPart

_SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-\u2013]\s*(\d{1,2}):(\d{2})\s*")


def contradictions(
    file: str, engagement: Engagement, portfolio: PortfolioPart | None, councils: Iterable[str] = ()
) -> Iterator[Fault]:
    """Name what cannot hold together; `councils` are those to which beds are allocated."""
    first: dict[str, str] = {}
    for name in councils:
        other = first.setdefault(plain_name(name), name)
        if other != name:
            problem = f"{other} and {name} are one council, whose beds would count twice"
            yield _fault(file, "authorities", problem, "Take one of the two out")
    if portfolio is not None:
        yield from _portfolio(file, portfolio)
    yield from _hours(file, engagement)
    yield from _days(file, engagement)
    hosts = [" ".join(host.split()).casefold() for host in engagement.hosts]
    twice = next((host for host, key in zip(engagement.hosts, hosts, strict=True) if hosts.count(key) > 1), None)
    if twice is not None:
        yield _fault(
            file,
            "engagement.hosts",
            f"the host {twice} is named twice",
            "Name each once",
        )


def _portfolio(file: str, part: PortfolioPart) -> Iterator[Fault]:
    barred = {home_id.casefold() for home_id in part.barred}
    for home_id in part.locked:
        if home_id.casefold() in barred:
            yield _fault(file, "portfolio.locked", f"{home_id} is both locked and barred", "Take it out of one of the two")
    if part.homes is not None and len(set(part.locked)) > part.homes:
        problem = f"{len(set(part.locked))} homes are locked and only {part.homes} may be chosen"
        yield _fault(file, "portfolio.homes", problem, "Lock fewer, or choose more")


def _hours(file: str, engagement: Engagement) -> Iterator[Fault]:
    later = "Let the end be later than the start"
    if engagement.end <= engagement.start:
        yield _fault(file, "engagement.end", "a visiting day ends before it begins", later)
    if engagement.drop_in is not None and engagement.drop_in.end <= engagement.drop_in.start:
        yield _fault(file, "engagement.drop_in.end", "the drop-in session ends before it begins", later)
    spans = [("engagement.breaks", text) for text in engagement.breaks]
    spans += [("engagement.evening", engagement.evening)] if engagement.evening else []
    read = []
    for key, text in spans:
        span = _span(text)
        if span is None:
            yield _fault(file, key, f"this is no span of time ({text[:30]!r})", 'Write it as in "18:00-20:00"')
        elif span[1] <= span[0]:
            yield _fault(file, key, f"{text} ends before it begins", later)
        else:
            read.append((key, text, span))
    for index, (key, text, span) in enumerate(read):
        if key == "engagement.evening" and span[0] < engagement.end and engagement.start < span[1]:
            problem = f"the evening {text} overlaps the visiting day, which ends at {engagement.end:%H:%M}"
            yield _fault(file, key, problem, "Let the evening begin when the day has ended")
        for _, other, others in [one for one in read[:index] if one[0] == key]:
            if span[0] < others[1] and others[0] < span[1]:
                yield _fault(file, key, f"{other} and {text} overlap", "Write them as one")


def _days(file: str, engagement: Engagement) -> Iterator[Fault]:
    opening, drop_in = engagement.opening_day, engagement.drop_in
    for day in sorted({day for day in engagement.days if engagement.days.count(day) > 1}):
        yield _fault(file, "engagement.days", f"{day} is named twice", "Name each day once")
    if opening is None:
        return
    for day in sorted(set(engagement.days)):
        if day > opening:
            problem = f"the visiting day {day} is after the opening on {opening}"
            yield _fault(file, "engagement.days", problem, "Let it be before the home opens, or correct the opening day")
    if drop_in is not None and drop_in.date > opening:
        problem = f"the drop-in session on {drop_in.date} is after the opening on {opening}"
        yield _fault(file, "engagement.drop_in.date", problem, "Let it be before the home opens, or correct the opening day")


def _span(text: str) -> tuple[dt.time, dt.time] | None:
    found = _SPAN.fullmatch(text)
    if found is None:
        return None
    try:
        return dt.time(int(found[1]), int(found[2])), dt.time(int(found[3]), int(found[4]))
    except ValueError:
        return None


def _fault(file: str, column: str, problem: str, remedy: str) -> Fault:
    return Fault(file=file, column=column, problem=problem, remedy=remedy)
