import assert from "node:assert/strict";
import { test } from "node:test";

import { arrange, DATUMS, dense, makeDatums, toDegrees, toMetres } from "../../maps/web/src/core/datum.js";
import { RING } from "./ring.js";

const { toWgs84, fromWgs84, geometryToWgs84, isShifted } = makeDatums({ gcj02_ring: RING });

function near(found, expected, tolerance) {
  expected.forEach((number, at) => {
    assert.ok(Math.abs(found[at] - number) <= tolerance, `${found} is not ${expected} within ${tolerance}`);
  });
}

test("the published value of GCJ-02", () => {
  near(fromWgs84(113.912316, 22.543847, "gcj02"), [113.9171764808363, 22.540796131694766], 1e-12);
});

test("Futian from WGS84 to GCJ-02 to BD-09, as web services give it", () => {
  near(fromWgs84(114.0527534, 22.5458236, "gcj02"), [114.0578659, 22.5431014], 7.3e-6);
  const { lon, lat } = toWgs84(114.0578659, 22.5431014, "gcj02");
  near(fromWgs84(lon, lat, "bd09"), [114.064418, 22.5487584], 1e-7);
});

test("Futian in EPSG:4547, to the millimetre", () => {
  near(toMetres(114.0527534, 22.5458236), [505426.338, 2494242.655], 5e-4);
  near(toDegrees(505426.338, 2494242.655), [114.0527534, 22.5458236], 1e-8);
});

for (const [name, lon, lat, x, y] of [
  ["the west of Shenzhen", 113.75, 22.8, 474331.70329, 2522410.75641],
  ["the east of Shenshan", 115.2, 22.9, 623123.80197, 2533965.01429],
  ["Harbin", 126.6, 45.8, 1479280.73715, 5151673.07858],
  ["Kashgar", 76, 39.5, -2799645.95412, 5131516.2367],
]) {
  test(`EPSG:4547 as PROJ has it: ${name}`, () => {
    near(toMetres(lon, lat), [x, y], 1e-3);
    near(toDegrees(x, y), [lon, lat], 1e-8);
  });
}

for (const { id } of DATUMS) {
  test(`there and back within a micrometre: ${id}`, () => {
    for (const [lon, lat] of [
      [113.75, 22.45],
      [114.0527534, 22.5458236],
      [115.19, 22.9],
      [121.56, 25.04],
      [2.35, 48.85],
    ]) {
      if (id === "epsg:4547" && lon < 100) continue;
      const found = toWgs84(...fromWgs84(lon, lat, id), id);
      near([found.lon, found.lat], [lon, lat], 1e-11);
    }
  });
}

test("only the mainland, Hong Kong and Macau are shifted", () => {
  assert.deepEqual([isShifted(114.06, 22.54), isShifted(114.16, 22.28), isShifted(121.56, 25.04)], [true, true, false]);
  assert.deepEqual(fromWgs84(121.56, 25.04, "gcj02"), [121.56, 25.04]);
  assert.deepEqual(toWgs84(121.56, 25.04, "gcj02"), { lon: 121.56, lat: 25.04, shift: 0 });
});

test("the shift is said in metres", () => {
  assert.ok(Math.abs(toWgs84(114.0578659, 22.5431014, "gcj02").shift - 605) < 2);
  const { shift } = toWgs84(114.064418, 22.5487584, "bd09");
  assert.ok(shift > 1176 && shift < 1257, `${shift}`);
  for (const id of ["wgs84", "cgcs2000"]) assert.deepEqual(toWgs84(114.05, 22.54, id), { lon: 114.05, lat: 22.54, shift: 0 });
  assert.equal(toWgs84(505426.338, 2494242.655, "epsg:4547").shift, 0);
});

test("the numbers that cannot be in the order given are turned round, and this is said", () => {
  assert.deepEqual(arrange(2494242.655, 505426.338, "epsg:4547"), { x: 505426.338, y: 2494242.655, swapped: true });
  assert.deepEqual(arrange(505426.338, 2494242.655, "epsg:4547"), { x: 505426.338, y: 2494242.655, swapped: false });
  assert.deepEqual(arrange(22.54, 114.05, "gcj02"), { x: 114.05, y: 22.54, swapped: true });
  assert.deepEqual(arrange(80, 22, "wgs84"), { x: 80, y: 22, swapped: false });
  assert.deepEqual(arrange(500, 400, "wgs84"), { x: 500, y: 400, swapped: false });
});

test("long edges are made dense before a geometry is converted", () => {
  const ring = [
    [113.9, 22.5],
    [113.929, 22.5],
    [113.929, 22.509],
    [113.9, 22.5],
  ];
  const found = geometryToWgs84({ type: "MultiPolygon", coordinates: [[ring]] }, "bd09").coordinates[0][0];
  assert.equal(found.length, 1 + 15 + 5 + 16);
  near(found[0], Object.values(toWgs84(113.9, 22.5, "bd09")).slice(0, 2), 0);
  const metric = [505426, 2494242];
  const point = geometryToWgs84({ type: "Point", coordinates: metric }, "epsg:4547");
  near(point.coordinates, toDegrees(...metric), 0);
  assert.deepEqual(dense([[0, 0], [0, 1]], 0.5), [[0, 0], [0, 0.5], [0, 1]]);
});

test("what is not known is refused", () => {
  assert.throws(() => toWgs84(1, 2, "local"), RangeError);
  assert.ok(Number.isNaN(toWgs84(NaN, 22, "gcj02").lon));
});
