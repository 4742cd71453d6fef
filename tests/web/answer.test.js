import assert from "node:assert/strict";
import { test } from "node:test";

import { answer, answerSite } from "../../maps/web/src/core/answer.js";
import { makeRegister } from "../../maps/web/src/core/register.js";
import { policy } from "./policy.js";

const KEYS = [
  "id", "name", "lon", "lat", "datum", "input", "datum_basis", "if_datum", "position_accuracy_m", "district", "district_zh",
  "district_en", "shares", "certainty", "boundary_distance_m", "possible", "alternatives", "area_ha", "area_mu", "field",
  "term", "term_zh", "term_en", "field_query", "stage", "stage_query", "match", "force", "basis", "designations", "elsewhere",
  "unrecognised", "notes", "measures", "measures_in_part", "explanation",
];
const DATE = "2021-06-01";
const register = makeRegister(policy());

/** West of 114 degrees is Futian, from there to 115 Luohu, beyond it nothing; a shift of one degree for gcj02. */
const datums = { toWgs84: (x, y, datum) => ({ lon: datum === "gcj02" ? x - 1 : x, lat: y, shift: 0 }) };

function locate(_ground, { type, coordinates }) {
  const areal = type !== "Point";
  const [lon, lat] = areal ? coordinates[0][0] : coordinates;
  const district = lon < 114 ? "futian" : lon < 115 ? "luohu" : null;
  return {
    district, shares: { [district ?? "outside"]: 1 }, certainty: district ? "certain" : "outside", possible: [],
    distance: 12.3456, areaM2: areal ? 123456.78 : null, lon, lat,
  };
}

const tools = { register, ground: {}, locate, datums };
const ask = (request) => answer(tools, { lon: 113.5, lat: 22.5, datum: "wgs84", field: null, stage: null, date: DATE, ...request });

test("a record has the keys of the JSON of a check, in their order", () => {
  assert.deepEqual(Object.keys(ask({ field: "steel" })), KEYS);
});

test("a position is converted, and the input stands beside it", () => {
  const found = ask({ lon: 114.512345678, datum: "gcj02" });
  assert.deepEqual([found.lon, found.lat, found.district, found.datum], [113.5123457, 22.5, "futian", "wgs84"]);
  assert.deepEqual(found.input, { lon: 114.512345678, lat: 22.5, datum: "gcj02" });
  assert.deepEqual([found.datum_basis, found.if_datum, found.boundary_distance_m], ["declared", [], 12.3]);
  assert.equal(ask({ datum: "epsg:4547" }).input.datum, "EPSG:4547");
});

test("without a datum the other districts are named", () => {
  const found = ask({ lon: 114.5, datum: null, field: "pots" });
  assert.equal(found.datum_basis, "assumed");
  assert.deepEqual(found.if_datum, [
    { datum: "gcj02", district: "futian", district_zh: "福田", district_en: "Futian", match: "elsewhere", force: "in_force" },
  ]);
  assert.match(found.explanation.en, /Undeclared; GCJ-02: in Futian/);
});

test("a geometry has an area", () => {
  const found = ask({ geometry: { type: "Polygon", coordinates: [[[114.2, 22], [114.3, 22], [114.3, 22.1], [114.2, 22]]] } });
  assert.deepEqual([found.district, found.area_ha, found.area_mu, found.input], ["luohu", 12.3457, 185.185, { datum: "wgs84" }]);
});

test("field and stage are given as asked and as recognised", () => {
  const found = ask({ field: " Fe ", stage: "生产" });
  const { field, term, term_zh: zh, term_en: en, field_query: query, stage, stage_query: words } = found;
  assert.deepEqual([field, term, zh, en, query, stage, words], ["ores", "iron", "iron料", "Iron", "Fe", "production", "生产"]);
  const [one] = found.designations;
  assert.deepEqual([one.id, one.decides, one.basis, one.to_basis, one.place_en], ["old-futian", true, "explicit", "interpreted", "Futian"]);
  assert.deepEqual(found.designations.find((each) => each.id === "now-works").note_en, "no outline");
});

test("elsewhere has the place, the role and the clause", () => {
  const [one] = ask({ field: "pots" }).elsewhere;
  assert.deepEqual([one.id, one.district_zh, one.role_en, one.clause_en, one.stage_fits], ["now-luohu", "罗湖", "now-luohu role", "part 1", true]);
});

test("measures are named by id, those that cover a part again", () => {
  const found = ask({ field: "ores" });
  assert.deepEqual([found.measures, found.measures_in_part], [["m-any", "m-iron"], ["m-iron"]]);
  assert.deepEqual(ask({}).measures, ["m-any", "m-iron", "m-wire"]);
  assert.deepEqual(ask({ field: "stardust" }).measures, []);
  assert.deepEqual(ask({ field: "iron", stage: "melting" }).measures, ["m-any", "m-iron"]);
  assert.deepEqual(ask({ lon: 120 }).measures, []);
});

test("what is not known is listed with suggestions", () => {
  const [one] = ask({ field: "irons" }).unrecognised;
  assert.deepEqual([one.column, one.value, one.suggestions[0], one.suggestions_en[0]], ["field", "irons", "iron料", "Iron"]);
  assert.equal(ask({ lon: 120, field: "iron" }).district_en, null);
});

test("a row of a list gives the same as its position", () => {
  const location = {
    district: "futian", shares: { futian: 0.6000004, luohu: 0.3999996 }, certainty: "straddles", possible: ["futian", "luohu"],
    distance: 0, areaM2: 20000, lon: 113.9, lat: 22.5,
  };
  const store = {
    sample: true, id: () => "A1", name: () => "沙井", datum: () => "gcj02", datumBasis: () => "declared", accuracy: () => null,
    notes: () => [["注", "note"]], field: () => "iron", stage: () => null, location: () => location, shifted: () => [],
  };
  const found = answerSite({ register }, store, 0, DATE);
  assert.deepEqual(Object.keys(found), [...KEYS, "sample"]);
  assert.deepEqual([found.id, found.name, found.input, found.notes], ["A1", "沙井", { datum: "gcj02" }, [{ zh: "注", en: "note" }]]);
  assert.deepEqual(found.alternatives, [{ district: "luohu", match: "designated", force: "lapsed" }]);
  assert.deepEqual([found.shares, found.position_accuracy_m, found.area_mu], [{ futian: 0.6, luohu: 0.4 }, null, 30]);
});
