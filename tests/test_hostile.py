"""Bad inputs end in bounded time and memory, with one clear message and nothing half-written.

Every case of `tests/hostile` is made anew and run in a process of its own. To start
an interpreter and import everything takes about a second, so the calls of the corpus
are children forked from standing processes that have all of it imported (`hostile.stable`);
each child has its own working folder, temporary folder, clock, memory limit and watch
over networks and programs. A handful of cases go end to end through the installed
command in a fresh interpreter. Standing processes are started once, before any thread
of a library exists in them; as many as there are processors, four at most.

What is judged of every case: exit code, message, remedy, the name of the file, the rows
that survive, that nothing stays behind (working folder, temporary folder, folder of the
input, output folder), no traceback, no connection, no program started, no terminal code
on the screen, no byte of a file that the input points to, below 20 s and 1.5 GB.

Below the corpus: what comes out. Formulas and markup in attributes through every format
and the map, and folders and disks that do not take what is written.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from hostile.case import SECRET, Case
from hostile.generate import cases
from hostile.stable import PEAK_MB, SECONDS, Ended, Stable

CASES = cases()
_CODES = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_JARGON = re.compile(
    r"sys\.|object at 0x|<class |Errno|NoneType|\bTypeError|\bValueError|\bKeyError|File \"|Warning:|codec can't"
)
_LONGEST = 4_000  # characters of one message
_SYSTEMS = os.cpu_count() or 1
END_TO_END = (
    "csv-position-is-words", "geojson-nested-100000-deep", "kml-billion-laughs", "zip-bomb", "xlsx-entity-names-a-file",
    "gpkg-half", "path-vsizip-vsicurl", "path-fifo", "home-policy-runs-a-command", "name-bytes-not-utf-8-csv",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """A call with what it left behind."""

    ended: Ended
    left: dict[str, list[str]]
    changed: list[str]
    file: str
    folder: Path


@pytest.fixture(scope="module")
def stables(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleQueue[Stable]]:
    """Standing processes, taken and given back."""
    cache = tmp_path_factory.mktemp("cache")
    made = [Stable(cache) for _ in range(max(2, min(4, _SYSTEMS)))]
    free: SimpleQueue[Stable] = SimpleQueue()
    for one in made:
        free.put(one)
    yield free
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def outcomes(
    request: pytest.FixtureRequest, stables: SimpleQueue[Stable], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Outcome]]]:
    """The outcome of every case that was asked for, run beside each other."""
    base = tmp_path_factory.mktemp("hostile")
    asked = {
        item.callspec.params["name"]
        for item in request.session.items
        if getattr(item, "originalname", "") == "test_case"
    }
    with ThreadPoolExecutor(stables.qsize()) as pool:
        yield {name: pool.submit(outcome, CASES[name], base / name, stables) for name in CASES if name in asked}
        pool.shutdown(cancel_futures=True)


def outcome(case: Case, folder: Path, stables: SimpleQueue[Stable]) -> Outcome:
    """Make the input, call the command, note what is there before and after."""
    inputs = folder / "in"
    inputs.mkdir(parents=True)
    stable = stables.get()
    try:
        file = os.fsdecode(os.fsencode(stable.write(case.name, inputs)))
        before = listing(inputs)
        ended = stable.run(call(case, folder, file), folder, environment(case, folder))
    finally:
        stables.put(stable)
    after = listing(inputs)
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    left = {name: sorted(listing(folder / name)) for name in ("out", "tmp", "work")}
    return Outcome(ended, left, changed, file, folder)


def call(case: Case, folder: Path, file: str) -> list[str]:
    fill = {"{file}": file, "{folder}": str(folder / "in"), "{out}": str(folder / "out")}
    return [re.sub(r"\{(file|folder|out)\}", lambda mark: fill[mark[0]], word) for word in case.call]


def environment(case: Case, folder: Path) -> dict[str, str]:
    return {"PARKSITE_HOME": str(folder / "in" / "home")} if case.home else {}


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """Every name below a folder with size and time; links are not followed."""
    found = {}
    for path in folder.rglob("*"):
        what = path.lstat()
        found[os.fsencode(path.relative_to(folder)).decode("utf-8", "backslashreplace")] = (
            what.st_size,
            what.st_mtime_ns,
        )
    return found


@pytest.mark.parametrize("name", CASES)
def test_case(name: str, outcomes: dict[str, Future[Outcome]]) -> None:
    case, seen = CASES[name], outcomes[name].result()
    judge(case, seen)


def judge(case: Case, seen: Outcome) -> None:
    ended = seen.ended
    shown = f"exit {ended.code}, {ended.seconds:.1f} s, {ended.megabytes:.0f} MB\n{ended.err[-3000:]}"
    assert not ended.late, f"not over after {SECONDS:.0f} s: {shown}"
    assert "Traceback" not in ended.err, shown
    assert ended.code == case.exit, shown
    assert ended.megabytes < PEAK_MB, shown
    assert not ended.calls_out, ended.calls_out
    judge_message(case, seen, shown)
    judge_files(case, seen)


def judge_message(case: Case, seen: Outcome, shown: str) -> None:
    err = seen.ended.err
    assert not _CODES.search(err), f"a code of the terminal in {shown!r}"
    assert all(len(line) < _LONGEST for line in err.splitlines()), (
        f"a line of {max(map(len, err.splitlines()))} characters"
    )
    assert SECRET not in seen.ended.out + err, shown
    assert not _JARGON.search(err), f"words of a programmer: {shown}"
    assert re.search(case.says, err), f"{case.says!r} not in {shown}"
    assert re.search(case.hints, err), f"{case.hints!r} not in {shown}"
    if case.exit == 2:
        assert err.count("error:") <= 1 and re.search("(?m)^(error:|Usage:|Error:)", err), (
            f"one message is due: {shown}"
        )
        assert " → " in err or "Usage:" in err, f"no remedy in {shown}"
        if case.named:
            name = Path(seen.file).name
            told = name if name.isprintable() and len(name) < 80 else name[:2]
            assert told in err, f"{told!r} is not named in {shown}"


def judge_files(case: Case, seen: Outcome) -> None:
    left = seen.left
    assert left["tmp"] == [] and left["work"] == [], left
    assert seen.changed == [], f"changed: {seen.changed}"
    held = {one.name: one.read_bytes() for one in (seen.folder / "out").rglob("*") if one.is_file()}
    assert not any(SECRET.encode() in content for content in held.values())
    if case.exit == 2:
        assert left["out"] == [] and seen.ended.out == "", f"{left['out']}, {seen.ended.out[:300]!r}"
        return
    if case.words[0] == "check" and "{out}/o.json" in case.words:
        assert set(left["out"]) <= {"o.json", "o.rejected.csv"}
        ids = [site["id"] for site in json.loads(held["o.json"])["sites"]]
        if isinstance(case.keeps, int):
            assert len(ids) == case.keeps, ids
        elif case.keeps is not None:
            assert ids == list(case.keeps), seen.ended.err
        assert ("o.rejected.csv" in left["out"]) == bool(re.search("(?m)^rejected: ", seen.ended.err))
        if "o.rejected.csv" in held:
            usual = csv.field_size_limit(100_000_000)
            rows = list(csv.DictReader(io.StringIO(held["o.rejected.csv"].decode("utf-8-sig"))))
            csv.field_size_limit(usual)
            assert rows and all(row["rejected_row"] and row["rejected_reason_en"] for row in rows)


@pytest.mark.parametrize("name", END_TO_END)
def test_case_end_to_end(name: str, tmp_path: Path) -> None:
    """The same through the command itself, in a fresh interpreter that is cut off from networks."""
    case = CASES[name]
    for inner in ("in", "work", "tmp", "out"):
        (tmp_path / inner).mkdir()
    file = os.fspath(case.build(tmp_path / "in"))
    before = listing(tmp_path / "in")
    env = {key: value for key, value in os.environ.items() if key != "PARKSITE_HOME"}
    env |= {"TMPDIR": str(tmp_path / "tmp"), **environment(case, tmp_path)}
    words = [*cut_off(), str(Path(sys.executable).with_name("parksite")), *call(case, tmp_path, file)]
    start = time.monotonic()
    with (tmp_path / "stdout").open("wb") as out, (tmp_path / "stderr").open("wb") as err:
        child = subprocess.Popen(
            words, cwd=tmp_path / "work", env=env, stdin=subprocess.DEVNULL, stdout=out, stderr=err
        )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    texts = [(tmp_path / one).read_bytes().decode("utf-8", "surrogateescape") for one in ("stdout", "stderr")]
    seconds = time.monotonic() - start
    ended = Ended(child.returncode, seconds, usage.ru_maxrss / 1024, seconds > SECONDS, [], *texts)
    changed = sorted(set(listing(tmp_path / "in").items()) ^ set(before.items()))
    left = {one: sorted(listing(tmp_path / one)) for one in ("out", "tmp", "work")}
    judge(case, Outcome(ended, left, [str(one) for one in changed], file, tmp_path))


def cut_off() -> list[str]:
    """Words before a command that leave it without a network, where the system permits that."""
    words = ["unshare", "-n"]
    try:
        allowed = subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        allowed = False
    return words if allowed else []


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 120


FORMULAS = (
    '=HYPERLINK("http://198.51.100.7","click")', "=1+1", "@SUM(A1)", "+1+cmd|'/c calc'!A0", "-2+3", "\t=1+1", "\r=1+1", "'=1", "''",
    "＝1+1", "＋1", "－1+2", "＠A1", "%0A=1", "=", "-", "DDE(\"cmd\";\"/c calc\")", " =1",
)  # fmt: skip
MARKUP = (
    "<script>window.hit=1</script>", "<img src=x onerror=window.hit=1>", "\"><svg/onload=window.hit=1>", "</script><script>window.hit=1</script>",
    "<!--<script>window.hit=1//-->", "javascript:window.hit=1", "{{7*7}}${7*7}", "&lt;b&gt;", "]]><script>window.hit=1</script>",
    "<style>*{display:none}</style>", "<iframe srcdoc='<script>parent.hit=1</script>'>", "\u2028window.hit=1", "`+(window.hit=1)+`",
    "';window.hit=1;//", "\\u003cscript\\u003ewindow.hit=1", "<a href=javascript:window.hit=1>x</a>",
)  # fmt: skip
NUMBERS = ("-12.5", "+3", "1e5", "-1E-3", "007", "0.10", "113.85", "1,234", "-")
HEADER = "<img src=x onerror=window.hit=2>"


@pytest.fixture(scope="module")
def listed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list whose every text is a formula or markup, in names, columns, ids and fields."""
    path = tmp_path_factory.mktemp("listed") / "<b onclick=alert(1)>sites.geojson"
    features = []
    for at, text in enumerate((*FORMULAS, *MARKUP)):
        words = {"id": f"{text}{at}", "field": text if at % 3 == 0 else "", "stage": text if at % 5 == 0 else ""}
        words |= dict.fromkeys(("name", "note", "=1+1", HEADER), text) | {"number": NUMBERS[at % len(NUMBERS)]}
        features.append(
            {
                "type": "Feature",
                "properties": words,
                "geometry": {"type": "Point", "coordinates": [113.85 + at / 1000, 22.7]},
            }
        )
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def texts(listed: Path) -> list[dict[str, str]]:
    return [one["properties"] for one in json.loads(listed.read_text("utf-8"))["features"]]


@pytest.fixture
def stable(stables: SimpleQueue[Stable]) -> Iterator[Stable]:
    one = stables.get()
    yield one
    stables.put(one)


def written(stable: Stable, folder: Path, *words: object, code: int = 1, **limits: int) -> Ended:
    ended = stable.run([str(word) for word in (*words, "--as-of", "2026-11-22", "--lang", "en")], folder, **limits)
    assert ended.code == code and "Traceback" not in ended.err and not ended.calls_out and not ended.late, ended
    assert listing(folder / "tmp") == {}
    return ended


def test_formulas_in_csv_are_guarded_and_come_back(stable: Stable, listed: Path, tmp_path: Path) -> None:
    written(stable, tmp_path, "check", listed, "--out", tmp_path / "out" / "o.csv")
    with (tmp_path / "out" / "o.csv").open(encoding="utf-8-sig", newline="") as handle:
        head, *rows = list(csv.reader(handle))
    runs = re.compile(r"[=+\-@\t\r＝＋－＠]")
    number = re.compile(r"[+-]?[0-9.]+([eE][+-]?[0-9]+)?")
    for cell in [*head, *(cell for row in rows for cell in row)]:
        assert not runs.match(cell) or number.fullmatch(cell), cell
    given = texts(listed)
    assert [row[head.index("number")] for row in rows] == [
        one["number"]
        if number.fullmatch(one["number"])
        else f"'{one['number']}"
        if runs.match(one["number"])
        else one["number"]
        for one in given
    ]
    from geo import sources

    back = sources.read(tmp_path / "out" / "o.csv")
    for one, row in zip(given, back.rows, strict=True):
        assert [row[name] for name in ("id", "name", "note", "=1+1", HEADER, "number")] == [
            one[name] for name in ("id", "name", "note", "=1+1", HEADER, "number")
        ]


def test_formulas_in_a_workbook_are_text(stable: Stable, listed: Path, tmp_path: Path) -> None:
    import openpyxl

    path = tmp_path / "out" / "o.xlsx"
    written(stable, tmp_path, "check", listed, "--out", path)
    with zipfile.ZipFile(path) as archive:
        parts = {
            name: archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith((".xml", ".rels"))
        }
    assert not any(re.search(r"<f[ >/]", text) for name, text in parts.items() if "worksheets" in name)
    assert not any('TargetMode="External"' in text for text in parts.values())
    book = openpyxl.load_workbook(path)
    assert all(
        cell.data_type != "f" and cell.hyperlink is None for sheet in book for row in sheet.iter_rows() for cell in row
    )
    held = {
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)
    }
    shown = held | {text.replace("_x000D_", "\r") for text in held}
    for one in texts(listed):
        assert one["note"] in shown, repr(one["note"])
        assert one["number"] in held


def test_attributes_in_vector_files_are_as_given(stable: Stable, listed: Path, tmp_path: Path) -> None:
    import geopandas

    given = [(one["id"], one["note"]) for one in texts(listed)]
    for ending in ("geojson", "gpkg", "parquet"):
        path = tmp_path / "out" / f"o.{ending}"
        written(stable, tmp_path, "check", listed, "--out", path)
        if ending == "geojson":
            found = [one["properties"] for one in json.loads(path.read_text("utf-8"))["features"]]
            assert [(one["id"], one["note"]) for one in found] == given
        else:
            frame = geopandas.read_parquet(path) if ending == "parquet" else geopandas.read_file(path)
            assert sorted(zip(frame["id"], frame["note"], strict=True)) == sorted(given)


class _Elements(HTMLParser):
    """Names of elements, and of their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[tag] += 1
        self.found.update(f"{tag}[{name}]" for name, _ in attrs)


def elements(path: Path) -> Counter[str]:
    parser = _Elements()
    parser.feed(path.read_text("utf-8"))
    parser.close()
    return parser.found


@pytest.fixture(scope="module")
def hostile_map(stables: SimpleQueue[Stable], listed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, stable = tmp_path_factory.mktemp("built"), stables.get()
    try:
        written(stable, folder, "build", "--sites", listed, "--out", folder / "out" / "g", seconds=60)
    finally:
        stables.put(stable)
    return folder / "out" / "g" / "parksite-map.html"


def test_no_attribute_becomes_an_element_of_the_map(hostile_map: Path, gallery: Path) -> None:
    here, plain = elements(hostile_map), elements(gallery / "parksite-map.html")
    assert set(here) <= set(plain), set(here) - set(plain)
    assert here["script"] == plain["script"] and here["style"] == plain["style"]


def test_no_script_of_a_list_runs_in_the_map(browser: Any, hostile_map: Path) -> None:
    room = browser.new_context(offline=True)
    page = room.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(hostile_map.as_uri())
    page.wait_for_selector(".ps-district")
    for marker in page.locator(".leaflet-marker-icon, .ps-site").all()[:40]:
        marker.dispatch_event("click")
    assert page.evaluate("window.hit") is None
    assert (
        page.evaluate("document.querySelectorAll('img[src=x], iframe, svg[onload], a[href^=javascript]').length") == 0
    )
    assert asked == [hostile_map.as_uri()]
    room.close()


@pytest.fixture(scope="module")
def long_list(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("long") / "sites.csv"
    path.write_text(
        "id,lon,lat\n" + "".join(f"S{at},{113.8 + at / 10000:.4f},22.7\n" for at in range(300)), encoding="utf-8"
    )
    return path


@pytest.mark.parametrize("ending", ["json", "csv", "geojson", "xlsx", "gpkg", "parquet", "shp", "txt"])
def test_a_full_disk_leaves_nothing(ending: str, stable: Stable, long_list: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / f"o.{ending}"
    ended = written(stable, tmp_path, "check", long_list, "--datum", "wgs84", "--out", out, code=2, file_bytes=12_000)
    assert re.search("cannot be written", ended.err) and " → " in ended.err, ended.err
    assert listing(tmp_path / "out") == {}


def test_a_full_disk_leaves_the_old_output_as_it_was(stable: Stable, long_list: Path, tmp_path: Path) -> None:
    out = tmp_path / "out" / "o.csv"
    out.parent.mkdir()
    out.write_text("mine")
    written(
        stable, tmp_path, "check", long_list, "--datum", "wgs84", "--out", out, "--overwrite", code=2, file_bytes=12_000
    )
    assert out.read_text() == "mine" and list(listing(tmp_path / "out")) == ["o.csv"]


def test_a_full_disk_stops_a_build_without_a_trace(stable: Stable, long_list: Path, tmp_path: Path) -> None:
    words = ("build", "--sites", long_list, "--datum", "wgs84", "--out", tmp_path / "out" / "g")
    ended = written(stable, tmp_path, *words, code=2, file_bytes=300_000)
    assert "cannot be written" in ended.err and listing(tmp_path / "out") == {}


@pytest.mark.parametrize("ending", ["csv", "gpkg", "xlsx"])
def test_a_folder_that_takes_nothing_is_told(ending: str, stable: Stable, long_list: Path, tmp_path: Path) -> None:
    """A folder without the right to write; as root, who may write anywhere, one of the kernel."""
    if os.geteuid() == 0:
        closed = Path("/proc/self/task")
    else:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o500)
    out = closed / f"o.{ending}"
    ended = written(stable, tmp_path, "check", long_list, "--datum", "wgs84", "--out", out, code=2)
    assert "cannot be written" in ended.err and str(out) in ended.err and " → " in ended.err
    ended = written(
        stable, tmp_path, "build", "--sites", long_list, "--datum", "wgs84", "--out", closed / "new" / "g", code=2
    )
    assert "cannot be written" in ended.err and " → " in ended.err
