import { h } from "./dom.js";
import { forceChip } from "./evidence.js";
import { amount, documentNumber, measureCover, termName, title } from "./phrases.js";

/**
 * Measures that apply, by document: `[{instrument, force, list: [{measure, coverage}]}]`.
 */
export function measuresByDocument(app, record, date) {
  const held = new Map(app.data.measures.map((one) => [one.id, one]));
  const groups = new Map();
  for (const id of record.measures ?? []) {
    const measure = held.get(id?.id ?? id);
    if (!measure) continue;
    if (!groups.has(measure.instrument)) {
      const instrument = app.register.instrument(measure.instrument);
      groups.set(measure.instrument, { instrument, force: app.register.force(instrument.id, date), list: [] });
    }
    groups.get(measure.instrument).list.push({ measure, coverage: measureCover(app, measure.id, record.term) });
  }
  return [...groups.values()];
}

/**
 * The part of the card on support measures.
 *
 * @param {object} app
 * @param {object} record
 * @param {string} date
 * @param {function} fold maker of a folding part
 * @returns {HTMLElement|null}
 */
export function measures(app, record, date, fold) {
  if (!record.district) return null;
  const groups = measuresByDocument(app, record, date);
  const count = groups.reduce((sum, group) => sum + group.list.length, 0);
  const name = app.say(`当日可适用的支持措施（${count}）`, `Support measures in force on the day (${count})`);
  return fold("measures", name, () => (count ? groups.map((group) => block(app, group, record)) : h("p", null, app.say(
    "当日没有登记在册、有效且适用于该处和该领域的支持措施。",
    "The register holds no measure in force on the day for this place and field.",
  ))), true);
}

/** Measures that name the field come first; those for any field are folded away behind them. */
function block(app, { instrument, force, list }, record) {
  const named = list.filter(({ coverage }) => coverage !== "any");
  const general = named.length ? list.filter(({ coverage }) => coverage === "any") : [];
  const items = (some) => h("ul", null, some.map(({ measure, coverage }) => item(app, measure, coverage, record)));
  return h("section", { class: "ps-measures" },
    h("div", { class: "ps-measures-head" }, forceChip(app, force), " ", h("span", null, title(app, instrument), " · ", documentNumber(app, instrument))),
    items(named.length ? named : list),
    general.length
      ? h("details", { class: "ps-measures-more" },
        h("summary", null, app.say(`另有 ${general.length} 项不限领域`, `${general.length} more for any field`)), items(general))
      : null);
}

function item(app, measure, coverage, record) {
  const unstated = measure.amount_kind === null ? " is-unstated" : "";
  return h("li", { data: { measure: measure.id } },
    h("div", null, app.say(measure.subject_zh, measure.subject_en)),
    h("div", { class: `ps-amount${unstated}` }, amount(app, measure)),
    h("div", { class: "ps-note" }, app.say(measure.clause, measure.clause_en), ...reach(app, measure, coverage, record)));
}

/** How far a measure reaches: every field, the field asked, or part of it. */
function reach(app, measure, coverage, record) {
  const said = [];
  if (coverage === "any") said.push(app.say("不限领域", "any field"));
  else if (coverage === "part") said.push(app.say("仅涉及所问领域的一部分", "concerns part of the field asked"));
  else if (!record.term && measure.fields.length) said.push(measure.fields.map((id) => termName(app, id)).join(app.say("、", ", ")));
  if (measure.places.length) said.push(app.say(`限于${measure.places.map((id) => app.data.places[id]?.zh ?? id).join("、")}`, `only in ${measure.places.map((id) => app.data.places[id]?.en ?? id).join(", ")}`));
  return said.map((one) => ` · ${one}`);
}
