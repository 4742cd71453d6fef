import assert from "node:assert/strict";
import { test } from "node:test";

import { records } from "../../maps/web/src/core/csv.js";
import { Fault } from "../../maps/web/src/core/fault.js";
import { oneLine, quoted } from "../../maps/web/src/core/quoted.js";
import { faultText, reason } from "../../maps/web/src/core/remarks.js";
import { draft, readLayer, refuseOthers } from "../../maps/web/src/core/rows.js";
import { settle } from "../../maps/web/src/core/settle.js";
import { invalidity, mend, singleKind } from "../../maps/web/src/core/shapes.js";
import { run, Stopped } from "../../maps/web/src/core/slices.js";
import { readWkt, toWkt, WktError } from "../../maps/web/src/core/wkt.js";
import { SCHEMA, ended, utf8 } from "./reading.js";

const NO_READING = { datum: null, swap: false };
const SAME = { geometryToWgs84: (geometry) => geometry, toDegrees: (x, y) => [114 + (x - 5e5) / 1e5, y / 1.1e5] };

function layerOf(text, name = "f.csv") {
  return ended(readLayer(typeof text === "string" ? utf8(text) : text, name, SCHEMA));
}

function settled(text, reading = NO_READING, name = "f.csv") {
  const drafts = ended(draft(layerOf(text, name), reading, SCHEMA));
  return ended(settle(drafts, reading, { schema: SCHEMA, datums: SAME, name }));
}

const cells = (text, delimiter = ",") => [...records(text, delimiter)].map((one) => one.cells);
const faultsOf = (found) => found.rejected.map((one) => [one.row, one.line, one.faults.map((fault) => fault.en)]);

// ---- delimited text ------------------------------------------------------------------------

for (const [name, text, wanted] of [
  ["quotes", 'a,"b, c","d ""e"""\n', [["a", "b, c", 'd "e"']]],
  ["blanks before a quote", 'a,  "b, c", d \n', [["a", "b, c", "d "]]],
  ["text behind a closing quote", '"a"b,c', [["ab", "c"]]],
  ["a quote inside a cell", 'a"b"c,d', [['a"b"c', "d"]]],
  ["mixed line ends", "a\r\nb\nc\rd", [["a"], ["b"], ["c"], ["d"]]],
  ["line ends in quotes", '"a\r\nb",c\nd,e', [["a\r\nb", "c"], ["d", "e"]]],
  ["blank lines and cells", "\na,\n,b\n", [[], ["a", ""], ["", "b"]]],
]) {
  test(`records: ${name}`, () => assert.deepEqual(cells(text), wanted));
}

test("a record knows its line, line ends in quotes counted", () => {
  const lines = [...records('a\n"b\nc"\r\n\nd', ",")].map((one) => one.line);
  assert.deepEqual(lines, [1, 2, 4, 5]);
});

test("a quote that is never closed is refused with its line", () => {
  assert.throws(() => cells('a\n"b,c\nd'), (fault) => fault instanceof Fault && /line 2/.test(fault.en) && fault.value === '"b,c');
});

test("the header is found below titles, columns by any of their names", () => {
  const layer = layerOf("候选地块一览\n;;\n编号;经度;纬度;备注\n1;114;22;=1\n\n2;114,1;22\n");
  assert.deepEqual(layer.columns, ["编号", "经度", "纬度", "备注"]);
  assert.deepEqual([layer.numbers, layer.lines], [[1, 3], [4, 6]]);
  assert.match(layer.notes[0][1], /Line 3/);
  assert.deepEqual({ ...layer.rows[1] }, { 编号: "2", 经度: "114,1", 纬度: "22", 备注: "" });
});

test("a guard is taken off, our own columns of a rejected list are left out", () => {
  const layer = layerOf("id,lon,lat,rejected_row,'=a\n1,1,2,9,'=x\n");
  assert.deepEqual(layer.columns, ["id", "lon", "lat", "=a"]);
  assert.equal(layer.rows[0]["=a"], "=x");
});

test("a column may be called __proto__", () => {
  const layer = layerOf("id,lon,lat,__proto__,constructor\n1,1,2,x,y\n");
  assert.deepEqual(Object.entries(layer.rows[0]).slice(3), [["__proto__", "x"], ["constructor", "y"]]);
});

for (const [name, text, said] of [
  ["no rows at all", " \n\n", /the file is empty/],
  ["no position columns", "id,name\n1,a\n", /no position columns/],
  ["columns of one name", "id,lon,lat,a,a\n1,1,2,3,4\n", /same name: a/],
  ["more rows than the limit", `lon,lat\n${"114,22\n".repeat(51)}`, /more than 50 rows/],
  ["no table", "你好，这是一封信。\n此致\n敬礼\n", /no position columns/],
]) {
  test(`a file with ${name} is refused as a whole`, () => {
    assert.throws(() => settled(text), (fault) => fault instanceof Fault && said.test(fault.en) && Boolean(fault.remedyZh && fault.remedyEn));
  });
}

for (const name of ["a.xlsx", "a.XLS", "b.shp", "c.kmz", "d.gpkg", "e.zip"]) {
  test(`${name} is refused with the command that reads it`, () => {
    assert.throws(() => refuseOthers(10, name), (fault) => /parksite check/.test(fault.remedyEn) && /parksite check/.test(fault.remedyZh));
  });
}

test("a file of more than 50 MB is refused before it is opened", () => {
  assert.throws(() => refuseOthers(50_000_001, "a.csv"), /51 MB/);
  refuseOthers(50_000_000, "a.csv");
});

// ---- rows ----------------------------------------------------------------------------------

test("degrees-minutes-seconds, a pair in one column, a geometry in words", () => {
  const angles = settled("id,经度,纬度\na,113°51′00″E,北纬22度42分\n").sites[0].geometry.coordinates;
  assert.deepEqual(angles.map((one) => one.toFixed(6)), ["113.850000", "22.700000"]);
  const pair = settled('id,高德坐标\na,"113.85，22.70"\n').sites[0];
  assert.deepEqual([pair.geometry.coordinates, pair.datum, pair.datumBasis], [[113.85, 22.7], "gcj02", "declared"]);
  const words = settled('id,wkt\na,"SRID=4490;POLYGON ((114 22, 114.01 22, 114.01 22.01, 114 22))"\n').sites[0];
  assert.deepEqual([words.geometry.type, words.datum], ["Polygon", "EPSG:4490"]);
});

test("every fault of a row is named, the others go through", () => {
  const found = settled("id,lon,lat,datum\na,abc,99,wgs84\nb,114,22,mars\nc,114,22,EPSG:4526\nd,22,114,\ne,114,22,\na,,,\ne,114,22,\n");
  assert.deepEqual(found.sites.map((one) => [one.id, one.datumBasis]), [["e", "assumed"]]);
  assert.deepEqual(faultsOf(found), [
    [1, 2, ["the coordinate is not a number", "longitude or latitude is out of range"]],
    [2, 3, ["the datum 'mars' is not known"]],
    [3, 4, ["this page does not convert EPSG:4526"]],
    [4, 5, ["longitude or latitude is out of range"]],
    [6, 7, ["the coordinate is missing", "the coordinate is missing"]],
    [7, 8, ["the id stands in row 5 already"]],
  ]);
  assert.match(found.rejected[3].faults[0].remedyEn, /swapped/);
  assert.match(found.warnings.at(-1)[1], /no datum is declared/);
});

test("a row without an id gets its number, or row-number where that is taken", () => {
  const found = settled("id,lon,lat\n,114,22\n1,114,22\n,114,22\n");
  assert.deepEqual(found.sites.map((one) => one.id), ["row-1", "1", "3"]);
});

test("more cells than the header is a fault that keeps the cells", () => {
  const [row] = settled("id,lon,lat\na,114,22,x,y,\n").rejected;
  assert.deepEqual([row.faults[0].value, row.attributes._extra2], ["x | y", "y"]);
});

test("what a row says of its datum goes before what was chosen, and that is said", () => {
  const found = settled("id,lon,lat,坐标系\na,114,22,BD-09\nb,114,22,\n", { datum: "gcj02", swap: false });
  assert.deepEqual(found.sites.map((one) => [one.datum, one.datumBasis]), [["bd09", "declared"], ["gcj02", "declared"]]);
  assert.match(found.warnings[0][1], /bd09, gcj02 was chosen/);
});

test("swapped axes are turned where asked, and recognised where not", () => {
  const text = "id,X坐标,Y坐标\na,2494242,505426\n";
  assert.deepEqual(settled(text, { datum: 4547, swap: true }).sites[0].geometry.coordinates, [505426, 2494242]);
  const [row] = settled(text, { datum: 4547, swap: false }).rejected;
  assert.match(row.faults[0].remedyEn, /x must be east and y north/);
});

// ---- GeoJSON -------------------------------------------------------------------------------

const feature = (geometry, properties = {}) => ({ type: "Feature", properties, geometry });
const point = { type: "Point", coordinates: [114, 22] };
const collection = (features, more = {}) => JSON.stringify({ type: "FeatureCollection", ...more, features });
const named = (name) => ({ crs: { type: "name", properties: { name } } });

test("a collection, a feature, a geometry, one feature a line", () => {
  for (const text of [collection([feature(point)]), JSON.stringify(feature(point)), JSON.stringify(point), `${JSON.stringify(feature(point))}\n${JSON.stringify(feature(point))}\n`]) {
    const found = settled(text, NO_READING, "f.geojson");
    assert.deepEqual([found.sites[0].geometry, found.sites[0].datum, found.sites[0].datumBasis], [point, "wgs84", "declared"]);
  }
});

for (const [name, declared] of [
  ["urn:ogc:def:crs:OGC:1.3:CRS84", "wgs84"], ["EPSG:4326", "wgs84"], ["urn:ogc:def:crs:EPSG::4490", "cgcs2000"],
  ["http://www.opengis.net/def/crs/EPSG/0/4547", 4547],
]) {
  test(`the system ${name} is understood`, () => assert.equal(layerOf(collection([feature(point)], named(name)), "f.json").declared, declared));
}

test("another system is refused, a link or none is taken as not declared", () => {
  assert.throws(() => layerOf(collection([feature(point)], named("EPSG:2435")), "f.json"), /does not convert/);
  assert.equal(layerOf(collection([feature(point)], named("https://example.org/x")), "f.json").declared, null);
  assert.equal(layerOf(collection([feature(point)], { crs: null }), "f.json").declared, null);
});

test("features that cannot be used are rejected by number", () => {
  const line = { type: "LineString", coordinates: [[114, 22], [114, 23]] };
  const found = settled(collection([feature(null), feature(line), feature({ type: "Point", coordinates: ["a", 1] }), 7, feature(point)]), NO_READING, "f.geojson");
  assert.deepEqual(faultsOf(found), [
    [1, null, ["the record has no usable geometry"]],
    [2, null, ["a site is a point or a polygon, not a LineString"]],
    [3, null, ["the geometry is no GeoJSON geometry"]],
    [4, null, ["this is no feature"]],
  ]);
  assert.deepEqual(found.sites.map((one) => one.id), ["5"]);
});

test("JSON that is no GeoJSON, or breaks off, is refused", () => {
  assert.throws(() => layerOf('{"a": 1}', "f.json"), /no GeoJSON/);
  assert.throws(() => layerOf('{"type": "FeatureCollection", "features": [', "f.json"), /breaks off/);
});

// ---- shapes --------------------------------------------------------------------------------

const ring = (...pairs) => ({ type: "Polygon", coordinates: [pairs] });
const square = [[114, 22], [114.01, 22], [114.01, 22.01], [114, 22.01], [114, 22]];

test("WKT is read and written", () => {
  for (const text of ["POINT (114.1 22.6)", "POLYGON ((0 0, 1 0, 1 1, 0 0), (0.1 0.1, 0.2 0.1, 0.2 0.2, 0.1 0.1))", "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))", "POINT EMPTY", "GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (0 0, 1 1))"]) {
    assert.equal(toWkt(readWkt(text).geometry), text);
  }
  assert.deepEqual(readWkt(" srid = 4547 ; Point Z(1 2e0 3)"), { geometry: { type: "Point", coordinates: [1, 2] }, code: 4547 });
  for (const text of ["POINT", "POINT (1)", "POLYGON ((0 0, 1 0)", "CIRCLE (1 2)", "POINT (1 2) x", "POINT (1 a)", `${"GEOMETRYCOLLECTION (".repeat(99)}`]) {
    assert.throws(() => readWkt(text), WktError);
  }
});

for (const [name, geometry, said] of [
  ["a square", ring(...square), null],
  ["a bow tie", ring([0, 0], [1, 1], [1, 0], [0, 1], [0, 0]), /^Self-intersection\[0.5 0.5\]/],
  ["a ring that touches itself", ring([0, 0], [4, 0], [4, 4], [2, 0], [0, 4], [0, 0]), /^Ring Self-intersection\[2 0\]/],
  ["a line there and back", ring([0, 0], [1, 0], [2, 0], [0, 0]), /Self-intersection/],
  ["a hole outside", { type: "Polygon", coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]], [[5, 5], [6, 5], [6, 6], [5, 5]]] }, /^Hole lies outside/],
  ["a hole that touches the shell", { type: "Polygon", coordinates: [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], [[0, 0], [1, 2], [2, 1], [0, 0]]] }, null],
  ["a polygon in a polygon", { type: "MultiPolygon", coordinates: [[[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]]], [[[1, 1], [2, 1], [2, 2], [1, 1]]]] }, /^Nested shells/],
]) {
  test(`validity: ${name}`, () => (said === null ? assert.equal(invalidity(geometry), null) : assert.match(invalidity(geometry), said)));
}

test("a bow tie is refused, a small crossing is mended and noted", () => {
  assert.match(mend(ring([114, 22], [114.01, 22.01], [114.01, 22], [114, 22.01], [114, 22])).fault.en, /not valid: Self-intersection/);
  const small = mend(ring([114.1, 22.61], [114.104, 22.61], [114.104, 22.614], [114.1, 22.614], [114.1001, 22.61], [114.0999, 22.61001], [114.1, 22.61]));
  assert.match(small.notes[0][1], /crossed itself and was repaired/);
});

test("of a collection only the polygons are taken, of one point in a list the point", () => {
  const found = singleKind({ type: "GeometryCollection", geometries: [point, ring(...square)] });
  assert.deepEqual([found.geometry.type, found.notes.length], ["Polygon", 1]);
  assert.deepEqual(singleKind({ type: "MultiPoint", coordinates: [[114, 22, 5]] }).geometry, point);
});

// ---- words and work ------------------------------------------------------------------------

test("a fault in one line says what, where and the remedy", () => {
  const fault = { en: "bad", zh: "坏", row: 3, line: 5, field: "lon", value: "a\nb", remedyEn: "mend", remedyZh: "修" };
  assert.equal(faultText(fault, "en"), "bad [row 3 (line 5 of the file); field lon; value 'a\\nb'] → mend");
  assert.equal(reason({ faults: [fault, fault] }, "zh", "f.csv").split("；坏").length, 2);
  assert.equal(oneLine("x\u202ey\u2028\u{e0001}"), "x\\u202ey\\u2028\\U000e0001");
  assert.equal(oneLine("字".repeat(100)).length, 81);
  assert.equal(quoted("it's\u2028\\"), '"it\'s\\u2028\\\\"');
});

test("long work runs in slices and can be stopped", async () => {
  function* work() {
    for (let at = 0; at < 200; at += 1) {
      const until = performance.now() + 1;
      while (performance.now() < until);
      yield at;
    }
    return "done";
  }
  const seen = [];
  const stopping = new AbortController();
  await assert.rejects(run(work(), { onProgress: (done) => (seen.push(done), seen.length === 2 && stopping.abort()), signal: stopping.signal, slice: 5 }), Stopped);
  assert.equal(seen.length, 2);
  assert.equal(await run((function* () { yield 1; return 7; })()), 7);
});

test("10,000 rows are read and settled within 3 s", () => {
  const schema = { ...SCHEMA, limits: { rows: 200_000, columns: 1000, vertices: 200_000 } };
  const text = `编号,名称,经度,纬度,产业领域\n${Array.from({ length: 10_000 }, (_, at) => `S${at},地块${at},${114 + at / 1e6},${22.5 + at / 1e6},光刻胶`).join("\n")}`;
  const start = performance.now();
  const drafts = ended(draft(ended(readLayer(utf8(text), "f.csv", schema)), NO_READING, schema));
  assert.equal(ended(settle(drafts, NO_READING, { schema, datums: SAME, name: "f.csv" })).sites.length, 10_000);
  assert.ok(performance.now() - start < 3_000);
});
