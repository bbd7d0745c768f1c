"""Pack the unit postcodes of Code-Point Open into the small sorted file that the planner ships.

    python data/pack_postcodes.py SOURCE.parquet data/codepoint-open.parquet

SOURCE has the columns postcode (one space), positional_quality, easting, northing. The rows are
only sorted and cut into small groups, so that one postcode is found without reading the rest.
It needs what `pip install ".[data]"` brings: pyarrow packs tighter than the planner itself can.
"""

import sys

import pyarrow.parquet as pq

ROWS_PER_GROUP = 16_384


def main(source: str, target: str) -> None:
    """Sort SOURCE by postcode and write it to TARGET in small row groups."""
    table = pq.read_table(source).sort_by("postcode")
    pq.write_table(
        table,
        target,
        row_group_size=ROWS_PER_GROUP,
        compression="zstd",
        compression_level=19,
        use_dictionary=False,
        column_encoding={
            "postcode": "DELTA_BYTE_ARRAY",
            "easting": "DELTA_BINARY_PACKED",
            "northing": "DELTA_BINARY_PACKED",
            "positional_quality": "PLAIN",
        },
    )


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
