import assert from "node:assert/strict";
import test from "node:test";

import { decode, encode } from "../../maps/web/src/core/link.js";

const NO_FILTERS = { match: [], force: [], district: [], field: [], stage: [], text: "" };
const KNOWN = { themes: ["roles", "stages"], overlays: ["labels", "sites"], districts: ["baoan", "longhua"], terms: ["photoresist"], stages: ["pilot"], sites: 47 };

test("a state comes back as it was", () => {
  const state = {
    view: { lat: 22.7, lon: 113.85, zoom: 12.5 },
    date: "2026-11-22",
    compareDate: "2014-05-01",
    theme: "stages",
    overlays: ["labels"],
    siteColour: "force",
    filters: { ...NO_FILTERS, match: ["designated", "silent"], district: ["baoan", "outside"], text: "甲 & 乙=1#%" },
    ask: { text: "113.855, 22.6975", datum: "gcj02", field: "光刻胶 & Co", stage: "研发" },
    selection: { kind: "point", lon: 113.855, lat: 22.6975, datum: "gcj02", text: "113.855, 22.6975", field: "光刻胶 & Co", stage: "研发" },
    lang: "en",
    scheme: "dark",
    tableOpen: true,
  };
  const hash = encode(state);
  assert.match(hash, /^#map=22\.70000,113\.85000,12\.5&date=2026-11-22&vs=2014-05-01&theme=stages&/);
  assert.deepEqual(decode(hash, KNOWN), state);
});

test("districts and sites are named in a link, dropped sites are not", () => {
  const district = { selection: { kind: "district", id: "longhua" } };
  assert.equal(encode(district), "#district=longhua");
  assert.deepEqual(decode("#district=longhua", KNOWN), district);
  const site = { selection: { kind: "site", list: "file", row: 11 } };
  assert.equal(encode(site), "#site=12");
  assert.deepEqual(decode("#site=12", KNOWN), site);
  assert.equal(encode({ selection: { kind: "site", list: "dropped", row: 11 } }), "");
});

test("what was typed but not asked stays typed", () => {
  const ask = { text: "22.7, 113.85", datum: "wgs84", field: "", stage: "" };
  assert.deepEqual(decode(encode({ ask })), { ask });
});

test("no overlay at all is something else than no word of overlays", () => {
  assert.deepEqual(decode(encode({ overlays: [] })), { overlays: [] });
  assert.deepEqual(decode("#theme=roles", KNOWN), { theme: "roles" });
});

test("Chinese stays readable", () => {
  assert.equal(encode({ ask: { text: "", datum: "wgs84", field: "光刻胶", stage: "" } }), "#field=光刻胶");
});

test("what does not fit is left out", () => {
  for (const hash of [
    "", "#", "#=", "#map", "#map=1,2", "#map=91,0,3", "#map=1e3,2,3", "#map=NaN,NaN,NaN", "#date=2026-02-30", "#date=20261122", "#vs=9999-01-01",
    "#theme=nowhere", "#theme=__proto__", "#on=<script>", "#at=1,2,3", "#at=181,0", "#at=Infinity,1", "#district=mars", "#site=0", "#site=48", "#site=-1",
    "#lang=fr", "#scheme=red", "#match=all", "#in=mars", "#field=%", "#field=%E0%A4%A", "#q=%00%01", `#q=${"长".repeat(200)}`, `#q=${"a".repeat(5000)}`,
    "#constructor=1&__proto__=2&toString=3",
  ]) {
    assert.deepEqual(decode(hash, KNOWN), {}, hash);
  }
});

test("a bad value spoils only itself", () => {
  assert.deepEqual(decode("#date=never&lang=en&theme=<b>&in=mars,baoan", KNOWN), { lang: "en", filters: { ...NO_FILTERS, district: ["baoan"] } });
  assert.deepEqual(decode("#datum=wgs72&at=113,22", KNOWN).selection.datum, "wgs84");
});

test("text of people is kept as text", () => {
  const field = "<img src=x onerror='hit=1'>";
  const { ask } = decode(encode({ ask: { text: "", datum: "wgs84", field, stage: "" } }));
  assert.equal(ask.field, field);
  assert.doesNotMatch(encode({ ask: { text: "", datum: "wgs84", field, stage: "" } }), /[<>'"]/);
});

test("hostile keys do not reach a prototype", () => {
  decode("#__proto__=1&match=designated&__proto__[polluted]=1", KNOWN);
  assert.equal({}.polluted, undefined);
});
