import assert from "node:assert/strict";
import { test } from "node:test";

import { dayNumber, isDate, isoOf, lanesOf, lineOf, nextTurn, turnsOf } from "../../maps/web/src/core/calendar.js";

const plan = { id: "plan", from: "2011-08-03", to: "2015-12-31", published: "2011-08-21" };
const scheme = { id: "scheme", from: "2015-12-31", to: "2020-12-31", published: null };
const later = { id: "later", from: "2021-01-01", to: null, published: null };
const draft = { id: "draft", from: null, to: null, published: "2010-06-01" };

test("day numbers go there and back", () => {
  for (const day of ["1970-01-01", "2000-02-29", "2026-11-22", "2100-03-01"]) assert.equal(isoOf(dayNumber(day)), day);
  assert.equal(dayNumber("2024-03-01") - dayNumber("2024-02-28"), 2);
});

test("what is a date", () => {
  assert.ok(isDate("2024-02-29"));
  for (const text of ["2023-02-29", "2024-13-01", "2024-1-1", "", "abc", "2024-01-01T00:00"]) assert.ok(!isDate(text), text);
});

test("the line holds every document in whole years", () => {
  const { first, last } = lineOf([plan, scheme, later, draft], ["2026-11-22"]);
  assert.deepEqual([isoOf(first), isoOf(last)], ["2010-01-01", "2027-12-31"]);
});

test("spans that share a day take lanes of their own", () => {
  const lanes = lanesOf([later, scheme, draft, plan]);
  assert.deepEqual(lanes.map((lane) => lane.map((one) => one.id)), [["plan", "later"], ["scheme"]]);
});

test("an open span is followed by nothing in its lane", () => {
  const lanes = lanesOf([{ id: "open", from: "2001-01-01", to: null }, plan]);
  assert.equal(lanes.length, 2);
});

test("turns before and after a day", () => {
  const turns = turnsOf([{ from: "0001-01-01" }, { from: "2011-08-03" }, { from: "2016-01-01" }]);
  assert.deepEqual(turns, ["2011-08-03", "2016-01-01"]);
  assert.equal(nextTurn(turns, "2012-01-01", 1), "2016-01-01");
  assert.equal(nextTurn(turns, "2016-01-01", 1), null);
  assert.equal(nextTurn(turns, "2016-01-01", -1), "2011-08-03");
  assert.equal(nextTurn(turns, "2011-08-03", -1), null);
});
