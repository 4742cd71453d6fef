import assert from "node:assert/strict";
import { deflateSync } from "node:zlib";
import { test } from "node:test";

import { decodeSites, makeStore } from "../../maps/web/src/core/store.js";
import { pack, packAreas, packText } from "./packing.js";
import { site, storeOf } from "./sites.js";

const SQUARE = [[[114, 22.5], [114.01, 22.5], [114.01, 22.51], [114, 22.5]]];
const HOLED = [
  [[[113.9, 22.6], [113.99, 22.6], [113.99, 22.69], [113.9, 22.6]], [[113.95, 22.61], [113.96, 22.61], [113.96, 22.62], [113.95, 22.61]]],
  [[[113.8, 22.6], [113.81, 22.6], [113.81, 22.61], [113.8, 22.6]]],
];

/** Numbers in planes of bytes, the lowest first, as the Python side packs those in no order. */
function planes(numbers, width, smallest, step) {
  const bytes = new Uint8Array(width * numbers.length);
  numbers.forEach((number, row) => {
    let left = (number - smallest) / step;
    for (let plane = 0; plane < width; plane += 1, left = Math.floor(left / 256)) bytes[plane * numbers.length + row] = left % 256;
  });
  return `${width},${smallest},${step}:${deflateSync(bytes).toString("base64")}`;
}

const all = (value) => ({ values: [value], at: null });

function payload(more = {}) {
  return {
    count: 3, source: "a.csv", sample: false, own: ["面积", "__proto__"],
    lon: pack([1138500000, 1141234567, 1140000000]), lat: planes([227000000, 225300100, 226000000], 3, 225300100, 1),
    distance: pack([12345, -1, 0]),
    id: packText(["A1", "A2", "<b>"]), name: packText(["一", "", "三"]), row: pack([2, 3, 5]),
    district: { values: ["futian", null], at: pack([0, 1, 0]) }, certainty: { values: ["certain", "outside"], at: pack([0, 1, 0]) },
    possible: all([]), shares: all(null), datum: all("wgs84"), datum_basis: { values: ["declared", "assumed"], at: pack([0, 0, 1]) },
    accuracy: { values: [0, null], at: pack([0, 1, 0]) }, field: { values: packText(["光刻胶", null]), at: pack([0, 1, 0]) }, stage: all(null),
    notes: { values: [[], [["已改", "mended"]]], at: pack([1, 0, 0]) }, shifted: { values: [[], [["gcj02", null]]], at: pack([0, 0, 1]) },
    area: { rows: pack([2]), ha: pack([12345]), mu: pack([18518]) }, geometry: null,
    attributes: { 面积: { values: ["10", null], at: pack([0, 1, 0]) }, ["__proto__"]: all("x") },
    ...more,
  };
}

test("every column of a packed list comes back", async () => {
  const store = await decodeSites(payload());
  assert.deepEqual([...store.lon], [113.85, 114.1234567, 114]);
  assert.deepEqual([...store.lat], [22.7, 22.53001, 22.6]);
  assert.deepEqual([0, 1, 2].map((row) => [store.id(row), store.name(row), store.row(row)]), [["A1", "一", 2], ["A2", "", 3], ["<b>", "三", 5]]);
  assert.deepEqual([0, 1, 2].map((row) => store.distance(row)), [1234.5, null, 0]);
  assert.deepEqual([0, 1].map((row) => store.accuracy(row)), [0, null]);
  assert.deepEqual([store.field(0), store.field(1), store.stage(2)], ["光刻胶", null, null]);
  assert.deepEqual([store.notes(0), store.notes(1)], [[["已改", "mended"]], []]);
  assert.deepEqual([store.shifted(2), store.datumBasis(2), store.datum(2)], [[["gcj02", null]], "assumed", "wgs84"]);
  assert.deepEqual([store.areaHa(2), store.areaMu(2), store.areaHa(0)], [1.2345, 18.518, null]);
  assert.deepEqual(store.location(1), {
    district: null, shares: { outside: 1 }, certainty: "outside", possible: [], distance: null, areaM2: null, lon: 114.1234567, lat: 22.53001,
  });
});

test("long texts come one by one from their blocks, and all together", async () => {
  const names = ["一\n二", "", "三", "<b>", "五"];
  const lines = [names.slice(0, 2), names.slice(2, 4), names.slice(4)].map((block) => JSON.stringify(block)).join("\n");
  const blocks = deflateSync(Buffer.from(lines)).toString("base64");
  const five = { count: 5, lon: pack([1, 2, 3, 4, 5]), lat: pack([1, 2, 3, 4, 5]), name: { size: 2, blocks } };
  const store = await decodeSites(payload(five));
  assert.deepEqual([4, 3, 0, 1, 2].map((row) => store.name(row)), ["五", "<b>", "一\n二", "", "三"]);
  assert.deepEqual(store.names, names);
});

test("numbers in planes come back, however wide", async () => {
  const open = async (numbers, width, smallest, step) => [...(await decodeSites(payload({ lon: planes(numbers, width, smallest, step) }))).lon];
  for (const [width, top] of [[1, 255], [2, 65_535], [3, 2 ** 24 - 1], [4, 2 ** 32 - 1], [6, 2 ** 48 - 1]]) {
    for (const [smallest, step] of [[0, 1], [-5, 1], [7, 3]]) {
      const numbers = [0, top, Math.floor(top / 3)].map((one) => smallest + step * one);
      assert.deepEqual(await open(numbers, width, smallest, step), numbers.map((one) => one / 1e7), `${width} ${smallest} ${step}`);
    }
  }
});

test("a column under any name stays a column", async () => {
  const store = await decodeSites(payload());
  assert.deepEqual(Object.entries(store.attributes(0)), [["面积", "10"], ["__proto__", "x"]]);
  assert.equal(Object.getPrototypeOf(store.attributes(0)), Object.prototype);
});

test("ids that count are made from their head", async () => {
  const counted = (head, digits) => decodeSites(payload({ id: { head, digits, numbers: pack([7, 8, 120]) } }));
  assert.deepEqual((await counted("S", 3)).ids, ["S007", "S008", "S120"]);
  assert.equal((await counted("甲-", 0)).id(2), "甲-120");
});

test("outlines come back by row", async () => {
  const xy = packAreas([[SQUARE], HOLED], 1e7);
  const geometry = { scale: 1e-7, rows: pack([0, 2]), kinds: { values: ["Polygon", "MultiPolygon"], at: pack([0, 1]) }, ...xy };
  const store = await decodeSites(payload({ geometry }));
  assert.deepEqual([...store.areal], [0, 2]);
  assert.deepEqual(store.geometry(2), { type: "MultiPolygon", coordinates: HOLED });
  assert.deepEqual(store.geometry(0), { type: "Polygon", coordinates: SQUARE });
  assert.equal(store.geometry(1), null);
});

test("numbers of more than 32 bits, and steps back, come back", async () => {
  const numbers = [2 ** 40 + 1, -(2 ** 40), 3];
  const store = await decodeSites(payload({ distance: pack(numbers) }));
  assert.deepEqual([...store.distances], numbers.map((one) => one / 10));
});

test("a column cut short is refused", async () => {
  const store = await decodeSites(payload({ distance: pack([1, 2]) }));
  assert.throws(() => store.distance(0), RangeError);
  await assert.rejects(decodeSites(payload({ lat: planes([1, 2], 1, 0, 1) })), RangeError);
});

for (const nothing of [null, undefined, { count: 0, source: "空.csv", own: [], sample: false }]) {
  test(`no sites at all: ${JSON.stringify(nothing)}`, async () => {
    const store = await decodeSites(nothing);
    assert.deepEqual([store.count, store.lon.length, [...store.areal], store.ids], [0, 0, [], []]);
  });
}

test("a list made in the browser answers as a packed one", () => {
  const store = makeStore(
    [
      site("a", { geometry: { type: "Polygon", coordinates: SQUARE }, location: { areaM2: 15000 }, notes: [["记", "note"]], attributes: { 用途: 1 } }),
      site("b", { district: null, field: "铁", stage: "", accuracy: null, shifted: [["bd09", "luohu"]], row: 9, attributes: {} }),
    ],
    { source: "拖入.csv", own: ["用途"] },
  );
  assert.deepEqual([store.areaHa(0), store.areaMu(0), store.areaHa(1)], [1.5, 22.5, null]);
  assert.deepEqual([store.geometry(0).type, store.geometry(1), [...store.areal]], ["Polygon", null, [0]]);
  assert.deepEqual([store.field(1), store.stage(1), store.accuracy(0), store.accuracy(1), store.row(0), store.row(1)], ["铁", null, 0, null, 1, 9]);
  assert.deepEqual([store.attributes(0), store.attributes(1)], [{ 用途: 1 }, {}]);
  assert.deepEqual([store.notes(0), store.shifted(1)], [[["记", "note"]], [["bd09", "luohu"]]]);
});

test("values that print alike are kept apart", () => {
  const cells = [1, "1", [], "[]", true, null];
  const store = makeStore(cells.map((one, at) => site(`s${at}`, { attributes: { x: one } })), { own: ["x"] });
  assert.deepEqual(cells.map((_, row) => store.attributes(row).x), cells);
});

test("more than 256 different words need a wider index", () => {
  const store = storeOf(...Array.from({ length: 300 }, (_, at) => site(`s${at}`, { field: `词${at}` })));
  assert.equal(store.field(299), "词299");
  assert.ok(store.fieldAt instanceof Uint16Array);
});
