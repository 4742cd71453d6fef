/**
 * A small register made by hand, as the page's data has it.
 *
 *        ores         wares         districts: futian, luohu, longhua (of luohu until 2005-12-31)
 *       /    \       /   |          old  2000-2010   futian: iron (production), luohu: ores; longhua by luohu
 *    iron   copper  /   pots        now  2020-2022   luohu: pots (no stage); works in futian: support; a base: wire
 *     |        \   /                draft            futian: iron
 *    steel      wire                measures of `now`: m-any, m-iron (futian), m-wire
 */

const term = (id, parents, top, aliases = []) => ({ id, zh: `${id}料`, en: id[0].toUpperCase() + id.slice(1), parents, top, aliases });

const instrument = (id, from, to, more = {}) => ({
  id, title_zh: `${id}文`, title_en: `The ${id} paper`, short_zh: id, short_en: id, document_number: null,
  from, to, to_basis: to && "explicit", status: "issued", ...more,
});

const designation = (id, of, place, fields, stages = [], more = {}) => ({
  id, instrument: of, place, fields, stages, kind: "role", located: true, clause: "第一部分", clause_en: "part 1",
  role_zh: `${id}角色`, role_en: `${id} role`, note_zh: null, note_en: null, ...more,
});

const place = (zh, en, more = {}) => ({ zh, en, located: true, within: null, formerly: null, note_zh: null, note_en: null, ...more });

const measure = (id, more = {}) => ({
  id, instrument: "now", clause: "第一部分（一）", clause_en: "part 1, clause 1", cap_cny: null, rate_percent: null,
  amount_kind: null, per: null, rate_of_zh: null, rate_of_en: null, fields: [], places: [], ...more,
});

const both = (zh, en) => ({ zh, en });
const forces = (old, now) => ({ old, now, draft: "draft" });
const same = (text) => both(text, text);

/** @returns {object} fresh data, to be changed at will */
export function policy() {
  return {
    terms: [
      term("ores", [], "ores"), term("wares", [], "wares"), term("iron", ["ores"], "ores", ["Fe"]),
      term("copper", ["ores"], "ores"), term("steel", ["iron"], "ores"), term("pots", ["wares"], "wares"),
      term("wire", ["copper", "wares"], "ores"),
    ],
    term_spellings: Object.fromEntries(
      ["ores", "wares", "iron", "copper", "steel", "pots", "wire"].flatMap((one) => [[one, one], [`${one}料`, one]]).concat([["fe", "iron"]]),
    ),
    stages: [{ id: "production", zh: "生产", en: "making" }, { id: "pilot", zh: "中试", en: "pilot" }],
    stage_spellings: { production: "production", 生产: "production", pilot: "pilot", 中试: "pilot" },
    instruments: [
      instrument("old", "2000-01-01", "2010-12-31", { document_number: "1号", to_basis: "interpreted" }),
      instrument("now", "2020-01-01", "2022-12-31"),
      instrument("draft", null, null, { status: "draft" }),
    ],
    places: {
      futian: place("福田", "Futian"),
      luohu: place("罗湖", "Luohu"),
      longhua: place("龙华", "Longhua", { formerly: { parent: "luohu", until: "2005-12-31" } }),
      works: place("工厂园", "Works", { located: false, within: "futian", note_zh: "无界", note_en: "no outline" }),
      base: place("基地", "Base", { located: false }),
    },
    designations: [
      designation("old-futian", "old", "futian", ["iron"], ["production"]),
      designation("old-luohu", "old", "luohu", ["ores"]),
      designation("now-luohu", "now", "luohu", ["pots"]),
      designation("now-any", "now", "longhua", []),
      designation("now-works", "now", "works", [], [], { kind: "support", located: false }),
      designation("now-base", "now", "base", ["wire"], [], { located: false }),
      designation("draft-futian", "draft", "futian", ["iron"]),
    ],
    coverage: {
      "old-futian": {
        iron: ["whole", "explicit", []], steel: ["whole", "interpreted", []], ores: ["part", "interpreted", ["iron"]],
      },
      "old-luohu": Object.fromEntries(["ores", "iron", "copper", "steel", "wire"].map((one) => [one, ["whole", "explicit", []]])),
      "now-luohu": { pots: ["whole", "explicit", []], wares: ["part", "interpreted", ["pots"]] },
      "now-any": "any",
      "now-works": "any",
      "now-base": { wire: ["whole", "explicit", []] },
      "draft-futian": { iron: ["whole", "explicit", []], steel: ["whole", "explicit", []] },
    },
    about: {
      futian: [["old-futian", null], ["now-works", null], ["draft-futian", null]],
      luohu: [["old-luohu", null], ["now-luohu", null]],
      longhua: [["old-luohu", "luohu"], ["now-any", null]],
    },
    regimes: [
      { from: "0001-01-01", to: "1999-12-31", force: forces("not_yet", "not_yet"), lapsed: [], standing: {} },
      {
        from: "2000-01-01", to: "2010-12-31", force: forces("in_force", "not_yet"), lapsed: [],
        standing: { futian: ["old-futian"], luohu: ["old-luohu"], longhua: ["old-luohu"] },
      },
      {
        from: "2011-01-01", to: "2019-12-31", force: forces("lapsed", "not_yet"), lapsed: ["old"],
        standing: { futian: ["old-futian"], luohu: ["old-luohu"], longhua: ["old-luohu"] },
      },
      {
        from: "2020-01-01", to: "2022-12-31", force: forces("lapsed", "in_force"), lapsed: ["old"],
        standing: { futian: ["old-futian"], luohu: ["now-luohu"], longhua: ["now-any"] },
      },
      {
        from: "2023-01-01", to: null, force: forces("lapsed", "lapsed"), lapsed: ["now", "old"],
        standing: { futian: ["old-futian"], luohu: ["now-luohu"], longhua: ["now-any"] },
      },
    ],
    measures: [
      measure("m-any", { cap_cny: 30_000_000, amount_kind: "cap", per: both("每项", "per item") }),
      measure("m-iron", { rate_percent: 12.5, amount_kind: "matching", rate_of_zh: "投资", rate_of_en: "investment", places: ["futian"] }),
      measure("m-wire", { cap_cny: 125_000, amount_kind: "award" }),
    ],
    measure_cover: { "m-any": "any", "m-iron": { iron: "whole", steel: "whole", ores: "part" }, "m-wire": { wire: "whole", copper: "part" } },
    measure_places: { "m-any": "all", "m-iron": ["futian"], "m-wire": "all" },
    words: {
      stage: { production: ["生产", "making"], pilot: ["中试", "pilot"] },
      match: Object.fromEntries(
        ["designated", "stage_elsewhere", "elsewhere", "silent", "outside", "not_asked", "unrecognised"].map((one) => [one, [`判${one}`, one]]),
      ),
      force: { in_force: ["有效", "in force"], lapsed: ["到期", "lapsed"], none: ["无", "none"] },
      datum: { gcj02: ["GCJ-02", "GCJ-02"], bd09: ["BD-09", "BD-09"] },
    },
    sentences: sentences(),
  };
}

/** Sentences with the names and slots of maps/wording.yaml, in few words. */
function sentences() {
  return {
    join: { and: both("、", " and "), list: both("、", ", "), or: both("、", " or "), clause: both("；", "; "), piece: both("，", ", "), sentence: both("", " ") },
    outside_area: both("市外", "outside"),
    term: both("“{term}”", "{term}"),
    role: both("“{role}”", "“{role}”"),
    citation: both("《{title}》（{number}，{clause}）", "{title} ({number}, {clause})"),
    no_number: both("无号", "no number"),
    former: both("{parent}（含{place}）", "{parent} (with {place})"),
    state: {
      in_force: both("{as_of}有效{until}", "in force on {as_of}{until}"),
      until: both("至{to}{reading}", " until {to}{reading}"),
      lapsed_field: both("{to}到期{reading}领域", "ended {to}{reading} for the field"),
      lapsed_place: both("{to}到期{reading}地点", "ended {to}{reading} for the place"),
      reading: both("（理解）", " (read)"),
    },
    basis: { any: both("（各领域）", " (every field)"), part: both("（部分：{parts}）", " (part: {parts})"), interpreted: both("（理解）", " (ours)") },
    designated: both("{citation}将{place}定为{roles}涵盖{term}{basis}{stage}；{state}。", "{citation} makes {place} {roles} for {term}{basis}{stage}; {state}."),
    with_stage: both("和{stage}", " and {stage}"),
    stage_elsewhere: {
      said: both("{citation}{place}{role}{term}{basis}{stages}不含{stage}；{where}；{state}。", "{citation}: {place} {role} {term}{basis}, {stages} not {stage}; {where}; {state}."),
      others: both("有{others}", "there is {others}"),
      nobody: both("皆无", "nobody has it"),
    },
    elsewhere: both("{citation}{term}给{others}不给{place}；{state}。", "{citation} gives {term} to {others}, not {place}; {state}."),
    shared_role: both("{places}“{role}”{basis}", "{places} ({role}){basis}"),
    silent: {
      place: both("{as_of}共{count}份，无{place}。", "On {as_of} none of {count} speaks of {place}."),
      field: both("{as_of}共{count}份，无{term}{placeless}。", "On {as_of} none speaks of {term}{placeless}."),
      placeless: both("（{citation}提{role}）", " ({citation} names a {role})"),
    },
    outside: both("在外。", "Outside."),
    not_asked: { said: both("未填；{roles}。", "Not asked; {roles}."), role: both("{citation}{place}{roles}；{state}", "{citation} makes {place} {roles}; {state}") },
    unrecognised: {
      said: both("{words}，未判。", "{words}; no verdict."),
      field: both("领域“{value}”不明{hint}", "the field “{value}” is not known{hint}"),
      stage: both("环节“{value}”不明{hint}", "the stage “{value}” is not known{hint}"),
      hint: both("（{near}？）", " ({near}?)"),
    },
    support: both("{citation}支持{place}“{role}”。", "{citation} backs “{role}” in {place}."),
    doubt: {
      share: same("{place} {share}"),
      straddles: both("跨界（{shares}）。", "Crosses ({shares})."),
      straddles_largest: both("跨界（{shares}），按{place}。", "Crosses ({shares}); for {place}."),
      position: both("距{metres}，精度{accuracy}，{places}。", "{metres} m away, good to {accuracy}: {places}."),
      accuracy: same("{accuracy} m"),
      accuracy_unknown: both("未知", "unknown"),
      boundary: both("距{metres}，{places}。", "{metres} m away: {places}."),
    },
    alternative: { said: both("{verdicts}。", "{verdicts}."), inside: both("若{place}则{verdict}", "if in {place}: {verdict}"), outside: both("若{place}则{verdict}", "if {place}: {verdict}") },
    short: { match: same("{match}"), force: same("{match} ({force})") },
    undeclared: { said: both("未声明；{verdicts}。", "Undeclared; {verdicts}."), inside: both("{datum}则{place}{verdict}", "{datum}: in {place}, {verdict}"), outside: both("{datum}则{place}{verdict}", "{datum}: {place}, {verdict}") },
    amount: {
      cap: both("最高{money}", "up to {money}"), award: both("奖{money}", "award of {money}"), matching: both("配套", "matching"), full: both("全额", "in full"),
      none: both("未载", "not stated"), money: both("{amount}万元", "CNY {amount}"), rate: both("不超过{rate}", "at most {rate}"),
      rate_of: both("不超过{of}的{rate}", "at most {rate} of {of}"), share_of: both("按{of}", "as a share of {of}"), per: both("{amount}（{per}）", "{amount} {per}"),
    },
  };
}
