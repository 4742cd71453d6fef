import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeAreas, decodeGround } from "../../maps/web/src/core/ground.js";
import { pack, packAreas } from "./packing.js";
import { box, NANSHAN } from "./squares.js";

const HOLED = [box(113.9, 22.4, 113.99, 22.49), box(113.94, 22.44, 113.95, 22.45).reverse()];
const ISLANDS = [[box(114.1, 22.5, 114.11, 22.51)], HOLED];

function payload(changes = {}) {
  return {
    scale: 1e-9,
    metric_scale: 0.001,
    districts: { ...packAreas([[[NANSHAN]], ISLANDS], 1e9), ids: ["nanshan", "shenshan"] },
    second: { ...packAreas([], 1e9), ids: [] },
    second_outside: packAreas([], 1e9),
    neighbours: { ...packAreas([[[box(114.02, 22.5, 114.03, 22.51)]]], 1e9), names: [{ zh: "邻市", en: "Neighbour" }] },
    uncertain: null,
    borders: { shape: [[2], []], xy: pack([505_426_338, 2_494_242_655, 505_526_338, 2_494_242_000], 2), ids: ["nanshan", "shenshan"] },
    approximate: ["shenshan"],
    ...changes,
  };
}

test("every vertex comes back as the decimals that were packed", async () => {
  const ground = await decodeGround(payload());
  assert.deepEqual(ground.districts.map(({ id, approximate }) => [id, approximate]), [
    ["nanshan", false],
    ["shenshan", true],
  ]);
  assert.deepEqual([...ground.districts[0].area[0][0]], NANSHAN.flat());
  assert.deepEqual(ground.districts[1].area.map((polygon) => polygon.map((ring) => [...ring])), [
    [ISLANDS[0][0].flat()],
    HOLED.map((ring) => ring.flat()),
  ]);
});

test("names, borders and what is missing", async () => {
  const ground = await decodeGround(payload());
  assert.equal(ground.neighbours[0].en, "Neighbour");
  assert.deepEqual(Object.keys(ground.borders), ["nanshan", "shenshan"]);
  assert.deepEqual([...ground.borders.nanshan[0]], [505426.338, 2494242.655, 505526.338, 2494242]);
  assert.deepEqual([ground.second, ground.secondOutside, ground.uncertain, ground.borders.shenshan], [[], [], null, []]);
});

test("a second opinion and a zone of doubt", async () => {
  const outline = packAreas([[[NANSHAN]]], 1e9);
  const ground = await decodeGround(
    payload({ second: { ...outline, ids: ["nanshan"] }, second_outside: outline, uncertain: outline }),
  );
  assert.equal(ground.second[0].id, "nanshan");
  assert.deepEqual([...ground.secondOutside[0].area[0][0]], NANSHAN.flat());
  assert.deepEqual([...ground.uncertain[0][0]], NANSHAN.flat());
});

test("areas at another scale, as the sites' own", async () => {
  const [[[ring]]] = await decodeAreas(packAreas([[[box(113.85, 22.7, 113.8500001, 22.7000001)]]], 1e7), 1e7);
  assert.deepEqual([...ring.slice(0, 4)], [113.85, 22.7, 113.8500001, 22.7]);
});

test("a shape that does not fit its vertices is refused", async () => {
  const packed = packAreas([[[NANSHAN]]], 1e9);
  await assert.rejects(decodeAreas({ ...packed, shape: [[[7]]] }, 1e9), RangeError);
  await assert.rejects(decodeAreas({ ...packed, shape: [[[5]]] }, 1e9), RangeError);
});
