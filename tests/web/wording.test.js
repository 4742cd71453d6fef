import assert from "node:assert/strict";
import { test } from "node:test";

import { makeRegister } from "../../maps/web/src/core/register.js";
import { verdict } from "../../maps/web/src/core/verdict.js";
import { amount, explain } from "../../maps/web/src/core/wording.js";
import { policy } from "./policy.js";

const register = makeRegister(policy());

/** The explanation in both languages. */
function say(district, field, stage, date, { location = {}, shifted = [], accuracy = 0 } = {}) {
  const question = register.ask(field, stage);
  const judge = (one) => verdict(register, one, question, date);
  const area = district ?? "outside";
  const place = { district, shares: { [area]: 1 }, certainty: district ? "certain" : "outside", possible: [], distance: 100, ...location };
  const others = place.possible.filter((one) => one !== area).map((one) => [one, judge(one === "outside" ? null : one)]);
  const judgement = {
    question, verdict: judge(district), alternatives: Object.fromEntries(others), accuracy,
    shifted: shifted.map(([datum, other]) => [datum, other, judge(other)]),
  };
  return ["zh", "en"].map((lang) => explain(register, place, judgement, date, lang));
}

test("designated", () => {
  assert.deepEqual(say("futian", "steel", "production", "2005-01-01"), [
    "《old文》（1号，第一部分）将福田定为“old-futian角色”涵盖“steel料”（理解）和生产；2005-01-01有效至2010-12-31（理解）。",
    "The old paper (1号, part 1) makes Futian “old-futian role” for steel (ours) and making; in force on 2005-01-01 until 2010-12-31 (read).",
  ]);
  assert.match(say("futian", "ores", null, "2005-01-01")[1], /for ores \(part: Iron\); in force/);
  assert.match(say("longhua", "pots", null, "2021-06-01")[1], /for pots \(every field\); in force/);
});

test("a place that was part of another is named with it", () => {
  assert.match(say("longhua", "iron", null, "2005-01-01")[1], /makes Luohu \(with Longhua\) “old-luohu role”/);
});

test("stage elsewhere, with and without others", () => {
  assert.match(say("futian", "iron", "pilot", "2005-01-01")[1], /making not pilot; there is Luohu \(old-luohu role\); in force/);
  const alone = makeRegister({ ...policy(), coverage: { ...policy().coverage, "old-luohu": {} } });
  const question = alone.ask("iron", "pilot");
  const judged = verdict(alone, "futian", question, "2005-01-01");
  const judgement = { question, verdict: judged, alternatives: {}, shifted: [], accuracy: 0 };
  assert.match(explain(alone, { district: "futian", certainty: "certain" }, judgement, "2005-01-01", "zh"), /皆无/);
});

test("elsewhere, lapsed", () => {
  assert.deepEqual(say("futian", "copper", null, "2021-06-01")[0], "《old文》（1号，第一部分）“copper料”给罗湖“old-luohu角色”不给福田；2010-12-31到期（理解）领域。");
});

test("silent, of a place and of a field", () => {
  assert.equal(say("futian", null, null, "1990-01-01")[1], "On 1990-01-01 none of 3 speaks of Futian.");
  assert.match(say("futian", "wire", null, "1990-01-01")[1], /none speaks of wire \(The now paper \(no number, part 1\) names a now-base role\)\.$/);
});

test("not asked names each document once", () => {
  assert.equal(say("luohu", null, null, "2021-06-01")[1], "Not asked; The now paper (no number, part 1) makes Luohu “now-luohu role”; in force on 2021-06-01 until 2022-12-31.");
});

test("outside and unrecognised", () => {
  assert.deepEqual(say(null, "iron", null, "2021-06-01"), ["在外。", "Outside."]);
  assert.deepEqual(say("luohu", "zzz", "melting", "2021-06-01"), [
    "领域“zzz”不明（ores料、wares料？）；环节“melting”不明（生产、中试？），未判。",
    "The field “zzz” is not known (Ores, Wares?); the stage “melting” is not known (production, pilot?); no verdict.",
  ]);
});

test("words of the question stay text, whatever they hold", () => {
  assert.match(say("luohu", "{near} $& <b>", null, "2021-06-01")[1], /“\{near\} \$& <b>” is not known/);
});

test("doubts of place: near a border", () => {
  const near = { certainty: "near_boundary", possible: ["futian", "outside"], distance: 30.46 };
  assert.equal(
    say("futian", null, null, "1990-01-01", { location: near })[1],
    "On 1990-01-01 none of 3 speaks of Futian. 30 m away: Futian or outside. If outside: outside.",
  );
  assert.match(say("futian", null, null, "1990-01-01", { location: near, accuracy: null })[1], /30 m away, good to unknown/);
  assert.match(say("futian", null, null, "1990-01-01", { location: near, accuracy: 31.25 })[1], /good to 31.25 m/);
});

test("doubts of place: across a border", () => {
  const across = { certainty: "straddles", shares: { futian: 0.875, luohu: 0.125 }, possible: ["futian", "luohu"], distance: 0 };
  assert.match(say("futian", "iron", null, "2005-01-01", { location: across })[0], /跨界（福田 88 %、罗湖 12 %），按福田。若罗湖则判designated \(有效\)。$/);
  const thin = { ...across, shares: { outside: 0.9996, futian: 0.0004 }, possible: ["futian", "outside"] };
  assert.match(say(null, "iron", null, "2005-01-01", { location: thin })[1], /Crosses \(outside 99.96 %, Futian 0.04 %\)\./);
});

test("an undeclared datum names where the place would be", () => {
  const said = say("luohu", "pots", null, "2021-06-01", { shifted: [["gcj02", "futian"], ["bd09", null]] })[1];
  assert.match(said, /Undeclared; GCJ-02: in Futian, elsewhere \(in force\); BD-09: outside, outside\.$/);
});

test("support in force for the district itself is said", () => {
  const data = policy();
  Object.assign(data.designations[4], { place: "futian", located: true });
  const backed = makeRegister(data);
  const question = backed.ask("pots", null);
  const judgement = { question, verdict: verdict(backed, "futian", question, "2021-06-01"), alternatives: {}, shifted: [], accuracy: 0 };
  assert.match(explain(backed, { district: "futian", certainty: "certain" }, judgement, "2021-06-01", "en"), /backs “now-works role” in Futian\.$/);
});

test("amounts of measures", () => {
  const said = (id) => ["zh", "en"].map((lang) => amount(register, id, lang));
  assert.deepEqual(said("m-any"), ["最高3,000万元（每项）", "up to CNY 30,000,000 per item"]);
  assert.deepEqual(said("m-iron"), ["配套，不超过投资的12.5 %", "matching, at most 12.5 % of investment"]);
  assert.deepEqual(said("m-wire"), ["奖12.5万元", "award of CNY 125,000"]);
});
