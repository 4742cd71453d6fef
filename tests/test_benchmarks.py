"""The benchmarks: what they compare and tell, without a clock and without the other tools."""

from __future__ import annotations

import doctest
import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from click.testing import CliRunner

from geo.cli.main import main
from geo.overlay import choice
from geo.tables import COLUMNS

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks import cases, check, contest, lists, paths, peers, processes, straight, table
from benchmarks.contest import Contest, Tool, same_areas, same_pairs, same_values
from benchmarks.table import Line


def pairs(*rows):
    return tuple(np.array(column) for column in zip(*rows, strict=True))


# --- cases


def test_cases_are_the_same_at_each_run():
    assert np.array_equal(cases.points(50), cases.points(50))
    assert shapely.equals_exact(cases.site_polygons(50), cases.site_polygons(50)).all()
    assert lists.made(10, 20).equals(lists.made(10, 20))


def test_site_polygons_are_what_they_are_said_to_be():
    sites = cases.site_polygons(400)
    hectares = shapely.area(sites) / 1e4
    corners = shapely.get_num_coordinates(sites) - 1
    assert shapely.is_valid(sites).all()
    assert 1 <= hectares.min() + 1e-6 < 2
    assert 19 < hectares.max() <= 20 + 1e-6
    assert {corners.min(), corners.max()} == {4, 8}
    hollow = shapely.area(shapely.convex_hull(sites)) > 1.0001 * shapely.area(sites)
    assert 0.1 < hollow.mean() < 0.4


def test_lines_are_like_roads():
    lines = cases.lines(60)
    vertices = shapely.get_num_coordinates(lines)
    assert {vertices.min() >= 20, vertices.max() <= 60} == {True}
    assert shapely.intersects(cases.city(), lines).mean() > 0.95


# --- same answers


def test_pairs_are_the_same_in_any_order_and_only_if_all_are_there():
    assert same_pairs(pairs((1, 2), (3, 4)), pairs((3, 4), (1, 2)))
    assert not same_pairs(pairs((1, 2), (3, 4)), pairs((1, 2), (3, 5)))
    assert not same_pairs(pairs((1, 2), (3, 4)), pairs((1, 2)))


def test_areas_may_leave_out_what_only_touches():
    ours = pairs((0, 1, 50.0), (2, 1, 7.0))
    assert same_areas(ours, pairs((2, 1, 7.0 + 1e-7), (0, 1, 50.0), (0, 2, 0.0)))
    assert not same_areas(ours, pairs((0, 1, 50.0), (2, 1, 7.0 + 1e-5)))
    assert not same_areas(ours, pairs((0, 1, 50.0)))


def test_values_agree_to_a_thousandth_of_a_millimetre():
    assert same_values((np.array([1.0, 2.0]),), (np.array([1.0, 2.0 + 1e-7]),))
    assert not same_values((np.array([1.0, 2.0]),), (np.array([1.0, 2.0 + 1e-5]),))
    assert not same_values((np.array([1.0, 2.0]),), (np.array([1.0, np.nan]),))


# --- a contest


def ranks(count):
    return lambda: (np.arange(count), np.zeros(count, dtype=int))


@pytest.fixture
def told(monkeypatch):
    """Runs a contest of made-up times: seconds of each tool by its name."""

    def run(seconds, peers):
        monkeypatch.setattr(contest, "_measured", lambda works: {name: seconds[name] for name in works})
        ours = {"a case": Tool("ours", ranks)}
        return {line.name: line for line in Contest(1000, ours, peers, same_pairs).run()}

    return run


def test_a_ratio_is_the_peers_time_by_ours(told):
    found = told({"ours": 0.5, "slow": 95.0}, [Tool("slow", ranks)])
    assert found["parksite"].ratio == 1
    assert found["slow"].cells() == ("a case", "slow", "95.0 s", "190x", "yes", "")


def test_a_peer_on_a_part_is_scaled_and_says_so(told):
    found = told({"ours": 0.5, "slow": 2.0}, [Tool("slow", ranks, most=100)])
    assert found["slow"] == Line("a case", "slow", 20.0, 40.0, True, "scaled up from 100 rows")


def test_a_peer_that_is_missing_is_named_with_the_remedy(told):
    found = told({"ours": 1.0}, [Tool("absent", ranks, needs=("no-such-package",))])
    assert found["absent"].seconds is None
    assert found["absent"].remark == "not installed: no-such-package (pip install 'parksite[bench]')"


def test_a_peer_that_lacks_the_operation_or_fails_is_named_with_the_reason(told):
    def broken(count):
        raise ValueError("no such function: st_knn")

    found = told({"ours": 1.0}, [Tool("poor", lacks="has no overlay"), Tool("broken", broken)])
    assert found["poor"].remark == "has no overlay"
    assert found["broken"].remark == "failed: ValueError: no such function: st_knn"


def test_another_answer_is_told(told):
    def wrong(count):
        return lambda: (np.arange(count), np.ones(count, dtype=int))

    assert told({"ours": 1.0, "wrong": 0.1}, [Tool("wrong", wrong)])["wrong"].cells()[3:5] == ("0.10x", "no")


def test_all_run_in_turn_and_as_often(monkeypatch):
    monkeypatch.setattr(contest, "TURN_S", 0)
    order = []
    contest._measured({name: lambda name=name: order.append(name) for name in "abc"})
    assert order == list("abc") * contest.ROUNDS


def test_a_short_work_is_repeated_and_its_best_time_counts(monkeypatch):
    clock = iter([0.0, 0.0, 0.4, 0.4, 0.4, 0.6, 0.6, 0.6, 0.9, 1.0])
    monkeypatch.setattr(contest.time, "perf_counter", lambda: next(clock))
    assert contest._best_of_turn(lambda: None) == pytest.approx(0.2)


def test_the_numpy_path_is_kept_from_the_compiled_loops():
    seen = {}
    tools = paths.tools("case", lambda count: lambda: choice.loops(True))
    for case, tool in tools.items():
        if case == "case, numpy":
            seen[case] = tool.ready(1)()
    assert seen == {"case, numpy": None}
    assert choice.loops.__module__ == "geo.overlay.choice"


# --- the file of results


@pytest.mark.parametrize("module", [table, peers])
def test_examples_hold(module):
    tried = doctest.testmod(module)
    assert tried.attempted and not tried.failed


def test_results_keep_the_other_cases_of_the_same_machine(tmp_path):
    path = tmp_path / "results.md"
    table.keep(path, "# Results\n\nA machine.\n", {"join": "one\n", "zones": "two\n"}, ["join", "zones"])
    table.keep(path, "# Results\n\nA machine.\n", {"join": "three\n"}, ["join", "zones"])
    assert table.sections(path.read_text("utf-8")) == {"join": "three\n", "zones": "two\n"}
    table.keep(path, "# Results\n\nAnother machine.\n", {"join": "four\n"}, ["join", "zones"])
    assert table.sections(path.read_text("utf-8")) == {"join": "four\n"}
    assert [one.name for one in tmp_path.iterdir()] == ["results.md"]


# --- processes


def test_a_process_that_fails_is_told_with_what_it_said():
    with pytest.raises(RuntimeError, match="ended with 3: no luck"):
        processes.run([sys.executable, "-c", "print('no luck'); raise SystemExit(3)"])


def test_a_process_tells_the_most_memory_that_it_held_and_not_that_of_who_asks():
    own = bytearray(b"x" * 400_000_000)
    held = processes.run([sys.executable, "-c", "b'x' * 200_000_000"])
    assert 200 < held.peak_mb < 300
    assert own


# --- the straight script


def test_the_straight_script_gives_our_columns_and_cells(tmp_path):
    """The verdicts are taken from ours; what the script finds itself is place, certainty and distance."""
    source, out, other = tmp_path / "sites.csv", tmp_path / "ours.csv", tmp_path / "theirs.csv"
    lists.write(source, 200)
    ran = CliRunner().invoke(main, ["check", str(source), "--as-of", processes.DAY, "--out", str(out)])
    assert ran.exit_code == 0, ran.output
    lists.write_ground(tmp_path)
    checked = pd.read_csv(out, dtype=str, keep_default_na=False)
    lists.verdicts(checked).to_parquet(tmp_path / "verdicts.parquet")
    straight.main(source, other, tmp_path)
    ours, theirs = check._read(out), check._read(other)
    assert list(pd.read_csv(other, nrows=0, encoding="utf-8-sig")) == list(COLUMNS)
    assert check.differing(ours, theirs) == []
    assert {"near_boundary", "outside", "certain"} == set(theirs["certainty"])
    theirs.loc[3, "certainty_zh"] = "?"
    theirs.loc[5, "boundary_distance_m"] += 1
    assert check.differing(ours, theirs) == ["certainty_zh", "boundary_distance_m"]


def test_the_script_knows_the_columns_and_areas_of_the_product(tmp_path):
    lists.write_ground(tmp_path)
    known = json.loads((tmp_path / "columns.json").read_text("utf-8"))
    assert known["columns"] == list(COLUMNS)
    assert known["order"][-1] == "outside" and len(known["order"]) == 12
