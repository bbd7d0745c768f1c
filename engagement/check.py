"""Every fault of the files that only engagement reads, named all at once."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from engagement.around.addresses import AddressFile
from engagement.around.boundary import boundaries_of_no_home, read_boundaries
from engagement.around.decisions_file import read_decisions
from engagement.papers.letters import check_wording
from engagement.people.areas import read_areas
from engagement.people.contact_details import odd_details
from engagement.people.stakeholder_files import Person, read_councillors, read_named_contacts, read_police_team, read_schools
from engagement.prepare import Sources, addresses_elsewhere, consider_home, decisions_path, instructions, issues_of
from engagement.schedule.days import odd_days
from engagement.schedule.hosts import double_bookings, taken_by
from siting.documents.typesetting import read_picture
from siting.faults import Fault, InputFaultsError, Severity, in_order
from siting.inputs.plan import Plan
from siting.inputs.plan_inputs import PlanInputs
from siting.storage.vector_layers import read_vector
from siting.words import HomeStatus


def engagement_faults(plan: Plan, today: dt.date) -> Iterator[Fault]:
    """Yield what is wrong with addresses, contacts, members, schools, police, decisions, days, letter and logo of a plan."""
    yield from odd_days(plan.engagement, today, plan.path.name)
    files = plan.inputs
    jobs: list[Callable[[], object]] = [partial(AddressFile, plan.resolve(name)) for name in files.addresses or ()]
    told: list[Fault] = []
    readers: tuple[tuple[Callable[[Path], object], tuple[str | None, ...]], ...] = (
        (partial(read_named_contacts, warnings=told), (files.contacts,)),
        (partial(read_councillors, warnings=told), (files.councillors,)),
        (read_schools, files.gias or ()),
        (partial(read_police_team, warnings=told), files.police_team or ()),
    )
    jobs += [partial(read_vector, plan.resolve(name), "the plots") for name in files.plots or ()]
    jobs += [partial(read_boundaries, plan.resolve(files.boundary))] if files.boundary else []
    jobs += [partial(read_areas, plan.resolve(name)) for name in (files.wards, files.police_areas) if name]
    jobs += [partial(read, plan.resolve(name)) for read, names in readers for name in names if name]
    letter, logo = plan.engagement.letter, plan.engagement.logo
    if letter:
        jobs.append(partial(check_wording, plan.resolve(letter).read_bytes(), letter))
    if logo:
        jobs.append(partial(read_picture, plan.resolve(logo)))
    jobs.append(partial(read_decisions, plan.resolve(files.decisions or "decisions.csv")))
    for job in jobs:
        try:
            found = job()
        except InputFaultsError as error:
            yield from error.faults
            continue
        if isinstance(found, AddressFile):
            yield from found.warnings
        if isinstance(found, tuple):
            yield from odd_details(one for one in found if isinstance(one, Person))
    yield from told


def issued_faults(inputs: PlanInputs, homes: Path, today: dt.date) -> tuple[Fault, ...]:
    """Return what is wrong with what was issued in a folder of packs: hosts who receive two households at one time."""
    home_ids = [home.row.home_id for home in inputs.homes]
    return tuple(double_bookings(taken_by(issues_of(homes, home_ids)), today))


def boundaries_without_effect(inputs: PlanInputs) -> tuple[Fault, ...]:
    """Return a warning for each boundary that is drawn for a home that there is not."""
    name = inputs.plan.inputs.boundary
    home_ids = [home.row.home_id for home in inputs.homes]
    return tuple(boundaries_of_no_home(inputs.plan.resolve(name), home_ids)) if name else ()


def homes_without_addresses(sources: Sources) -> tuple[Fault, ...]:
    """Warn of each bought home around which the address files have nothing: no pack of it can be made."""
    if not sources.address_files:
        return ()
    bought = [home for home in sources.inputs.homes if home.row.status is HomeStatus.BOUGHT]
    return tuple(replace(fault, severity=Severity.WARNING) for home in bought for fault in addresses_elsewhere(sources, home))


def decisions_without_effect(sources: Sources) -> tuple[Fault, ...]:
    """Return a fault for each decision that matches no address around its home, or several, or names no home."""
    decided = read_decisions(decisions_path(sources.inputs))
    named = {one.home_id for one in decided}
    homes = [home for home in sources.inputs.homes if home.row.home_id in named]
    if decided and not homes:
        return instructions(sources.inputs, sources.inputs.homes[0], None)[1]
    return in_order(fault for home in homes for fault in consider_home(sources, home).faults)
