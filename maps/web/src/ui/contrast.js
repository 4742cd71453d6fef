import { matchSymbol } from "./card.js";
import { h } from "./dom.js";
import { forceChip } from "./evidence.js";
import * as say from "./phrases.js";

/**
 * Two verdicts side by side; what differs is marked by a sign and a word, what is the same is said in one line.
 *
 * @param {object} app
 * @param {{name: string, record: object, date: string}} one
 * @param {{name: string, record: object, date: string}} other
 * @returns {Node[]}
 */
export function contrast(app, one, other) {
  const sides = [one, other];
  const of = (name, value, shown) => row(name, sides.map(value), shown);
  const verdicts = [
    of(app.say("判定", "Verdict"), ({ record }) => app.word("match", record.match), (at, text) =>
      h("span", { class: "ps-contrast-verdict" }, matchSymbol(app, sides[at].record.match, 16), h("b", null, text))),
    of(app.say("依据效力", "Force"), ({ record }) => record.force, (at, force) => forceChip(app, force)),
  ];
  const rest = [
    named(one, other) ? null : of(app.say("基准日", "As of"), ({ date }) => date),
    of(app.say("区属", "District"), ({ record }) => app.placeName(record.district)),
    of(app.say("区属把握", "Certainty"), ({ record }) => app.word("certainty", record.certainty)),
    of(app.say("领域", "Field"), ({ record }) => say.fieldAsked(app, record)),
    of(app.say("环节", "Stage"), ({ record }) => say.stageAsked(app, record)),
    of(app.say("判定依据", "What decides"), ({ record }) => deciding(app, record), (at, text) => lines(text)),
    of(app.say("该领域其他地区", "Field elsewhere"), ({ record }) => elsewhere(app, record)),
    of(app.say("有效支持措施", "Measures in force"), ({ record }) => String((record.measures ?? []).length)),
  ].filter(Boolean);
  return table(app, sides.map(({ name }) => name), [...verdicts, ...rest.filter((each) => each.differs)], rest.filter((each) => !each.differs && each.values[0]));
}

/** Whether the columns are named by their dates. */
function named(one, other) {
  return one.name === one.date && other.name === other.date;
}

/** What the documents say of a district on two days. */
export function districtContrast(app, id, dates) {
  const rows = (app.data.about[id] ?? []).map(([designation]) => {
    const one = app.register.designation(designation);
    const instrument = app.register.instrument(one.instrument);
    const name = `${app.say(one.role_zh, one.role_en)} · ${app.say(instrument.short_zh, instrument.short_en)}`;
    return row(name, dates.map((date) => app.register.force(one.instrument, date)), (at, force) => forceChip(app, force));
  });
  return table(app, dates, rows);
}

function row(name, values, shown = (at, text) => text || "—") {
  return { name, values, shown, differs: values[0] !== values[1] };
}

function deciding(app, record) {
  const found = record.designations.filter((one) => one.decides);
  const list = found.length ? found : record.elsewhere.filter((one) => one.decides !== false && record.match === "elsewhere").slice(0, 1);
  return list.map((one) => {
    const instrument = app.register.instrument(one.instrument);
    return [app.say(one.role_zh, one.role_en), app.say(instrument.short_zh, instrument.short_en), app.say(one.clause, one.clause_en)].join(" · ");
  }).join("\n");
}

function elsewhere(app, record) {
  return [...new Set(record.elsewhere.map((one) => app.say(one.district_zh, one.district_en)))].join(app.say("、", ", "));
}

function lines(text) {
  return text ? text.split("\n").map((each) => h("div", null, each)) : "—";
}

function table(app, names, rows, same = []) {
  const count = rows.filter((each) => each.differs).length;
  const line = same.map((each) => app.say(`${each.name}（${flat(each)}）`, `${each.name} (${flat(each)})`)).join(app.say("、", ", "));
  return [
    h("table", { class: "ps-contrast" },
      h("caption", null, count
        ? app.say(`${count} 项不同，以“≠ 不同”标出`, `${count} differ, marked “≠ differs”`)
        : app.say("各项相同", "Nothing differs")),
      h("thead", null, h("tr", null, names.map((name, at) => h("th", { scope: "col" }, h("span", { class: "ps-letter" }, "AB"[at]), name)))),
      rows.map((each) => h("tbody", { class: each.differs ? "is-different" : "is-same" },
        h("tr", null, h("th", { colspan: "2", scope: "rowgroup" }, each.name,
          h("span", { class: "ps-contrast-mark" }, each.differs ? app.say("≠ 不同", "≠ differs") : app.say("= 相同", "= same")))),
        h("tr", null, each.values.map((value, at) => h("td", null, each.shown(at, value))))))),
    line ? h("p", { class: "ps-note" }, app.say("= 相同：", "= same: "), line) : null,
  ];
}

function flat(each) {
  return each.values[0].replaceAll("\n", " / ");
}
