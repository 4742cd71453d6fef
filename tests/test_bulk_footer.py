"""Footers of Parquet files: read, moved and written, as other readers have them."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geo.bulk import footer

HOW: dict[str, dict[str, Any]] = {
    "plain": {"use_dictionary": False, "compression": "none"},
    "dictionaries": {"compression": "zstd", "write_statistics": True},
    "indexes of pages": {"write_page_index": True, "row_group_size": 3},
    "checksums": {"write_page_checksum": True, "data_page_version": "2.0"},
    "sorted": {"sorting_columns": [pq.SortingColumn(0)]},
    "many groups": {"row_group_size": 1},
    "column of its own": {"use_byte_stream_split": ["c0"], "use_dictionary": False},
}


def table(first: int, rows: int) -> pa.Table:
    held = {f"c{at}": pa.array([float(first + at + row) for row in range(rows)], pa.float64()) for at in range(20)}
    held |= {"text": pa.array([f"文{first + row}" for row in range(rows)], pa.string())}
    held |= {"truth": pa.array([row % 2 == 0 for row in range(rows)], pa.bool_())}
    held |= {"nothing": pa.nulls(rows, pa.string())}
    held |= {"list": pa.array([[first, row] for row in range(rows)], pa.list_(pa.int64()))}
    return pa.table(held)


def join(pieces: list[Path], out: Path, said: dict[str, str]) -> None:
    held = []
    with out.open("wb") as file:
        file.write(footer.MARK)
        for piece in pieces:
            end, raw = footer.cut(piece)
            held.append((file.tell() - len(footer.MARK), raw))
            file.write(piece.read_bytes()[len(footer.MARK) : end])
        file.write(footer.joined(held, said))


@pytest.mark.parametrize("how", HOW)
def test_a_footer_is_written_as_it_was_read(how: str, tmp_path: Path) -> None:
    pq.write_table(table(0, 40), tmp_path / "a.parquet", **HOW[how])
    end, raw = footer.cut(tmp_path / "a.parquet")
    assert footer.joined([(0, raw)], {}) == (tmp_path / "a.parquet").read_bytes()[end:]


@pytest.mark.parametrize("how", HOW)
def test_row_groups_of_several_files_are_those_of_one(how: str, tmp_path: Path) -> None:
    pieces, tables = [], [table(0, 7), table(100, 0), table(200, 1), table(300, 18)]
    for at, one in enumerate(tables):
        pieces.append(tmp_path / f"{at}.parquet")
        pq.write_table(one, pieces[-1], **HOW[how])
    join(pieces, tmp_path / "all.parquet", {"键": "值"})
    with pq.ParquetFile(tmp_path / "all.parquet", page_checksum_verification=how == "checksums") as file:
        assert file.read().equals(pa.concat_tables(tables))
        assert file.metadata.metadata["键".encode()] == "值".encode()
        held = [group for one in pieces for group in groups_of(one)]
        assert file.metadata.num_rows == 26
        assert [without_places(one) for one in groups_of(tmp_path / "all.parquet")] == [
            without_places(one) for one in held
        ]
    assert pq.read_table(tmp_path / "all.parquet", filters=[("c0", ">=", 300)]).equals(tables[-1])


def groups_of(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_metadata(path).to_dict()["row_groups"]
    return found


def without_places(group: dict[str, Any]) -> dict[str, Any]:
    columns = [{name: each for name, each in one.items() if "offset" not in name} for one in group["columns"]]
    return group | {"columns": columns}


def test_every_place_is_moved(tmp_path: Path) -> None:
    """Those of indexes too, which readers look at only to leave pages out."""
    pq.write_table(table(0, 9), tmp_path / "a.parquet", row_group_size=3, write_page_index=True)
    _, raw = footer.cut(tmp_path / "a.parquet")
    for group, moved in zip(groups_in(raw), groups_in(footer.joined([(1000, raw)], {})), strict=True):
        assert moved[5][1] == group[5][1] + 1000
        for chunk, other in zip(group[1][1][1], moved[1][1][1], strict=True):
            about, further = chunk[3][1], other[3][1]
            differing = {number for number in about if about[number] != further[number]}
            assert differing in ({9}, {9, 11})
            assert all(further[number][1] == about[number][1] + 1000 for number in differing)
            assert all(other[number][1] == chunk[number][1] + 1000 for number in (4, 6))


def groups_in(raw: bytes) -> Any:
    return footer._Reader(raw).struct()[4][1][1]


def test_what_no_footer_holds_is_refused() -> None:
    with pytest.raises(ValueError, match="kind 13"):
        footer.joined([(0, b"\x1d\x00\x00")], {})


def test_other_columns_are_refused(tmp_path: Path) -> None:
    for at, kind in enumerate((pa.int64(), pa.float64())):
        pq.write_table(pa.table({"a": pa.array([1, 2], kind)}), tmp_path / f"{at}.parquet")
    with pytest.raises(ValueError, match="different columns"):
        join([tmp_path / "0.parquet", tmp_path / "1.parquet"], tmp_path / "all.parquet", {})
