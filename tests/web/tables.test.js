import assert from "node:assert/strict";
import { test } from "node:test";

import { unreserved, usersNames } from "../../maps/web/src/core/names.js";
import { makeStore } from "../../maps/web/src/core/store.js";
import { csvFile, csvText, geojsonFile, mainDesignations } from "../../maps/web/src/core/tables.js";
import { SCHEMA, ended } from "./reading.js";

const { harmless, bare } = SCHEMA;

for (const text of ["=1+1", "+x", "-", "@a", "\ta", "\ra", "\na", "＝1", "－a", "'=1", "''@x", "-5%", "+86 755", "-1_000"]) {
  test(`${JSON.stringify(text)} is guarded, and the guard comes off again`, () => {
    assert.equal(harmless(text), `'${text}`);
    assert.equal(bare(harmless(text)), text);
  });
}

for (const text of ["-12.5", "+3", "-1e5", "-.5", "光刻胶", "'t", "''", " =1", ""]) {
  test(`${JSON.stringify(text)} stays as it is`, () => assert.deepEqual([harmless(text), bare(text)], [text, text]));
}

test("the file is as RFC 4180 has it", () => {
  const text = csvText(["a", "b"], [['say "hi"', "x,y"], ["line\r\nbreak", null], [true, " lead"], ["a\ud800\0", 1.5]], SCHEMA);
  assert.equal(text, '\ufeffa,b\r\n"say ""hi""","x,y"\r\n"line\r\nbreak",\r\ntrue," lead"\r\na\ufffd\ufffd,1.5\r\n');
});

test("a file's columns step aside for ours", () => {
  const names = usersNames(["owner", "Match", "lon", "lon_input", "a\0"], SCHEMA.table);
  assert.deepEqual([...names], [["owner", "owner"], ["Match", "Match_input"], ["lon", "lon_input_2"], ["lon_input", "lon_input"], ["a\0", "a\ufffd"]]);
  assert.deepEqual(unreserved(["id", "geometry"], ["geometry"]), ["id", "geometry_input"]);
});

const RECORD = {
  lon: 114, lat: 22.5, if_datum: [], certainty: "certain", possible: [], shares: {}, stage: null, match: "silent", force: "none",
  designations: [], elsewhere: [], explanation: { zh: "因", en: "why" }, notes: [],
};
const DATA = {
  words: { certainty: { certain: ["确定", "certain"] }, match: { silent: ["无", "silent"] }, force: { none: ["无", "none"] }, stage: {} },
  register: { version: "1" }, boundaries: { source: "s", vintage: "v", datum: "d" },
};

function source(attributes, own) {
  const location = { district: null, certainty: "certain", possible: [], shares: {}, distance: null, areaM2: null };
  const outline = { type: "Polygon", coordinates: [[[0, 0], [0, 1], [1.00000004, 1], [0, 0]]] };
  const rows = attributes.map((one, at) => ({
    id: `S${at}`, name: "", lon: 114, lat: 22.5, location, field: null, stage: null, datum: "wgs84", datumBasis: "declared", notes: [],
    geometry: at ? outline : { type: "Point", coordinates: [114, 22.5] }, attributes: one,
  }));
  const store = makeStore(rows, { source: "f.csv", own });
  const answer = (row) => ({ ...RECORD, id: store.id(row), name: store.name(row) });
  return { store, rows: rows.map((_, at) => at), answer, schema: SCHEMA, data: DATA, date: "2026-11-22" };
}

test("our columns come first, then the file's, every cell guarded", () => {
  const lines = ended(csvFile(source([{ id: "S0", 面积: 1, 备注: "=1" }, { id: "S1", 面积: 2.5, 备注: "'@" }], ["id", "面积", "备注"]))).join("").split("\r\n");
  assert.deepEqual(lines, ["\ufeffid,name,lon,lat,match,面积,备注", "S0,,114.0,22.5,silent,1.0,'=1", "S1,,114.0,22.5,silent,2.5,''@", ""]);
});

test("an id column that says something else comes out beside ours", () => {
  const [head] = ended(csvFile(source([{ ID: "other" }], ["ID"]))).join("").split("\r\n");
  assert.equal(head, "\ufeffid,name,lon,lat,match,ID_input");
});

test("GeoJSON: one feature a line, rings turned, seven decimals, what it rests on", () => {
  const text = ended(geojsonFile(source([{ geometry: "x", __proto__: null }, { geometry: null }], ["geometry"]))).join("");
  const made = JSON.parse(text);
  assert.equal(text.split("\n").length, 5);
  assert.deepEqual(made.features.map((one) => one.id), ["S0", "S1"]);
  assert.deepEqual(made.features[0].geometry, { type: "Point", coordinates: [114, 22.5] });
  assert.deepEqual(made.features[1].geometry.coordinates, [[[0, 0], [1, 1], [0, 1], [0, 0]]]);
  assert.deepEqual(Object.keys(made.features[0].properties), ["id", "name", "lon", "lat", "match", "geometry_input"]);
  assert.equal(made.parksite.as_of, "2026-11-22");
});

test("the roles of a table: those that decide, else those in force, else those of the latest lapsed document", () => {
  const role = (instrument, force, more = {}) => ({ kind: "role", located: true, instrument, force, from: "2020", to: "2025", ...more });
  const lapsed = [role("a", "lapsed"), role("b", "lapsed", { to: "2026" }), role("b", "lapsed", { to: "2026" })];
  assert.deepEqual(mainDesignations({ designations: lapsed }).map((one) => one.instrument), ["b", "b"]);
  assert.deepEqual(mainDesignations({ designations: [...lapsed, role("c", "in_force")] }).map((one) => one.instrument), ["c"]);
  assert.deepEqual(mainDesignations({ designations: [...lapsed, role("d", "draft", { decides: true })] }).map((one) => one.instrument), ["d"]);
});
