import assert from "node:assert/strict";
import { test } from "node:test";

import { makeRegister } from "../../maps/web/src/core/register.js";
import { verdict } from "../../maps/web/src/core/verdict.js";
import { policy } from "./policy.js";

const register = makeRegister(policy());
const judge = (district, field = null, stage = null, date = "2021-06-01", from = register) =>
  verdict(from, district, from.ask(field, stage), date);
const outcome = ({ match, force, basis }) => [match, force, basis];
const deciding = ({ designations }) => designations.filter((one) => one.decides).map((one) => one.id);

test("designated: field and stage are covered", () => {
  const found = judge("futian", "iron", "production", "2005-01-01");
  assert.deepEqual(outcome(found), ["designated", "in_force", "explicit"]);
  assert.deepEqual([deciding(found), found.elsewhere], [["old-futian"], []]);
  assert.deepEqual(outcome(judge("futian", "steel", null, "2005-01-01")), ["designated", "in_force", "interpreted"]);
});

test("a part of the field is designated by interpretation, its parts listed", () => {
  const [one] = judge("futian", "ores", null, "2005-01-01").designations;
  assert.deepEqual([one.coverage, one.basis, one.parts, one.decides], ["part", "interpreted", ["iron"], true]);
});

test("stage elsewhere lists who has the stage and decides by the place's role", () => {
  const found = judge("futian", "iron", "pilot", "2005-01-01");
  assert.deepEqual([found.match, deciding(found)], ["stage_elsewhere", ["old-futian"]]);
  assert.deepEqual(found.elsewhere.map((one) => [one.id, one.stageFits, one.decides]), [["old-luohu", true, false]]);
});

test("elsewhere is decided by the roles of other places", () => {
  const found = judge("futian", "copper", null, "2005-01-01");
  assert.deepEqual([found.match, found.force, deciding(found)], ["elsewhere", "in_force", []]);
  assert.deepEqual(found.elsewhere.map((one) => [one.id, one.decides]), [["old-luohu", true]]);
});

test("elsewhere keeps the order of the districts", () => {
  const data = policy();
  data.designations.reverse();
  const found = judge("longhua", "iron", null, "2005-01-01", makeRegister({ ...data, about: { ...data.about, longhua: [] } }));
  assert.deepEqual(found.elsewhere.map((one) => one.id), ["old-futian", "old-luohu"]);
});

test("lapsed roles speak only where none in force does, the latest first", () => {
  assert.deepEqual(outcome(judge("futian", "iron", null, "2021-06-01")), ["designated", "lapsed", "explicit"]);
  assert.deepEqual(outcome(judge("futian", "pots", null, "2021-06-01")), ["elsewhere", "in_force", "explicit"]);
  const late = judge("longhua", "iron", null, "2024-01-01");
  assert.deepEqual([late.match, late.force, deciding(late)], ["designated", "lapsed", ["now-any"]]);
});

test("a role without a field covers every field in its own place and speaks for no other", () => {
  assert.deepEqual(outcome(judge("longhua", "pots")), ["designated", "in_force", "interpreted"]);
  assert.ok(!judge("luohu", "steel").elsewhere.some((one) => one.id === "now-any"));
});

test("the former district is named", () => {
  const found = judge("longhua", "wire", null, "2005-01-01");
  assert.deepEqual(found.designations.map((one) => [one.id, one.former]).at(0), ["old-luohu", "luohu"]);
  assert.deepEqual(deciding(found), ["old-luohu"]);
});

test("a role without a place is listed where its field is asked, and decides nothing", () => {
  const found = judge("futian", "wire", null, "2021-06-01");
  assert.deepEqual(found.designations.at(-1).id, "now-base");
  assert.deepEqual([found.match, found.force], ["elsewhere", "lapsed"]);
  assert.ok(!judge("futian", "iron").designations.some((one) => one.id === "now-base"));
});

test("drafts and support decide nothing", () => {
  assert.deepEqual(outcome(judge("futian", "iron", null, "1990-01-01")), ["silent", "none", null]);
  assert.deepEqual(judge("futian", "pots").designations.map((one) => one.decides), [false, false, false]);
});

test("without a field the best force of the place's roles counts", () => {
  assert.deepEqual(outcome(judge("luohu", null)), ["not_asked", "in_force", null]);
  assert.deepEqual(outcome(judge("luohu", null, null, "2024-01-01")), ["not_asked", "lapsed", null]);
  assert.deepEqual(outcome(judge("luohu", null, null, "1990-01-01")), ["silent", "none", null]);
});

test("outside and unrecognised", () => {
  assert.deepEqual(outcome(judge(null, "iron")), ["outside", "none", null]);
  for (const [field, stage] of [["stardust", null], ["iron", "melting"], [null, "melting"]]) {
    const found = judge("futian", field, stage);
    assert.deepEqual([found.match, found.force, deciding(found), found.elsewhere], ["unrecognised", "none", [], []]);
    assert.equal(found.designations.length, 3);
  }
});

test("equal questions are judged once", () => {
  const judged = (field, date) => verdict(register, "futian", register.ask(field, null), date);
  assert.equal(judged("iron", "2021-06-01"), judged("Fe", "2021-06-02"));
  assert.notEqual(judged("iron", "2021-06-01"), judged("iron", "2005-01-01"));
});
