"""Which columns of an address file say what: OS Open UPRN, AddressBase Core, Plus, Premium, NGD Address, or a table of one's own.

A file is known by its header, or by its first row where it comes in chunks without one. Several
columns may say the same thing: the first that is *filled* counts, row by row, the council's own
address (LPI) before Royal Mail's (DPA), Welsh where there is nothing else.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from enum import StrEnum
from pathlib import Path

from siting.faults import Fault, InputFaultsError, Severity
from siting.inputs.cells import HEADER_SEARCH_ROWS, column_letter
from siting.inputs.headings import TAKEN, ColumnUse, Sureness, take_headings
from siting.inputs.rows import HomeRow
from siting.storage.decoding import decode_text, encoding_by_its_start

_PLUS = (
    "UPRN,UDPRN,CHANGE_TYPE,STATE,STATE_DATE,CLASS,PARENT_UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE,RPC,"
    "LOCAL_CUSTODIAN_CODE,COUNTRY,LA_START_DATE,LAST_UPDATE_DATE,ENTRY_DATE,RM_ORGANISATION_NAME,LA_ORGANISATION,"
    "DEPARTMENT_NAME,LEGAL_NAME,SUB_BUILDING_NAME,BUILDING_NAME,BUILDING_NUMBER,SAO_START_NUMBER,SAO_START_SUFFIX,"
    "SAO_END_NUMBER,SAO_END_SUFFIX,SAO_TEXT,ALT_LANGUAGE_SAO_TEXT,PAO_START_NUMBER,PAO_START_SUFFIX,PAO_END_NUMBER,"
    "PAO_END_SUFFIX,PAO_TEXT,ALT_LANGUAGE_PAO_TEXT,USRN,USRN_MATCH_INDICATOR,AREA_NAME,LEVEL,OFFICIAL_FLAG,OS_ADDRESS_TOID,"
    "OS_ADDRESS_TOID_VERSION,OS_ROADLINK_TOID,OS_ROADLINK_TOID_VERSION,OS_TOPO_TOID,OS_TOPO_TOID_VERSION,VOA_CT_RECORD,"
    "VOA_NDR_RECORD,STREET_DESCRIPTION,ALT_LANGUAGE_STREET_DESCRIPTION,DEPENDENT_THOROUGHFARE,THOROUGHFARE,"
    "WELSH_DEPENDENT_THOROUGHFARE,WELSH_THOROUGHFARE,DOUBLE_DEPENDENT_LOCALITY,DEPENDENT_LOCALITY,LOCALITY,"
    "WELSH_DEPENDENT_LOCALITY,WELSH_DOUBLE_DEPENDENT_LOCALITY,TOWN_NAME,ADMINISTRATIVE_AREA,POST_TOWN,WELSH_POST_TOWN,POSTCODE,"
    "POSTCODE_LOCATOR,POSTCODE_TYPE,DELIVERY_POINT_SUFFIX,ADDRESSBASE_POSTAL,PO_BOX_NUMBER,WARD_CODE,PARISH_CODE,RM_START_DATE,"
    "MULTI_OCC_COUNT,VOA_NDR_P_DESC_CODE,VOA_NDR_SCAT_CODE,ALT_LANGUAGE"
)
PLUS_HEADER = tuple(_PLUS.split(","))
"""The columns of AddressBase Plus in the order in which its chunks have them (Ordnance Survey, AddressBase Plus technical
specification)."""
PREMIUM_RECORDS = ("10", "11", "15", "21", "23", "24", "28", "29", "30", "31", "32", "99")
"""The kinds of record of AddressBase Premium, by the first cell (Ordnance Survey, its technical specification)."""


class Layout(StrEnum):
    """How a file's rows lie."""

    HEADED = "headed"
    CHUNK = "chunk"
    TYPED = "typed"


@dataclass(frozen=True, slots=True)
class Span:
    """A number from columns: `22`, `22A`, `22-29`."""

    start: str
    start_suffix: str
    end: str
    end_suffix: str


Source = str | Span
Meanings = Mapping[str, tuple[tuple[Source, ...], ...]]
"""For each meaning the alternatives, of which the first filled counts; the parts of one are joined."""

_SAO = Span("sao_start_number", "sao_start_suffix", "sao_end_number", "sao_end_suffix")
_PAO = Span("pao_start_number", "pao_start_suffix", "pao_end_number", "pao_end_suffix")

MEANINGS: Meanings = {
    "uprn": (("uprn",),),
    "parent_uprn": (("parent_uprn",), ("parentuprn",)),
    "classification": (("classification_code",), ("addressclassificationcode",), ("classificationcode",), ("class",)),
    "easting": (("easting",), ("x_coordinate",), ("x",)),
    "northing": (("northing",), ("y_coordinate",), ("y",)),
    "latitude": (("latitude",), ("lat",)),
    "longitude": (("longitude",), ("lon",), ("long",), ("lng",)),
    "geometry": (("geometry",), ("geom",), ("wkt",)),
    "logical_status": (("status",), ("logical_status",), ("blpu_logical_status",), ("addressstatus",)),
    "state": (("state",), ("blpu_state",), ("buildstatus",)),
    "postal": (("postal",), ("addressbase_postal",), ("postal_address_code",), ("postaladdresscode",)),
    "change": (("change_type",), ("changetype",), ("change_code",)),
    "text": (("single_line_address",), ("fulladdress",), ("full_address",), ("address",),
             tuple(f"address_line_{n}" for n in range(1, 6)), tuple(f"address_{n}" for n in range(1, 6)),
             tuple(f"address{n}" for n in range(1, 6)), tuple(f"line_{n}" for n in range(1, 6))),
    "sub_building": (("sao_text", _SAO), ("sub_building",), ("sub_building_name",), ("subname",), ("flat",),
                     ("alt_language_sao_text",)),
    "building_name": (("pao_text",), ("building_name",), ("name",), ("house_name",), ("la_organisation",), ("organisation_name",),
                      ("organisationname",), ("rm_organisation_name",), ("organisation",), ("alt_language_pao_text",)),
    "building_number": ((_PAO,), ("building_number",), ("house_number",), ("housenumber",), ("number",)),
    "street": (("street_description",), ("street_name",), ("streetname",), ("street",), ("dependent_thoroughfare",),
               ("thoroughfare",), ("road",), ("alt_language_street_description",), ("welsh_thoroughfare",)),
    "town": (("locality", "town_name"), ("localityname", "townname"), ("town",), ("post_town",), ("posttown",),
             ("welsh_post_town",)),
    "postcode": (("postcode",), ("postcode_locator",), ("post_code",)),
    "welsh": (("alt_language_sao_text", "alt_language_pao_text"),),
    "welsh_street": (("alt_language_street_description",),
                     ("welsh_dependent_thoroughfare", "welsh_thoroughfare"), ("altstreetname",)),
    "welsh_town": (("welsh_dependent_locality", "welsh_post_town"), ("welsh_post_town",), ("alttownname",)),
}  # fmt: skip
"""The meaning of columns by the names that files give them."""

_OURS = frozenset(name for alternatives in MEANINGS.values() for names in alternatives for name in names if isinstance(name, str))
_AS_OF_HOMES = {"uprn": "uprn", "easting": "easting", "northing": "northing", "latitude": "latitude", "longitude": "longitude",
    "text": "address", "town": "town", "postcode": "postcode"}  # fmt: skip
"""For each meaning the column of homes that is called as people call it: by other words and near spellings."""
_PRODUCTS = frozenset({"x_coordinate", "single_line_address", "udprn", "addressbase_postal", "fulladdress", "osid"})
"""A file with one of these columns is as it was delivered, and has many that are meant for others."""

_FORBIDDEN = re.compile(r"lmk_key|epc|transaction_id|price_paid|inspection_date|current_energy_rating", re.IGNORECASE)
_DELIMITERS = ",;\t|"
_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_LEAST_PLUS, _TWO = 60, 2
_START_BYTES = 65_536
_HEADER, _TRAILER = "10", b"99"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressFormat:
    """How an address file is read.

    Attributes
    ----------
    names
        Its columns in their order, where it has or is given a header; each but once.
    columns
        For each meaning the alternatives that the file has, by these names.
    lines_above
        How many lines stand above the header.
    warnings
        What is told of a list of one's own: what its columns were taken for, and which are not read.
    """

    layout: Layout
    delimiter: str
    names: tuple[str, ...]
    columns: Meanings
    lines_above: int = 0
    warnings: tuple[Fault, ...] = ()


def read_format(path: Path) -> AddressFormat:
    """Know an address file by its first row.

    Raises
    ------
    InputFaultsError
        Where it has no rows, no place, or comes from a register that is not for letters.
    """
    lines = _first_lines(path)
    first = next((line for line in lines if line.strip()), "")
    if not first:
        raise InputFaultsError([_nothing(path)])
    delimiter = max(_DELIMITERS, key=first.count)
    cells = _cells(path, [first], delimiter, 1)
    if _is_typed(cells):
        _check_ends_whole(path, cells)
        return AddressFormat(layout=Layout.TYPED, delimiter=delimiter, names=(), columns={})
    if _is_chunk(cells):
        return AddressFormat(layout=Layout.CHUNK, delimiter=delimiter, names=PLUS_HEADER, columns=recognise(path, PLUS_HEADER))
    above, delimiter = _header(lines)
    header = _cells(path, lines[above:], delimiter, above + 1)
    columns, uses = _recognised(path, header, above + 1)
    if not any(line.strip() for line in lines[above + 1 :]):
        raise InputFaultsError([_nothing(path)])
    return AddressFormat(
        layout=Layout.HEADED,
        delimiter=delimiter,
        names=_once_each(header),
        columns=columns,
        lines_above=above,
        warnings=tuple(_told(path, header, columns, uses, above + 1)),
    )


def has_typed_records(path: Path) -> bool:
    """Tell whether a file is a volume of typed records, as AddressBase Premium is delivered; one that cannot be read is none."""
    try:
        return read_format(path).layout is Layout.TYPED
    except (OSError, InputFaultsError):
        return False


def _first_lines(path: Path) -> list[str]:
    """Return the lines with which a file begins, with their ends.

    Raises
    ------
    InputFaultsError
        Where it is a workbook.
    """
    with path.open("rb") as file:
        start = file.read(_START_BYTES)
        if start.startswith(_WORKBOOKS):
            problem = "this is a spreadsheet; an address file may have millions of rows, and is read as text"
            remedy = "Open it and save the sheet of addresses as CSV UTF-8"
            raise InputFaultsError([Fault(file=path.name, problem=problem, remedy=remedy)])
        if encoding_by_its_start(start) is None:
            start += file.readline()
    return decode_text(start).splitlines(keepends=True)


def _cells(path: Path, lines: Sequence[str], delimiter: str, row: int) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader(lines, delimiter=delimiter), [])]
    except csv.Error as error:
        problem, remedy = f"the address file cannot be read ({error})", "Save it again as CSV with commas, one address a line"
        raise InputFaultsError([Fault(file=path.name, row=row, problem=problem, remedy=remedy)]) from error


def _header(lines: Sequence[str]) -> tuple[int, str]:
    """Return how many lines stand above the header, and what parts its cells: where most of them are known."""
    best = (0, 0, max(_DELIMITERS, key=lines[0].count))
    for above, line in enumerate(lines[:HEADER_SEARCH_ROWS]):
        for delimiter in _DELIMITERS:
            if delimiter in line:
                known = _known_names(line.strip().split(delimiter))
                if known > best[0]:
                    best = known, above, delimiter
    return best[1], best[2]


def _known_names(cells: Sequence[str]) -> int:
    """Count the cells that are a name of ours, or what people write for one."""
    headings = {index: cell.strip(' "') for index, cell in enumerate(cells) if _folded(cell)}
    taken = {use.index for use in take_headings(headings, HomeRow) if use.sure in TAKEN and use.field in _AS_OF_HOMES.values()}
    return sum(_folded(text) in _OURS or index in taken for index, text in headings.items())


def _once_each(header: Sequence[str]) -> tuple[str, ...]:
    """Return names for all columns, no two of them alike for the database."""
    names: list[str] = []
    seen: set[str] = set()
    for index, heading in enumerate(header):
        name = heading
        while not name or name.casefold() in seen:
            name = f"{heading} ({column_letter(index)})" if name == heading else f"{name}'"
        seen.add(name.casefold())
        names.append(name)
    return tuple(names)


def _check_ends_whole(path: Path, cells: list[str]) -> None:
    """Refuse a delivery of typed records that begins with its first record and does not end with its last: it was cut off.

    Source: AddressBase Premium technical specification, header (10) and trailer (99) records.
    """
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _START_BYTES, 0))
        last = file.read().strip().rpartition(b"\n")[2]
    if cells[0] == _HEADER and not last.strip(b'"').startswith(_TRAILER):
        fault = Fault(
            file=path.name,
            problem="the file was cut off: its last record (99) is missing, so addresses are missing too",
            remedy="Take the whole file as it was delivered",
        )
        raise InputFaultsError([fault])


def _nothing(path: Path) -> Fault:
    return Fault(
        file=path.name, problem="there is no address in this file", remedy="Give the file whole, or take it out of the plan"
    )


def _is_typed(cells: list[str]) -> bool:
    return len(cells) > 3 and cells[0] in PREMIUM_RECORDS and not any("uprn" in cell.lower() for cell in cells)  # noqa: PLR2004


def _is_chunk(cells: list[str]) -> bool:
    return len(cells) >= _LEAST_PLUS and cells[0].isdecimal() and cells[2:3] in (["I"], ["U"], ["D"])


def recognise(path: Path, header: Iterable[str]) -> Meanings:
    """Return for each meaning the alternatives that a header has.

    Raises
    ------
    InputFaultsError
        Where no column has a place, a column is there twice, or the file is not for letters.
    """
    return _recognised(path, list(header), 1)[0]


def _recognised(path: Path, header: list[str], row: int) -> tuple[Meanings, tuple[ColumnUse, ...]]:
    """Return the meanings of a header, and what its columns are taken for where they are called as those of homes are."""
    if any(_FORBIDDEN.search(name) for name in header):
        fault = Fault(
            file=path.name,
            problem="this looks like the energy performance or price paid register, whose licence is not for letters",
            remedy="Use OS Open UPRN, AddressBase, OpenStreetMap or a list of your own",
        )
        raise InputFaultsError([fault])
    named: dict[str, str] = {}
    for heading, name in zip(header, _once_each(header), strict=True):
        named.setdefault(_folded(heading), name)
    if "subname" not in named:
        # Only NGD Address calls a building's name so; elsewhere it may be a resident's.
        named.pop("name", None)
    columns: dict[str, tuple[tuple[Source, ...], ...]] = {}
    for meaning, alternatives in MEANINGS.items():
        found = tuple(parts for names in alternatives if (parts := tuple(_known(names, named))))
        if found:
            columns[meaning] = found
    uses = take_headings({index: heading for index, heading in enumerate(header) if _folded(heading)}, HomeRow)
    names = _once_each(header)
    for meaning, field_name in _AS_OF_HOMES.items():
        called = [use for use in uses if use.field == field_name and use.sure in TAKEN]
        if meaning not in columns and len(called) == 1:
            columns[meaning] = ((names[called[0].index],),)
    faults = list(_twice(path, header, columns, row))
    pairs = ({"easting", "northing"}, {"latitude", "longitude"}, {"geometry"})
    if not any(pair <= columns.keys() for pair in pairs):
        faults.append(
            Fault(
                file=path.name,
                row=row,
                problem="no columns with a place were found in this address file",
                remedy="It needs UPRN with X_COORDINATE and Y_COORDINATE, or easting and northing, or latitude and longitude, "
                "in a header row",
            )
        )
    if faults:
        raise InputFaultsError(faults)
    return columns, uses


def _folded(heading: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_")


def _twice(path: Path, header: Sequence[str], columns: Meanings, row: int) -> Iterator[Fault]:
    """Name the columns that are read and stand there more than once."""
    used = {_folded(name) for name in _names_of(columns)}
    for name, count in Counter(map(_folded, header)).items():
        if count > 1 and name in used:
            heading = next(one for one in header if _folded(one) == name)
            problem = "two columns have this name" if count == _TWO else f"{count} columns have this name"
            yield Fault(file=path.name, row=row, column=heading, problem=problem, remedy="Rename or delete all but one of them")


def _names_of(columns: Meanings) -> Iterator[str]:
    """Yield the names of the columns that are read."""
    for parts in (part for alternatives in columns.values() for part in alternatives):
        for part in parts:
            yield from (part,) if isinstance(part, str) else filter(None, astuple(part))


def _told(path: Path, header: Sequence[str], columns: Meanings, uses: Sequence[ColumnUse], row: int) -> Iterator[Fault]:
    """Say of a list of one's own what its columns are taken for, and which are not read."""

    def told(problem: str, remedy: str) -> Fault:
        return Fault(file=path.name, row=row, problem=problem, remedy=remedy, severity=Severity.WARNING)

    if {_folded(name) for name in header} & _PRODUCTS:
        return
    names = _once_each(header)
    by_name = {name: heading for name, heading in zip(names, header, strict=True) if heading}
    meant = {
        by_name[name]: meaning.replace("_", " ").replace("text", "address")
        for meaning, alternatives in columns.items()
        for name in _names_of({meaning: alternatives})
        if name in by_name and _folded(name) not in _OURS
    }
    if meant:
        listed = ", ".join(f'"{heading}" for {meaning}' for heading, meaning in meant.items())
        yield told(f"columns taken by what they mean: {listed}", "Rename a column if that is not what it holds")
    read = set(_names_of(columns))
    left = [heading for name, heading in by_name.items() if name not in read]
    if left:
        doubtful = {use.heading for use in uses if use.sure is Sureness.DOUBT and set(use.maybe) & set(_AS_OF_HOMES.values())}
        listed = ", ".join(f'"{heading}"' for heading in left)
        remedy = "Nothing is to be done if that is right"
        if doubtful & set(left):
            remedy = f'Rename "{min(doubtful & set(left))}" if it says where an address is or how it is written'
        yield told(f"columns that are not read: {listed}", remedy)


def _known(names: tuple[Source, ...], named: Mapping[str, str]) -> Iterable[Source]:
    for name in names:
        match name:
            case str() if name in named:
                yield named[name]
            case Span() if name.start in named:
                yield Span(*(named.get(part, "") for part in (name.start, name.start_suffix, name.end, name.end_suffix)))
            case _:
                continue
