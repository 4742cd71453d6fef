import assert from "node:assert/strict";
import { test } from "node:test";

import { makeRegister } from "../../maps/web/src/core/register.js";
import { policy } from "./policy.js";

const register = makeRegister(policy());

test("a day lies in one regime, the last one has no end", () => {
  for (const [day, force] of [
    ["0001-01-01", "not_yet"], ["1999-12-31", "not_yet"], ["2000-01-01", "in_force"], ["2010-12-31", "in_force"],
    ["2011-01-01", "lapsed"], ["9999-12-31", "lapsed"],
  ]) {
    assert.equal(register.force("old", day), force, day);
  }
  assert.equal(register.force("draft", "2021-01-01"), "draft");
  assert.throws(() => register.regime("0000"), RangeError);
});

test("field and stage are found by id, name and alias, however spelled", () => {
  for (const word of ["iron", " IRON ", "Ｉｒｏｎ", "iron料", "Fe"]) assert.equal(register.ask(word, null).term, "iron");
  const { fieldQuery, stageQuery, stage, unknown } = register.ask(" Fe ", " 中试 ");
  assert.deepEqual({ fieldQuery, stageQuery, stage, unknown }, { fieldQuery: "Fe", stageQuery: "中试", stage: "pilot", unknown: [] });
  assert.equal(register.ask("", " ").fieldQuery, null);
});

test("what is not known is kept, with suggestions in both languages", () => {
  const { term, unknown } = register.ask("irony", "melting");
  assert.equal(term, null);
  assert.deepEqual(unknown.map((one) => [one.column, one.value]), [["field", "irony"], ["stage", "melting"]]);
  assert.equal(unknown[0].suggestions[0], "iron料");
  assert.equal(unknown[0].suggestionsEn[0], "Iron");
  assert.deepEqual(unknown[1].suggestions, ["生产", "中试"]);
  assert.deepEqual(unknown[1].suggestionsEn, ["production", "pilot"]);
});

test("without a near word the fields are suggested", () => {
  assert.deepEqual(register.suggest("zzz"), ["ores", "wares"]);
  assert.deepEqual(register.suggest(""), ["ores", "wares"]);
  assert.equal(register.suggest("stee")[0], "steel");
});

test("words that name what every object has are only words", () => {
  for (const word of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const { term, stage, unknown } = register.ask(word, word);
    assert.deepEqual([term, stage, unknown.length], [null, null, 2]);
  }
});

test("a term stands under all that lies above it", () => {
  assert.deepEqual([...register.lineage("wire")].sort(), ["copper", "ores", "wares", "wire"]);
  assert.equal(register.topField("wire"), "ores");
});

test("measures: in force, of the place, covering the field", () => {
  const ids = (district, term, date = "2021-06-01") => register.measures(district, term, date).map((one) => `${one.id} ${one.coverage}`);
  assert.deepEqual(ids("futian", "steel"), ["m-any any", "m-iron whole"]);
  assert.deepEqual(ids("futian", "ores"), ["m-any any", "m-iron part"]);
  assert.deepEqual(ids("luohu", "copper"), ["m-any any", "m-wire part"]);
  assert.deepEqual(ids("luohu", null), ["m-any null", "m-wire null"]);
  assert.deepEqual(ids(null, "iron"), []);
  assert.deepEqual(ids("futian", "iron", "2023-01-01"), []);
});

test("the history of a place has every instrument, and names the former district", () => {
  const [old, now, draft] = register.timeline("longhua");
  assert.deepEqual([old.former, old.designations.map((one) => one.id)], ["luohu", ["old-luohu"]]);
  assert.deepEqual([now.former, now.designations.map((one) => one.id)], [null, ["now-any"]]);
  assert.deepEqual([draft.former, draft.designations], [null, []]);
  assert.deepEqual(register.timeline("works")[1].designations.map((one) => one.id), ["now-works"]);
});
