import assert from "node:assert/strict";
import { test } from "node:test";

import { insideArea, insideRing, indexed } from "../../maps/web/src/core/inside.js";
import { locate } from "../../maps/web/src/core/locate.js";
import { areaOf, intersects, overlapOf } from "../../maps/web/src/core/overlap.js";
import { pointOnSurface } from "../../maps/web/src/core/surface.js";
import { box, NANSHAN, SHENSHAN, SQUARES, TWO_SOURCES } from "./squares.js";

const METRES_LON = 102_880; // of a degree at 22.505
const METRES_LAT = 110_750;
const point = (lon, lat) => ({ type: "Point", coordinates: [lon, lat] });
const polygon = (...rings) => ({ type: "Polygon", coordinates: rings });
const area = (...rings) => indexed([rings.map((ring) => Float64Array.from(ring.flat()))]);

for (const [name, [lon, lat], side] of [
  ["inside", [0.5, 0.5], 1],
  ["outside, level with a vertex", [-1, 1], -1],
  ["on a vertex", [1, 1], 0],
  ["on a level edge", [0.5, 0], 0],
  ["on a steep edge", [1, 0.25], 0],
  ["on a sloping edge", [0.5, 1.5], 0],
  ["on the level of the peak", [-1, 2], -1],
  ["one step of the last digit off the sloping edge", [0.5, 1.5 + 2 ** -52], -1],
]) {
  test(`a point and a ring: ${name}`, () => {
    const ring = Float64Array.from([0, 0, 1, 0, 1, 1, 0, 2, 0, 0]);
    assert.equal(insideRing(ring, lon, lat), side);
    assert.equal(insideArea(indexed([[ring]]), lon, lat), side);
  });
}

test("a hole is outside, its line is a line", () => {
  const holed = area(box(0, 0, 4, 4), box(1, 1, 2, 2));
  assert.deepEqual([insideArea(holed, 1.5, 1.5), insideArea(holed, 1, 1.5), insideArea(holed, 3, 3)], [-1, 0, 1]);
});

test("a ring of many vertices is answered as exactly as a short one", () => {
  const vertices = Array.from({ length: 500 }, (_, at) => {
    const angle = (at * Math.PI) / 250;
    return [Math.cos(angle), Math.sin(angle)];
  });
  const circle = area([...vertices, vertices[0]]);
  for (let at = 0; at < 500; at += 1) {
    const [x, y] = vertices[at];
    assert.deepEqual([insideArea(circle, x, y), insideArea(circle, 0.999 * x, 0.999 * y), insideArea(circle, 1.001 * x, 1.001 * y)], [0, 1, -1]);
  }
});

for (const [name, ground, [lon, lat], expected] of [
  ["in the middle", SQUARES, [114.005, 22.505], ["futian", "certain", []]],
  ["outside all", SQUARES, [113.9, 22.505], [null, "outside", []]],
  ["on the line of two", SQUARES, [114.01, 22.505], ["futian", "near_boundary", ["futian", "luohu"]]],
  ["on the corner of three", SQUARES, [114.01, 22.51], ["futian", "near_boundary", ["futian", "luohu", "nanshan"]]],
  ["on the line with a neighbour", SQUARES, [114.02, 22.505], ["luohu", "near_boundary", ["luohu", "outside"]]],
  ["on the coast", SQUARES, [114.0, 22.505], ["futian", "certain", []]],
  ["in a neighbour", SQUARES, [114.025, 22.505], [null, "outside", []]],
  ["where the sources differ", TWO_SOURCES, [114.0105, 22.505], ["luohu", "near_boundary", ["futian", "luohu"]]],
  ["where one source says outside", TWO_SOURCES, [114.0197, 22.505], ["luohu", "near_boundary", ["luohu", "outside"]]],
  ["where both say outside", TWO_SOURCES, [114.025, 22.505], [null, "outside", []]],
  ["clear of the zone of doubt", SHENSHAN, [115.05, 22.85], ["shenshan", "certain", []]],
  ["in the zone of doubt", SHENSHAN, [115.095, 22.85], ["shenshan", "near_boundary", ["shenshan", "outside"]]],
  ["in the zone, outside", SHENSHAN, [115.105, 22.85], [null, "near_boundary", ["shenshan", "outside"]]],
]) {
  test(`a point: ${name}`, () => {
    const { district, certainty, possible, shares, areaM2 } = locate(ground, point(lon, lat));
    assert.deepEqual([district, certainty, possible], expected);
    assert.deepEqual(shares, { [district ?? "outside"]: 1 });
    assert.equal(areaM2, null);
  });
}

test("the distance goes to the district's own borders, from outside to the nearest of all, never to the coast", () => {
  const near = (geometry, metres) => {
    const { distance } = locate(SQUARES, geometry);
    assert.ok(Math.abs(distance - metres) < 0.01 * metres + 1e-3, `${distance} is not ${metres}`);
  };
  near(point(114.001, 22.502), 0.008 * METRES_LAT);
  near(point(114.0095, 22.505), 0.0005 * METRES_LON);
  near(point(114.01, 22.505), 0);
  near(point(114.03, 22.505), 0.01 * METRES_LON);
  near(polygon(box(114.002, 22.502, 114.004, 22.504)), 0.006 * METRES_LON);
  near(polygon(box(114.008, 22.502, 114.012, 22.504)), 0);
  assert.equal(locate({ ...SQUARES, borders: {} }, point(114.005, 22.505)).distance, null);
});

test("a border wholly inside a polygon is at no distance", () => {
  assert.equal(locate(SQUARES, polygon(box(113.9, 22.4, 114.2, 22.6))).distance, 0);
});

for (const [name, ring, district, certainty, shares, possible] of [
  ["in one", box(114.002, 22.502, 114.004, 22.504), "futian", "certain", { futian: 1 }, []],
  ["over two", box(114.009, 22.502, 114.013, 22.504), "luohu", "straddles", { futian: 0.25, luohu: 0.75 }, ["futian", "luohu"]],
  ["over the coast", box(113.999, 22.502, 114.003, 22.504), "futian", "straddles", { futian: 0.75, outside: 0.25 }, ["futian", "outside"]],
  ["outside", box(113.9, 22.4, 113.91, 22.41), null, "outside", { outside: 1 }, []],
  ["along a border", box(114.01, 22.502, 114.012, 22.504), "luohu", "certain", { luohu: 1 }, []],
  ["a whole district", box(114.0, 22.5, 114.01, 22.51), "futian", "certain", { futian: 1 }, []],
  ["over by less than the noise", box(114.009999, 22.502, 114.018, 22.504), "luohu", "certain", { luohu: 1 }, []],
  ["a district with a vertex of three on its edge", NANSHAN, "nanshan", "certain", { nanshan: 1 }, []],
]) {
  test(`a polygon: ${name}`, () => {
    const found = locate(SQUARES, polygon(ring));
    assert.deepEqual([found.district, found.certainty, found.possible], [district, certainty, possible]);
    assert.deepEqual(Object.keys(found.shares), Object.keys(shares));
    for (const [id, share] of Object.entries(shares)) assert.ok(Math.abs(found.shares[id] - share) < 1e-4);
    const reverse = locate(SQUARES, polygon([...ring].reverse()));
    assert.ok(Math.abs(reverse.areaM2 - found.areaM2) < 1e-6);
    assert.deepEqual(locate(SQUARES, polygon(ring.slice(0, -1))), found);
  });
}

test("the second source's doubts need more than noise", () => {
  const found = (east) => locate(TWO_SOURCES, polygon(box(114.0115, 22.502, east, 22.504))).possible;
  assert.deepEqual(found(114.0190), []);
  assert.deepEqual(found(114.0198), ["luohu", "outside"]);
});

test("a polygon that meets the zone of doubt", () => {
  const { certainty, possible } = locate(SHENSHAN, polygon(box(115.08, 22.85, 115.09, 22.86)));
  assert.deepEqual([certainty, possible], ["near_boundary", ["shenshan", "outside"]]);
  assert.equal(locate(SHENSHAN, polygon(box(115.07, 22.85, 115.08, 22.86))).certainty, "certain");
});

test("a polygon without an area is placed as a point on it", () => {
  const flat = [[114.005, 22.505], [114.006, 22.506], [114.005, 22.505]];
  const found = locate(SQUARES, polygon(flat));
  assert.deepEqual([found.district, found.certainty, found.shares, found.areaM2], ["futian", "certain", { futian: 1 }, 0]);
});

test("multipolygons and holes count as they are", () => {
  const holed = [box(114.002, 22.502, 114.006, 22.506), box(114.003, 22.503, 114.005, 22.505)];
  const found = locate(SQUARES, {
    type: "MultiPolygon",
    coordinates: [holed, [box(114.012, 22.502, 114.014, 22.504)]],
  });
  assert.ok(Math.abs(found.shares.futian - 0.75) < 1e-4);
  assert.ok(Math.abs(found.areaM2 - 16e-6 * METRES_LON * METRES_LAT) < 0.001 * found.areaM2);
  assert.ok(!(found.lon > 114.003 && found.lon < 114.005 && found.lat > 22.503 && found.lat < 22.505));
});

test("a point on a surface lies inside, in the widest part", () => {
  const comb = [[0, 0], [9, 0], [9, 4], [3, 4], [3, 1], [2, 1], [2, 4], [0, 4], [0, 0]];
  assert.deepEqual(pointOnSurface([[Float64Array.from(comb.flat())]]), [6, 2.5]);
});

test("overlaps of outlines that run along each other within the rounding of their digits", () => {
  const district = area([[114.0, 22.5], [114.037, 22.513], [114.02, 22.54], [114.0, 22.5]]);
  for (let at = 1; at < 40; at += 1) {
    const share = at / 40;
    const on = [114.0 + 0.037 * share, 22.5 + 0.013 * share]; // on the sloping edge but for rounding
    const cut = area([[114.0, 22.5], on, [114.015, 22.53], [114.0, 22.5]]);
    const size = overlapOf(cut, district);
    assert.ok(Math.abs(size - areaOf(cut)) < 1e-3, `${size} of ${areaOf(cut)} at ${share}`);
    assert.ok(Math.abs(overlapOf(district, cut) - size) < 1e-3);
  }
});

test("areas that only touch share no size, but meet", () => {
  const [one, beside, corner, away] = [box(0, 0, 1, 1), box(1, 0, 2, 1), box(1, 1, 2, 2), box(1.1, 1.1, 2, 2)].map((ring) => area(ring));
  for (const other of [beside, corner]) {
    assert.ok(overlapOf(one, other) < 1e-3);
    assert.ok(intersects(one, other) && intersects(other, one));
  }
  assert.equal(intersects(one, away), false);
  assert.ok(intersects(area(box(0, 0, 9, 9)), one) && intersects(one, area(box(0, 0, 9, 9))));
  assert.equal(intersects(area(box(0, 0, 9, 9), box(1, 1, 8, 8)), area(box(2, 2, 3, 3))), false);
});

test("ten thousand points take well under two seconds", () => {
  const start = performance.now();
  for (let at = 0; at < 10_000; at += 1) locate(TWO_SOURCES, point(114 + (at % 100) * 3e-4, 22.5 + at * 2e-6));
  assert.ok(performance.now() - start < 2000);
});
