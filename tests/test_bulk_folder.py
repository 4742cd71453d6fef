"""A folder of Parquet files checked into another: alone, by processes, by a Dask cluster whose workers are killed."""

from __future__ import annotations

import csv
import io
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import dask
import distributed
import geopandas
import numpy as np
import pandas as pd
import pyarrow.dataset
import pyarrow.parquet as pq
import pytest
import shapely
from click.testing import CliRunner, Result
from distributed.scheduler import KilledWorker

from geo import bulk, crs, join, pipeline, workers
from geo.bulk import cluster as dask_cluster
from geo.bulk import folder as folders
from geo.bulk.work import Done, Job, Task
from geo.cli.main import main
from geo.errors import InputError
from geo.intake import Request

DAY = "2026-09-01"
FIELDS = ["半导体材料", "光刻胶", "新能源材料", "低碳材料", ""]
ROWS = 120


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)


def check(source: Path, out: Path, *more: object) -> Result:
    return run("check", source, "--out", out, "--as-of", DAY, "--lang", "en", *more)


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """One process does it, unless a test says otherwise."""
    monkeypatch.setattr(workers, "cores", lambda: 1)


def positions(seed: int, count: int = ROWS) -> tuple[Any, Any]:
    rng = np.random.default_rng(seed)
    return rng.uniform(113.8, 114.5, count).round(6), rng.uniform(22.5, 22.8, count).round(6)


def table(seed: int, prefix: str, **more: Any) -> pd.DataFrame:
    lon, lat = positions(seed)
    held = {"编号": [f"{prefix}{at}" for at in range(ROWS)], "名称": "地块", "经度": lon, "纬度": lat}
    fields = np.random.default_rng(seed).choice(FIELDS, ROWS)
    return pd.DataFrame({**held, "产业领域": fields, "业主": "甲公司", **more})


def points(seed: int, prefix: str, shapes: Any = None) -> geopandas.GeoDataFrame:
    given = table(seed, prefix).drop(columns=["经度", "纬度"])
    return geopandas.GeoDataFrame(
        given, geometry=shapely.points(*positions(seed)) if shapes is None else shapes, crs=4490
    )


def squares(seed: int) -> Any:
    """Sites of 9 ha."""
    centres = crs.project(shapely.points(*positions(seed)))
    x, y = shapely.get_x(centres), shapely.get_y(centres)
    return crs.unproject(shapely.box(x - 150, y - 150, x + 150, y + 150))


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory, boundaries: Any) -> Path:
    """Files of every kind, in sub-folders, with names in Chinese and with blanks.

    ::

        a.parquet             lon and lat; row 8 repeats row 7, row 10 has none, row 12 is 12
        b.PARQUET             no ids, words for coordinates, one of them wrong, other columns
        empty.parquet         a header
        子 目录/a.parquet      row 1 has the id of row 3 of a.parquet
        子 目录/地块.parquet   GeoParquet points, those of a district's outline among them
        子 目录/宗地.geoparquet polygons
        .hidden.parquet       is passed over
    """
    folder = tmp_path_factory.mktemp("bulk") / "源 数据"
    below = folder / "子 目录"
    below.mkdir(parents=True)
    first = table(1, "A")
    first.loc[7, "编号"], first.loc[9, "编号"], first.loc[11, "编号"] = "A6", None, "10"
    first.to_parquet(folder / "a.parquet")
    words = table(2, "B").drop(columns=["编号", "业主"]).astype({"经度": str, "纬度": str}).assign(面积=1.5)
    words.loc[4, "经度"] = "abc"
    words.to_parquet(folder / "b.PARQUET")
    table(3, "C")[:0].to_parquet(folder / "empty.parquet")
    again = table(4, "D")
    again.loc[0, "编号"] = "A2"
    again.to_parquet(below / "a.parquet")
    edge = shapely.get_coordinates(boundaries.outlines[0])[: ROWS // 2]
    shapes = [*shapely.points(edge), *shapely.points(*positions(5))[ROWS // 2 :]]
    points(5, "E", shapes).to_parquet(below / "地块.parquet")
    points(6, "F", squares(6)).to_parquet(below / "宗地.geoparquet")
    (folder / ".hidden.parquet").write_text("nothing")
    return folder


@pytest.fixture(scope="module")
def expected(source: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """What one process makes of it."""
    out = tmp_path_factory.mktemp("expected") / "结果"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "cores", lambda: 1)
        said = check(source, out)
    assert said.exit_code == 1
    return out, files(out)


def files(out: Path) -> dict[str, bytes]:
    """Bytes of all that a run has made."""
    made = {one.relative_to(out).as_posix(): one.read_bytes() for one in out.rglob("*") if one.is_file()}
    rejected = out.with_name(f"{out.name}.rejected.csv")
    return made | ({"rejected": rejected.read_bytes()} if rejected.exists() else {})


def rejected_of(made: dict[str, bytes]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(made["rejected"].decode("utf-8-sig"))))


def test_every_file_is_answered_under_its_name(source: Path, expected: tuple[Path, dict[str, bytes]]) -> None:
    out, made = expected
    names = {
        "a.parquet",
        "b.PARQUET",
        "empty.parquet",
        "子 目录/a.parquet",
        "子 目录/地块.parquet",
        "子 目录/宗地.geoparquet",
    }
    assert set(made) == {*names, "_parksite.jsonl", "rejected"}
    rows = {name: pq.read_metadata(out / name).num_rows for name in names}
    assert rows == {
        name: ROWS - {"a.parquet": 1, "b.PARQUET": 1, "子 目录/a.parquet": 1}.get(name, 0) for name in names
    } | {"empty.parquet": 0}
    assert sorted(one.name for one in out.parent.iterdir()) == ["结果", "结果.rejected.csv"]


def test_rejected_rows_are_complete_and_name_their_file(expected: tuple[Path, dict[str, bytes]]) -> None:
    rows = rejected_of(expected[1])
    assert [(row["rejected_file"], row["rejected_row"]) for row in rows] == [
        ("a.parquet", "8"), ("b.PARQUET", "5"), ("子 目录/a.parquet", "1"),
    ]  # fmt: skip
    assert [row["编号"] for row in rows] == ["A6", "", "A2"]
    assert (rows[1]["经度"], rows[1]["面积"], rows[0]["业主"]) == ("abc", "1.5", "甲公司")
    assert "row 7" in rows[0]["rejected_reason_en"]
    assert "row 3 of a.parquet" in rows[2]["rejected_reason_en"]


def test_a_row_without_id_is_called_by_its_number(expected: tuple[Path, dict[str, bytes]]) -> None:
    ids = pd.read_parquet(expected[0] / "a.parquet")["id"].tolist()
    assert ids[8] == "row-10"
    assert ids[10] == "10"
    assert pd.read_parquet(expected[0] / "b.PARQUET")["id"].tolist()[:2] == ["1", "2"]


@pytest.mark.parametrize("name", ["地块.parquet", "宗地.geoparquet"])
def test_a_file_is_answered_as_it_is_on_its_own(
    source: Path, expected: tuple[Path, dict[str, bytes]], tmp_path: Path, settings: Any, name: str
) -> None:
    context = pipeline.Context.open(settings)
    found = pipeline.read_sites(context, source / "子 目录" / name, Request())
    pipeline.write_table(context, pipeline.check(context, found, date.fromisoformat(DAY)), "parquet", tmp_path / name)
    wanted, got = geopandas.read_parquet(tmp_path / name), geopandas.read_parquet(expected[0] / "子 目录" / name)
    pd.testing.assert_frame_equal(pd.DataFrame(got), pd.DataFrame(wanted), check_dtype=False)
    assert got.crs == wanted.crs == "EPSG:4490"


def test_a_folder_of_answers_is_read_as_one_data_set(tmp_path: Path, source: Path) -> None:
    given = tmp_path / "in"
    given.mkdir()
    for number in range(2):
        table(number, f"{number}-").to_parquet(given / f"{number}.parquet")
    table(3, "C")[:0].to_parquet(given / "empty.parquet")
    assert check(given, tmp_path / "out").exit_code == 0
    assert pyarrow.dataset.dataset(tmp_path / "out").count_rows() == 2 * ROWS
    assert len(pd.read_parquet(tmp_path / "out")) == 2 * ROWS


def test_what_is_said_names_the_file_and_the_exit_code_tells_of_faults(source: Path, tmp_path: Path) -> None:
    said = check(source, tmp_path / "out")
    assert said.exit_code == 1
    assert "b.PARQUET: rejected: row 5" in said.output
    assert "empty.parquet: there are no rows below the header." in said.output
    assert f"written: {tmp_path / 'out'}" in said.output.replace("\n", "")


def test_strict_writes_nothing(source: Path, tmp_path: Path) -> None:
    said = check(source, tmp_path / "out", "--strict")
    assert said.exit_code == 2
    assert "3 rows rejected" in said.output
    assert list(tmp_path.iterdir()) == []


def one_file(folder: Path) -> Path:
    folder.mkdir()
    table(1, "A").to_parquet(folder / "a.parquet")
    return folder


def test_a_damaged_file_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    given = one_file(tmp_path / "in")
    whole = (given / "a.parquet").read_bytes()
    (given / "b.parquet").write_bytes(whole[:500] + bytes(len(whole) - 1000) + whole[-500:])
    (given / "c.parquet").write_bytes(whole[:-20])
    (given / "d.parquet").write_text("编号,经度\n")
    for name in ("c.parquet", "d.parquet", "b.parquet"):
        said = check(given, tmp_path / "out")
        assert said.exit_code == 2
        assert said.output.count("error:") == 1
        if name == "b.parquet":
            assert name in said.output
        (given / name).unlink()
        assert sorted(one.name for one in tmp_path.iterdir()) == ["in"]
    assert check(given, tmp_path / "out").exit_code == 0


def test_an_undeclared_datum_of_web_maps_is_refused_by_name(tmp_path: Path, boundaries: Any, register: Any) -> None:
    given = one_file(tmp_path / "in")
    lon, lat = positions(2, 20_000)
    x, y = crs.wgs84_to_gcj02(lon, lat)
    here, there = (join.districts_of(shapely.points(*place), boundaries) for place in ((lon, lat), (x, y)))
    telling = [at for at, (one, other) in enumerate(zip(here, there, strict=True)) if one and one != other][:200]
    names = [register.places[here[at]].zh for at in telling]
    pd.DataFrame({"经度": x[telling], "纬度": y[telling], "区": names}).to_parquet(given / "g.parquet")
    said = check(given, tmp_path / "out")
    assert said.exit_code == 2
    assert "g.parquet" in said.output
    assert "--datum gcj02" in said.output
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in"]
    assert check(given, tmp_path / "out", "--datum", "gcj02").exit_code == 0


def test_only_a_folder_that_we_wrote_is_replaced(tmp_path: Path) -> None:
    given, out = one_file(tmp_path / "in"), tmp_path / "out"
    out.mkdir()
    assert check(given, out).exit_code == 0
    before = files(out)
    assert check(given, out).exit_code == 2
    assert files(out) == before
    (given / "a.parquet").rename(given / "b.parquet")
    assert check(given, out, "--overwrite").exit_code == 0
    assert set(files(out)) == {"b.parquet", "_parksite.jsonl"}
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "kept.txt").write_text("x")
    said = check(given, foreign, "--overwrite")
    assert said.exit_code == 2
    assert "holds files" in said.output
    assert [one.name for one in foreign.iterdir()] == ["kept.txt"]
    (tmp_path / "third.2025.rejected.csv").write_text("x")
    assert check(given, tmp_path / "third.2025").exit_code == 2
    assert (tmp_path / "third.2025.rejected.csv").read_text() == "x"
    assert check(given, tmp_path / "third.2026").exit_code == 0


@pytest.mark.parametrize("where", ["in", "in/out", "."])
def test_neither_folder_may_lie_in_the_other(tmp_path: Path, where: str) -> None:
    given = one_file(tmp_path / "in")
    said = check(given, tmp_path / where, "--overwrite")
    assert said.exit_code == 2
    assert "lies in the other" in said.output
    assert [one.name for one in given.iterdir()] == ["a.parquet"]


def test_only_parquet_is_written(tmp_path: Path) -> None:
    given = one_file(tmp_path / "in")
    assert "another folder of Parquet" in check(given, tmp_path / "out", "--format", "csv").output
    assert run("check", given, "--as-of", DAY).exit_code == 2
    said = run("check", given / "a.parquet", "--as-of", DAY, "--scheduler", "tcp://127.0.0.1:1", "--lang", "en")
    assert said.exit_code == 2
    assert "--scheduler is for a folder" in said.output
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in"]


class Killed(BaseException):
    """The process is killed."""


def stopped_after(count: int) -> Callable[..., None]:
    """Progress that ends the run when so many files are checked."""

    def progress(zh: str, en: str) -> None:
        if en.startswith(f"{count} of") and "checked" in en:
            raise Killed

    return progress


@pytest.fixture
def ask(settings: Any, source: Path) -> Callable[..., Any]:
    """Check the folder as the command does."""
    context = pipeline.Context.open(settings)

    def run_it(out: Path, progress: Any = lambda zh, en: None, given: Path = source, **how: Any) -> Any:
        question = bulk.Question(Request(), how.pop("day", date.fromisoformat(DAY)), None, None, "parquet")
        return bulk.check_folder(context, given, question, out, progress, **how)

    return run_it


def test_a_killed_run_goes_on_where_it_stopped(
    ask: Any, tmp_path: Path, expected: tuple[Path, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "结果"
    with pytest.raises(Killed):
        ask(out, stopped_after(3))
    work = tmp_path / ".parksite-结果.part"
    assert not out.exists()
    with (work / "_parksite.jsonl").open("a") as journal:
        journal.write('{"file": "cut off')
    answered = []
    monkeypatch.setattr(folders, "answer", lambda job, task: answered.append(task.name) or bulk.work.answer(job, task))
    ask(out)
    assert len(answered) == 3
    assert files(out) == expected[1]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["结果", "结果.rejected.csv"]


def test_what_another_run_left_is_dropped(ask: Any, tmp_path: Path) -> None:
    given, out = one_file(tmp_path / "in"), tmp_path / "out"
    bad = table(2, "B").astype({"经度": str})
    bad.loc[3, "经度"] = "abc"
    bad.to_parquet(given / "b.parquet")
    table(3, "C").to_parquet(given / "c.parquet")
    with pytest.raises(Killed):
        ask(out, stopped_after(2), given=given)
    table(2, "B").to_parquet(given / "b.parquet")
    (given / "c.parquet").unlink()
    outcome = ask(out, given=given, day=date(2024, 1, 1))
    assert (outcome.sites, outcome.counts["rejected"]) == (2 * ROWS, 0)
    assert set(files(out)) == {"a.parquet", "b.parquet", "_parksite.jsonl"}


def test_processes_give_the_same_bytes(
    ask: Any, tmp_path: Path, expected: tuple[Path, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "cores", lambda: 2)
    ask(tmp_path / "结果")
    assert files(tmp_path / "结果") == expected[1]


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A scheduler and two worker processes of two threads each, which their nannies start again."""
    scratch = tmp_path_factory.mktemp("dask")
    with (
        dask.config.set({"temporary-directory": str(scratch)}),
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=2, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as made,
    ):
        yield made


def test_a_cluster_gives_the_same_bytes_and_reaches_nobody_else(
    source: Path,
    local: Any,
    tmp_path: Path,
    expected: tuple[Path, dict[str, bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reached = set()
    connect = socket.socket.connect

    def recorded(self: socket.socket, address: Any) -> None:
        if threading.current_thread() in mine():
            reached.add(address)
        connect(self, address)

    def mine() -> set[threading.Thread]:
        return {one for one in threading.enumerate() if one not in before}

    before = set(threading.enumerate())
    monkeypatch.setattr(socket.socket, "connect", recorded)
    monkeypatch.chdir(tmp_path)
    said = check(source, Path("结果"), "--scheduler", local.scheduler_address)
    assert said.exit_code == 1, said.output
    assert files(tmp_path / "结果") == expected[1]
    assert sorted(one.name for one in tmp_path.iterdir()) == ["结果", "结果.rejected.csv"]
    host, port = local.scheduler_address.removeprefix("tcp://").split(":")
    assert reached == {(host, int(port))}


def held_up(job: Job, task: Task) -> Done:
    """Answer a piece; the first one that is begun never ends."""
    victims = task.path.parents[1] / "victims"
    with suppress(FileNotFoundError):
        (victims / "place").rename(victims / f"victim-{os.getpid()}")
        while True:
            time.sleep(1)  # until it is killed
    return bulk.work.answer(job, task)


@pytest.mark.parametrize("every", [False, True])
def test_a_worker_killed_while_it_works_changes_nothing(
    every: bool,
    ask: Any,
    local: Any,
    tmp_path: Path,
    expected: tuple[Path, dict[str, bytes]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The one that works, or both, so that nobody holds the job any more."""
    victims = tmp_path / "victims"
    victims.mkdir()
    (victims / "place").touch()
    with distributed.Client(local, set_as_default=False) as watcher:
        watcher.wait_for_workers(2, timeout=30)
    killed: set[int] = set()

    def kill() -> None:
        while not (found := list(victims.glob("victim-*"))):
            time.sleep(0.01)
        victim = int(found[0].name.removeprefix("victim-"))
        killed.update({one.pid for one in local.workers.values()} if every else {victim})
        for pid in killed:
            os.kill(pid, signal.SIGKILL)

    monkeypatch.setattr(folders, "answer", held_up)
    before = len(local.scheduler.get_events("all"))
    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    ask(tmp_path / "结果", scheduler=local.scheduler_address)
    killer.join()
    events = [event for _, event in list(local.scheduler.get_events("all"))[before:]]
    lost = [event for event in events if event["action"] == "remove-worker"]
    assert len(lost) == len(killed) == (2 if every else 1)
    assert any(event["processing-tasks"] for event in lost)
    assert not any(event["lost-scattered-tasks"] for event in lost)
    assert not every or any(event["lost-computed-tasks"] for event in lost)
    assert files(tmp_path / "结果") == expected[1]


def test_a_damaged_file_is_named_by_the_cluster(local: Any, tmp_path: Path) -> None:
    given = one_file(tmp_path / "in")
    (given / "b.parquet").write_bytes((given / "a.parquet").read_bytes()[:-20])
    said = check(given, tmp_path / "out", "--scheduler", local.scheduler_address)
    assert said.exit_code == 2
    assert f"{given / 'b.parquet'}" in said.output.replace("\n", "")
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in"]


def test_another_version_is_refused(ask: Any, local: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = one_file(tmp_path / "in")
    monkeypatch.setattr(dask_cluster, "__version__", "0.0.1")
    with pytest.raises(InputError, match=r"the call is of 0\.0\.1"):
        ask(tmp_path / "out", given=given, scheduler=local.scheduler_address)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in"]


@pytest.mark.parametrize("version", ["0.0.1", None])
def test_other_versions_are_told_before_any_work(version: str | None) -> None:
    said = {"packages": {"parksite": "1.0"}}
    other = {"packages": {"parksite": version}}
    client = SimpleNamespace(
        wait_for_workers=lambda count, timeout: None,
        get_versions=lambda packages: {"client": said, "scheduler": said, "workers": {"tcp://there:1": other}},
    )
    with pytest.raises(InputError, match=r"0\.0\.1.*tcp://there:1|no parksite.*tcp://there:1"):
        dask_cluster._refuse_strangers(client, "tcp://here:1")


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:1", "127.0.0.1:1", "nowhere.invalid:8786", "x", "http://", "abc://x:1"]
)
def test_an_address_without_scheduler_is_refused(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "_REACHED_S", 0.5)
    given = one_file(tmp_path / "in")
    said = check(given, tmp_path / "out", "--scheduler", address)
    assert said.exit_code == 2
    assert said.output.count("\n") == 1
    assert "the scheduler cannot be reached" in said.output
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in"]


def test_something_else_that_listens_is_no_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "_REACHED_S", 0.5)
    given = one_file(tmp_path / "in")
    with socket.create_server(("127.0.0.1", 0)) as server:
        said = check(given, tmp_path / "out", "--scheduler", f"tcp://127.0.0.1:{server.getsockname()[1]}")
    assert said.exit_code == 2
    assert "the scheduler cannot be reached" in said.output


def test_a_scheduler_without_workers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "_PRESENT_S", 0.3)
    given = one_file(tmp_path / "in")
    with distributed.LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0", host="127.0.0.1") as empty:
        said = check(given, tmp_path / "out", "--scheduler", empty.scheduler_address)
    assert said.exit_code == 2
    assert "the scheduler has no workers" in said.output


@pytest.mark.parametrize(("end", "message"), [("workers", "no workers"), ("scheduler", "the scheduler was lost")])
def test_a_cluster_that_is_lost_ends_the_run(
    end: str, message: str, ask: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dask_cluster, "_LOOKED_S", 0.2)
    monkeypatch.setattr(dask_cluster, "_MISSED_S", 0.5)
    small = distributed.LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        dashboard_address="127.0.0.1:0",
        host="127.0.0.1",
        protocol="tcp",
    )
    address = small.scheduler_address

    def progress(zh: str, en: str) -> None:
        if en.startswith("6 of 6 files looked at") and end == "workers":
            small.scale(0)
            small.sync(small._correct_state)
        elif en.startswith("6 of 6 files looked at"):
            small.close()

    try:
        with pytest.raises(InputError, match=message):
            ask(tmp_path / "out", progress, scheduler=address)
    finally:
        small.close()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_ends_every_worker_is_told() -> None:
    ended = KilledWorker("answer-1", SimpleNamespace(address="tcp://there:1"), 3)
    with (
        pytest.raises(InputError, match="worker after worker ended"),
        dask_cluster._told(SimpleNamespace(), "tcp://x:1"),
    ):
        raise ended


def test_a_fault_of_the_shared_folder_is_not_one_of_the_scheduler() -> None:
    client = SimpleNamespace(status="running")
    with pytest.raises(PermissionError), dask_cluster._told(client, "tcp://x:1"):
        raise PermissionError


def test_a_machine_that_does_not_see_the_folder_is_told(tmp_path: Path) -> None:
    given = folders._Given(tmp_path / "none.parquet", Path("none.parquet"), tmp_path / "ids.npy")
    with pytest.raises(InputError, match="does not see this"):
        folders._scan(SimpleNamespace(), given)
