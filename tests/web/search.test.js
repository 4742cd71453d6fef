import assert from "node:assert/strict";
import { test } from "node:test";

import { orderByNumber, orderByRank, orderByText, picked, rankWords } from "../../maps/web/src/core/order.js";
import { Lines, entriesOf, find } from "../../maps/web/src/core/search.js";
import { evenOut } from "../../maps/web/src/core/spelling.js";
import { Spots } from "../../maps/web/src/core/spots.js";
import { policy } from "./policy.js";
import { site, storeOf } from "./sites.js";

const AWKWARD = [
  "", "S-01", "华富 候选点（A座）", "ＡＢＣ１２", "İstanbul Straße ΣΑΣ", "①②Ⅲ", "ば゛が", "e\u0301tat", "\u0301x", "a\nb", "\n", "𠮷野", "Ⓐ·b", "x\u0000y", "가각",
];

const linesWith = (lines, wanted, atStart) => {
  const found = [];
  lines.each(wanted, (line) => void found.push(line), atStart);
  return found;
};

test("many texts at once are evened out as each alone", () => {
  for (const texts of [AWKWARD, AWKWARD.slice(0, 3), Array.from({ length: 3000 }, (_, at) => `${AWKWARD[at % AWKWARD.length]}${at}`)]) {
    const lines = new Lines(texts);
    for (const wanted of ["a", "ab", "s01", "12", "候选", "x", "é", "1"]) {
      const held = texts.flatMap((one, at) => (evenOut(one).includes(wanted) ? [at] : []));
      assert.deepEqual(linesWith(lines, wanted), held, wanted);
      assert.deepEqual(linesWith(lines, wanted, true), held.filter((at) => evenOut(texts[at]).startsWith(wanted)), wanted);
    }
  }
});

test("a search can end early", () => {
  const found = [];
  new Lines(["a1", "a2", "a3"]).each("a", (line) => {
    found.push(line);
    return found.length < 2;
  });
  assert.deepEqual(found, [0, 1]);
});

const entries = entriesOf(policy());
const found = (query, store = null) =>
  find(query, entries, store).flatMap(({ kind, items }) => items.map((one) => `${kind}:${one.kind === "site" ? store.id(one.row) : one.id}`));

for (const [query, first] of [
  ["福田", "district:futian"],
  ["luohu", "district:luohu"],
  ["工厂园", "place:works"],
  ["fe", "field:iron"],
  ["铁", undefined],
  ["iron料", "field:iron"],
  ["old-futian角色", "role:old-futian"],
  ["1号", "document:old"],
  ["第一部分（一）", "clause:now|第一部分（一）"],
  ["clause 1", "clause:now|第一部分（一）"],
]) {
  test(`found first for ${query}: ${first}`, () => assert.equal(found(query)[0], first));
}

test("sites: what begins with it comes before what holds it, ids before names", () => {
  const store = storeOf(site("x1", { name: "石岩a7" }), site("a71", { name: "乙" }), site("b", { name: "A7 甲" }), site("ba7"));
  assert.deepEqual(found("a7", store), ["site:a71", "site:b", "site:ba7", "site:x1"]);
});

test("of many only the first are given, and it says so", () => {
  const store = storeOf(...Array.from({ length: 50 }, (_, at) => site(`s${at}`)));
  const [group] = find("s", entries, store, 6).filter((one) => one.kind === "site");
  assert.deepEqual([group.items.length, group.more], [6, true]);
  assert.deepEqual(find("s49", entries, store).map((one) => [one.items.length, one.more]), [[1, false]]);
});

test("nothing but marks finds nothing", () => assert.deepEqual(find(" ·!", entries, null), []));

test("words are ordered as the language orders them, numbers by size, nothing last", () => {
  const order = (words, lang) => {
    const { rankOf, ranks } = rankWords(words, lang);
    return Array.from(orderByRank(words.map((_, at) => at), rankOf, ranks), (row) => words[row]);
  };
  assert.deepEqual(order(["坪山", "", "宝安10", "宝安9", "大鹏"], "zh"), ["宝安9", "宝安10", "大鹏", "坪山", ""]);
  assert.deepEqual(order(["b", "A", "a2", "a10"], "en"), ["A", "a2", "a10", "b"]);
});

test("names are ordered by words, then by their number, then by the rest", () => {
  const order = (texts) => Array.from(orderByText(texts, "zh"), (row) => texts[row]);
  assert.deepEqual(order(["坪山10", "宝安2号", "", "坪山9", "宝安2", "宝安70000", "宝安", "宝安2号"]), ["宝安", "宝安2", "宝安2号", "宝安2号", "宝安70000", "坪山9", "坪山10", ""]);
  assert.deepEqual(order(["b", "7", "a1", ""]), ["7", "a1", "b", ""]);
  assert.deepEqual(order(["1234567890b", "1234567890a"]), ["1234567890a", "1234567890b"]);
  assert.deepEqual(order([]), []);
});

test("equal values keep the order of the file, and a mask only leaves out", () => {
  const order = orderByRank([1, 0, 1, 0], [0, 1], 2);
  assert.deepEqual([...order], [1, 3, 0, 2]);
  assert.deepEqual([...picked(order, Uint8Array.of(1, 1, 0, 1), 3)], [1, 3, 0]);
  assert.deepEqual([...picked(order, Uint8Array.of(1, 1, 0, 1), 3, true)], [0, 3, 1]);
  assert.deepEqual([...orderByNumber(Float64Array.of(5, -0.1, 2, 5))], [2, 0, 3, 1]);
});

const rectangle = (x0, y0, x1, y1) => [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]];

test("the nearest come first, with the index as without", () => {
  const store = storeOf(...Array.from({ length: 500 }, (_, at) => site(`s${at}`, { lon: 114 + ((at * 37) % 100) / 1000, lat: 22.5 + ((at * 91) % 100) / 1000 })));
  const spots = new Spots(store);
  const mask = new Uint8Array(500).fill(1);
  mask[3] = 0;
  const look = () => [0, 3, 7, 250].map((row) => spots.near(spots.x[row], spots.y[row], 3e-5, mask));
  const before = look();
  assert.ok(before.every((rows) => rows.length > 3 && !rows.includes(3)));
  assert.equal(before[0][0], 0);
  spots.prepare();
  assert.deepEqual(look(), before);
});

test("outlines are found from inside, the smallest first, holes left out", () => {
  const outline = (...rings) => ({ type: "Polygon", coordinates: rings });
  const store = storeOf(
    site("large", { geometry: outline(rectangle(114, 22.5, 114.1, 22.6), rectangle(114.06, 22.56, 114.08, 22.58)) }),
    site("small", { geometry: outline(rectangle(114.01, 22.51, 114.03, 22.53)) }),
  );
  const spots = new Spots(store);
  const at = (lon, lat, least = 0) => {
    const point = new Spots(storeOf(site("p", { lon, lat })));
    return spots.around(point.x[0], point.y[0], least).map((row) => store.id(row));
  };
  assert.deepEqual(at(114.02, 22.52), ["small", "large"]);
  assert.deepEqual(at(114.05, 22.55), ["large"]);
  assert.deepEqual(at(114.07, 22.57), []);
  assert.deepEqual(at(114.02, 22.52, 1e-4), ["large"]);
});
