"""What a person decided about a neighbour: added, or not to be contacted; and what the register says of who opted out.

An instruction outlives the address file by which it was given: it is matched by property number, then by
the address as written, then by its place. One that matches nobody is a fault: it protects somebody,
and a pack without them in it must never be made by mistake.
"""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from engagement.around.addresses import Address, buildings_of_households
from engagement.around.same_address import (
    SAME_DOOR_M,
    SAME_PLACE_M,
    AddressParts,
    is_exactly,
    is_one_door,
    may_be,
    may_mean,
    parts_of,
    parts_of_address,
)
from siting.faults import Fault

BY_THE_LEAD = "left out by decision of the lead"
"""All that any paper says of why somebody was removed; the reason stays in the decisions file."""
ADDED = "added by decision of the lead"
OPTED_OUT = "left out, as they asked"
ELSEWHERE = "left out, since they are left alone at another home of the plan"
_CELL_M = 4.0
_CONFLICT_M = 100.0


class Decision(StrEnum):
    """What was decided."""

    ADD = "add"
    REMOVE = "remove"
    AUTOMATIC = "automatic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """One instruction about one address, by what is known of it, and where it stands written.

    `place` is in metres; `mark` stands for all of these where somebody was forgotten. `opted_out`
    tells that it comes from the register, `elsewhere` that it was given at another home of the plan.
    """

    home_id: str
    decision: Decision
    uprn: str | None = None
    address: str = ""
    place: tuple[float, float] | None = None
    mark: str = ""
    date: str = ""
    reason: str = ""
    who: str = ""
    file: str = "decisions.csv"
    row: int | None = None
    opted_out: bool = False
    elsewhere: bool = False

    @property
    def because(self) -> str:
        """What may be said of it on paper."""
        if self.elsewhere:
            return ELSEWHERE
        if self.opted_out:
            return OPTED_OUT
        return ADDED if self.decision is Decision.ADD else BY_THE_LEAD


def of_home(decided: Iterable[Decided], home_id: str) -> tuple[Decided, ...]:
    """Return those about one home."""
    return tuple(one for one in decided if one.home_id == home_id)


def with_others(own: Mapping[str, Decided], others: Mapping[str, Decided]) -> dict[str, Decided]:
    """Put together what counts at a home and who is left alone at other homes of the plan, by the key of the address.

    Whoever must not be contacted about one home is not contacted about the next; only the lead's own `add` there goes
    before what was decided elsewhere, and nothing before an opt-out.
    """
    counted = dict(own)
    for key, one in others.items():
        here = own.get(key)
        if one.decision is Decision.REMOVE and (here is None or (one.opted_out and here.decision is Decision.ADD)):
            counted[key] = replace(one, elsewhere=True)
    return counted


def in_force(decided: Sequence[Decided], addresses: Sequence[Address]) -> tuple[dict[str, Decided], tuple[Fault, ...]]:
    """Return the instruction that counts by the key of each address, and a fault for each that has no effect.

    A later decision counts before an earlier one; whoever opted out stays out, whatever was decided.
    """
    found: dict[str, Decided] = {}
    faults: list[Fault] = []
    known = [(address, parts_of_address(address)) for address in addresses]
    buildings = buildings_of_households(addresses)
    missed: dict[object, Decided] = {}
    for one in decided:
        matched, problem = _matched(one, known)
        if problem is None and any(_is_building(address, buildings) for address in matched):
            problem = _BUILDING
        identity = one.mark or one.uprn or parts_of(one.address)
        missed.pop(identity, None)
        if problem is not None:
            if one.decision is not Decision.AUTOMATIC:
                missed[identity] = one
                faults.append(_without_effect(one, problem))
            continue
        for address in matched:
            before = found.get(address.key)
            if before is None or not before.opted_out:
                found[address.key] = one
    _at_the_same_doors(found, addresses)
    standing = {(one.file, one.row) for one in missed.values()}
    counted = {key: one for key, one in found.items() if one.decision is not Decision.AUTOMATIC}
    return counted, tuple(fault for fault in faults if (fault.file, fault.row) in standing)


def _at_the_same_doors(found: dict[str, Decided], addresses: Sequence[Address]) -> None:
    """Leave alone whoever else is written as one who is: a letter to them would come to the same door.

    What was decided on such an entry itself goes before that.
    """
    removed = [address for address in addresses if (one := found.get(address.key)) and one.decision is Decision.REMOVE]
    for address in removed:
        for other in addresses:
            if other.key not in found and is_one_door(address, other):
                found[other.key] = found[address.key]


def _without_effect(one: Decided, problem: str) -> Fault:
    what = "this opt-out" if one.opted_out else "this decision"
    remedy = "Log a correction" if one.opted_out else "Give it again with `siting decide`, or take the row out of the file"
    return Fault(file=one.file, row=one.row, problem=f"{what} of {one.home_id} has no effect: {problem}", remedy=remedy)


_NOBODY = "it matches no address around the home"
_SEVERAL = "it may be any of several addresses"
_ANOTHER = "its UPRN and its address are of two properties"

_BUILDING = "it is a building whose households are listed themselves; decide on each of them"

_Known = Sequence[tuple[Address, tuple[AddressParts, ...]]]


def _is_building(address: Address, buildings: AbstractSet[str]) -> bool:
    """Tell whether an entry stands for a building: whoever was left alone there is one of its households now."""
    is_parent = address.uprn is not None and address.uprn.lstrip("0") in buildings
    return is_parent or (address.kind.left_out or "").startswith("a parent")


def _matched(one: Decided, known: _Known) -> tuple[list[Address], str | None]:
    if one.mark:
        found = _by_mark(one.mark, known)
        return found, None if found else _NOBODY
    asked = parts_of(one.address) if one.address else None
    answer = _by_number(one, asked, known)
    if answer is not None:
        return answer
    for found in (_by_text(one, asked, known), _by_place(one, asked, known)):
        if found and (len({_door(address) for address in found}) == 1 or all(is_one_door(found[0], one) for one in found[1:])):
            return found, None
        if found and one.place is None:
            return [], _SEVERAL
    return [], _NOBODY


def _by_number(one: Decided, asked: AddressParts | None, known: _Known) -> tuple[list[Address], str | None] | None:
    """Return whose number it is, or that it is of another than the address; None where nobody around has it."""
    own = [(address, parts) for address, parts in known if one.uprn and address.uprn and address.uprn.lstrip("0") == one.uprn]
    if not own:
        return None
    is_another = any(_is_another(one, asked, address, parts) for address, parts in own)
    if asked is not None and not any(may_be(asked, parts) for _, all_parts in own for parts in all_parts):
        # The address may say another, near by: one of the two would be left alone, and it may be the wrong one.
        others = [address for address in _by_text(one, asked, known) if address.uprn]
        is_another = is_another or bool(others)
    if is_another:
        return [], _ANOTHER
    return [*(address for address, _ in own), *_written_again(own, known)], None


def _written_again(own: _Known, known: _Known) -> list[Address]:
    """Return entries without a number that are the same door: a list of one's own beside a national file."""
    return [
        address
        for address, all_parts in known
        if not address.uprn
        and any(np.hypot(address.x_m - a.x_m, address.y_m - a.y_m) <= SAME_DOOR_M for a, _ in own)
        and any(may_be(one, other) for one in all_parts for _, parts in own for other in parts)
    ]


def _door(address: Address) -> object:
    """Return what two entries of one door have in common: the same entry may stand in two files."""
    parts = parts_of_address(address)
    return (parts[0].door, parts[0].words, round(address.x_m), round(address.y_m)) if parts else address.key


def _is_another(one: Decided, asked: AddressParts | None, address: Address, all_parts: tuple[AddressParts, ...]) -> bool:
    if asked is None or not all_parts or any(may_be(asked, parts) for parts in all_parts):
        return False
    if one.place is not None:
        return _apart_m(one, address) > _CONFLICT_M
    return all(parts.door != asked.door for parts in all_parts)


def _apart_m(one: Decided, address: Address) -> float:
    return float(np.hypot(address.x_m - one.place[0], address.y_m - one.place[1])) if one.place else 0.0


def _by_text(one: Decided, asked: AddressParts | None, known: _Known) -> list[Address]:
    if asked is None or asked.is_empty:
        return []
    near = [(address, parts) for address, parts in known if _apart_m(one, address) <= _CONFLICT_M]
    exact = [address for address, all_parts in near if any(is_exactly(asked, parts) for parts in all_parts)]
    found = exact or [address for address, all_parts in near if may_mean(asked, address, all_parts)]
    if one.place is not None and len(found) > 1:
        least_m = min(_apart_m(one, address) for address in found)
        found = [address for address in found if _apart_m(one, address) <= least_m + SAME_PLACE_M]
    return found


def _by_place(one: Decided, asked: AddressParts | None, known: _Known) -> list[Address]:
    """Find who stands where the decided address stood: with the same figures on the door, or else the only one there."""
    if one.place is None:
        return []
    if asked is not None and asked.door:
        figures = sorted(asked.door)
        near = [(address, all_parts) for address, all_parts in known if _apart_m(one, address) <= SAME_DOOR_M]
        same = [address for address, all_parts in near if any(sorted(parts.door) == figures for parts in all_parts)]
        if same:
            least_m = min(_apart_m(one, address) for address in same)
            return [address for address in same if _apart_m(one, address) <= least_m + SAME_PLACE_M]
    return [address for address, _ in known if _apart_m(one, address) <= SAME_PLACE_M]


def forgotten(one: Decided, address: Address, day: str) -> Decided:
    """Return the bare entry that is kept of somebody who was forgotten: no name, number, address, place or reason."""
    return replace(
        one, decision=Decision.REMOVE, uprn=None, address="", place=None, mark=mark_of(address), date=day, who="",
        reason="left alone", opted_out=False,
    )  # fmt: skip


def mark_of(address: Address) -> str:
    """Return a mark by which an address is known again, in this file or in another, and which does not say it."""
    salt = secrets.token_hex(4)
    own = [name for name, _ in traits_of(address)]
    return ":".join([salt, *dict.fromkeys(_digest(salt, trait) for trait in own)])


RANKS = ("uprn", "door", "text", "post")
"""By what a mark knows an address, the surest first."""


def rank_of_mark(mark: str, address: Address) -> int | None:
    """Return how surely a mark is of an address, 0 the surest (see `RANKS`); None where it is not of it."""
    salt, *digests = mark.split(":")
    wanted = set(digests)
    ranks = [
        RANKS.index(trait.partition(" ")[0])
        for trait, around in traits_of(address)
        if any(_digest(salt, near) in wanted for near in (trait, *around))
    ]
    return min(ranks, default=None)


def _by_mark(mark: str, known: "_Known") -> list[Address]:
    """Return those of whom a mark is: where number or place tell who, not the same door in another street of the postcode.

    The door may stand a second time without its number, in a list of one's own beside a national file.
    """
    ranked = [(address, rank) for address, _ in known if (rank := rank_of_mark(mark, address)) is not None]
    best = min((rank for _, rank in ranked), default=0)
    surest = RANKS.index("post") if best == RANKS.index("post") else RANKS.index("text")
    numbered = best == RANKS.index("uprn")
    return [a for a, rank in ranked if rank <= surest and (rank == best or not (numbered and a.uprn))]


def traits_of(address: Address) -> list[tuple[str, tuple[str, ...]]]:
    """Return what an address is known by, each with a word of `RANKS` first, and what the same door may have elsewhere."""
    traits: list[tuple[str, tuple[str, ...]]] = []
    if address.uprn:
        traits.append((f"uprn {address.uprn.lstrip('0')}", ()))
    column, row = int(address.x_m // _CELL_M), int(address.y_m // _CELL_M)
    around = [(column + i, row + j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    for parts in parts_of_address(address):
        door = " ".join(sorted(parts.door))
        if parts.postcode:
            name = door or " ".join(sorted(parts.words))
            traits.append((f"post {name} {parts.postcode}", ()))
        traits.append((f"door {door} {column} {row}", tuple(f"door {door} {i} {j}" for i, j in around)))
        traits.append((f"text {door} {' '.join(sorted(parts.words))} {column // 50} {row // 50}", ()))
    return traits


def _digest(salt: str, trait: str) -> str:
    return hashlib.blake2b(trait.encode(), digest_size=8, salt=salt.encode()).hexdigest()


def plain_key(text: str) -> str:
    """Write a property number with its twelve figures, and an address without what does not count."""
    words = " ".join(text.replace(",", " ").split()).casefold()
    return words.zfill(12) if re.fullmatch(r"\d+", words) else words


Rulings = Mapping[str, Decided]
"""The instruction that counts, by the key of the address."""
