import assert from "node:assert/strict";
import { test } from "node:test";

import { FORCES, MATCHES, filter, verdictColumns, wordsOf } from "../../maps/web/src/core/filter.js";
import { makeRegister } from "../../maps/web/src/core/register.js";
import { verdict } from "../../maps/web/src/core/verdict.js";
import { policy } from "./policy.js";
import { site, storeOf } from "./sites.js";

const NONE = { match: [], force: [], district: [], field: [], stage: [], text: "" };
const register = makeRegister(policy());
const DAY = "2021-06-01";

const everything = () => {
  const rows = [];
  for (const district of ["futian", "luohu", "longhua", null]) {
    for (const field of [...policy().terms.map((one) => one.id), "Fe", "何物", "　", null]) {
      for (const stage of ["生产", "pilot", "何时", null]) rows.push(site(`r${rows.length}`, { district, field, stage }));
    }
  }
  return rows;
};

for (const { from } of policy().regimes) {
  test(`columns say what the register says row by row, from ${from}`, () => {
    const rows = everything();
    const columns = verdictColumns(register, storeOf(...rows), from);
    rows.forEach(({ location, field, stage }, row) => {
      const said = verdict(register, location.district, register.ask(field, stage), from);
      assert.deepEqual([MATCHES[columns.match[row]], FORCES[columns.force[row]]], [said.match, said.force], `${location.district} ${field} ${stage}`);
    });
  });
}

test("columns are made once for days of equal forces", () => {
  const store = storeOf(site("a"));
  assert.equal(verdictColumns(register, store, "2021-06-01"), verdictColumns(register, store, "2021-06-02"));
  assert.notEqual(verdictColumns(register, store, "2021-06-01"), verdictColumns(register, store, "2005-06-01"));
});

test("without filters all is shown and counted", () => {
  const rows = everything();
  const store = storeOf(...rows);
  const { mask, shown, counts } = filter(store, verdictColumns(register, store, DAY), NONE);
  assert.equal(shown, rows.length);
  assert.ok(mask.every((one) => one === 1));
  assert.equal(counts.district.outside, rows.length / 4);
  assert.equal(counts.stage.none, rows.length / 4);
  assert.equal(counts.stage.unrecognised, rows.length / 4);
  assert.equal(counts.field.unrecognised, rows.length / 11);
});

test("counts without filters are those of filters that let everything pass", () => {
  const store = storeOf(...everything());
  const columns = verdictColumns(register, store, DAY);
  const { mask, shown, counts } = filter(store, columns, { ...NONE, match: MATCHES });
  const bare = filter(store, columns, NONE);
  assert.deepEqual([bare.mask, bare.shown, bare.counts], [mask, shown, counts]);
});

test("a count says what ticking would show, other facets as they are", () => {
  const store = storeOf(...everything());
  const columns = verdictColumns(register, store, DAY);
  const chosen = { ...NONE, district: ["futian", "luohu"], field: ["ores"], stage: ["production"] };
  const { counts, shown } = filter(store, columns, chosen);
  for (const facet of ["match", "force", "district", "field", "stage"]) {
    for (const [id, count] of Object.entries(counts[facet])) {
      assert.equal(filter(store, columns, { ...chosen, [facet]: [id] }).shown, count, `${facet} ${id}`);
    }
  }
  assert.equal(shown, 2 * 6); // ores, iron, copper, steel, wire and Fe in two districts
});

test("a term under two fields counts for both", () => {
  const store = storeOf(site("a", { field: "wire" }));
  assert.deepEqual(wordsOf(register, store).fieldIds, [["wire", "copper", "ores", "wares"]]);
  const columns = verdictColumns(register, store, DAY);
  for (const field of ["wire", "ores", "wares"]) assert.equal(filter(store, columns, { ...NONE, field: [field] }).shown, 1);
  assert.equal(filter(store, columns, { ...NONE, field: ["iron"] }).shown, 0);
});

for (const [text, ids] of [
  ["", ["A-01", "A-02", "B 01"]],
  ["a01", ["A-01"]],
  ["Ａ－０２", ["A-02"]],
  ["01 北", ["B 01"]],
  ["steel料", ["A-02"]],
  ["Fe", ["A-01"]],
  ["iron料", ["A-01"]],
  ["无此", []],
  ["!!", ["A-01", "A-02", "B 01"]],
]) {
  test(`text filter: ${JSON.stringify(text)}`, () => {
    const store = storeOf(site("A-01", { field: "Fe" }), site("A-02", { field: "STEEL" }), site("B 01", { name: "北·区 <b>" }));
    const { mask } = filter(store, verdictColumns(register, store, DAY), { ...NONE, text });
    assert.deepEqual(store.ids.filter((_, row) => mask[row]), ids);
  });
}

test("no sites: nothing shown, no fault", () => {
  const store = storeOf();
  assert.equal(filter(store, verdictColumns(register, store, DAY), { ...NONE, text: "x" }).shown, 0);
});

test("a column of words that nobody knows stays quick", () => {
  const store = storeOf(...Array.from({ length: 20_000 }, (_, at) => site(`s${at}`, { field: `杂项${at}` })));
  const start = performance.now();
  const columns = verdictColumns(register, store, DAY);
  assert.ok(performance.now() - start < 3000);
  assert.equal(filter(store, columns, NONE).counts.match.unrecognised, 20_000);
});
