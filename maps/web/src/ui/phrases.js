/**
 * Pieces of wording that the card and its copied text share. No DOM.
 */

import { amount as amountWords } from "../core/wording.js";

const FORCES = ["in_force", "lapsed", "not_yet", "draft", "none"];

/** Place of a force in the order in which evidence is listed. */
export function forceRank(force) {
  return FORCES.indexOf(force);
}

/** A number with separated thousands and at most `digits` decimals. */
export function number(value, digits = 0) {
  const [whole, part = ""] = Number(value).toFixed(digits).split(".");
  const decimals = part.replace(/0+$/, "");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (decimals && `.${decimals}`); // a browser's own way takes 20 ms to get going
}

/** Metres in words. */
export function metres(value) {
  return value === null || value === undefined ? "—" : `${number(value, value < 10 ? 1 : 0)} m`;
}

/** A share with as many decimals as it takes not to show 0 % or 100 %. */
export function percent(share) {
  for (let digits = 0; digits < 6; digits += 1) {
    const shown = (100 * share).toFixed(digits);
    if (share === 0 || share === 1 || (Number(shown) !== 0 && Number(shown) !== 100)) return `${shown} %`;
  }
  return `${100 * share} %`;
}

/** Hectares with mu. */
export function area(app, hectares) {
  const [ha, mu] = [number(hectares, 2), number(hectares * 15, 1)];
  return app.say(`${ha} 公顷（${mu} 亩）`, `${ha} ha (${mu} mu)`);
}

/** The date span of a document, with whose reading its end is. */
export function span(app, { from, to, to_basis: basis }) {
  if (!from && !to) return app.say("未载日期", "no dates stated");
  const end = basis === "interpreted" ? app.say("（止期为本登记册理解）", " (end date is our reading)") : "";
  return `${from ?? "?"} – ${to ?? app.say("未载止期", "no end stated")}${end}`;
}

/** Title of a document as it is cited. */
export function title(app, document) {
  return app.say(`《${document.title_zh}》`, document.title_en);
}

/** Number of a document, or that it states none. */
export function documentNumber(app, document) {
  return document.document_number ?? app.say("文件未载文号", "no document number stated");
}

/** Document, number and clause of a designation or measure. */
export function citation(app, one) {
  const document = app.register.instrument(one.instrument);
  const clause = app.say(one.clause, one.clause_en);
  return app.say(
    `${title(app, document)}（${documentNumber(app, document)}，${clause}）`,
    `${title(app, document)} (${documentNumber(app, document)}, ${clause})`,
  );
}

/** The name of a term with the field it stands under. */
export function termName(app, id) {
  const term = app.register.term(id);
  return term ? app.say(term.zh, term.en) : id;
}

/** Field of the question in words: what was written, what it was read as, what it stands under. */
export function fieldAsked(app, record) {
  const written = record.field_query;
  if (!record.term) return written || app.say("未填写", "not asked");
  const name = app.say(record.term_zh, record.term_en);
  const above = record.field && record.field !== record.term ? app.say(`（属${termName(app, record.field)}）`, ` (under ${termName(app, record.field)})`) : "";
  const read = written && written !== name && written !== record.term ? `${written} → ` : "";
  return `${read}${name}${above}`;
}

/** Stage of the question in words. */
export function stageAsked(app, record) {
  if (record.stage) return app.word("stage", record.stage);
  return record.stage_query || app.say("未填写", "not asked");
}

/** Verdict in a few words: match and, where something decided, its force. */
export function shortVerdict(app, { match, force }) {
  const said = app.word("match", match);
  if (!force || force === "none") return said;
  return app.say(`${said}（${app.word("force", force)}）`, `${said} (${app.word("force", force)})`);
}

/** Amount of a measure as the register words it, with the sum in the other unit. */
export function amount(app, measure) {
  const said = amountWords(app.register, measure.id, app.lang);
  const { cap_cny: cap } = measure;
  if (cap === null) return said;
  return app.say(`${said}（CNY ${number(cap)}）`, `${said} (${number(cap / 1e4, 4)} 万元)`);
}

/** Day, register and boundaries that an answer rests on. */
export function sources(app, date) {
  const { boundaries, register } = app.data;
  const layer = app.say(
    [boundaries.source_zh, boundaries.vintage_zh, boundaries.datum].join("，"),
    [boundaries.source_en, boundaries.vintage_en, boundaries.datum].join(", "),
  );
  return app.say(
    `基准日 ${date}；登记册 ${register.version}（维护至 ${register.known_to}）；边界：${layer}`,
    `As of ${date}; register ${register.version} (kept to ${register.known_to}); boundaries: ${layer}`,
  );
}

/** A warning where the day lies after the register's last one, else null. */
export function beyond(app, date) {
  const { known_to: known } = app.data.register;
  if (date <= known) return null;
  return app.say(
    `基准日在登记册维护截止日 ${known} 之后，其后发布的文件未收录。`,
    `The day is after ${known}, to which the register is kept; later documents are not in it.`,
  );
}

/** Longitude and latitude, or metres, as one reads them. */
export function position(x, y, datum) {
  return datum === "epsg:4547" ? `${x.toFixed(1)}, ${y.toFixed(1)}` : `${trimmed(x)}, ${trimmed(y)}`;
}

function trimmed(value) {
  return value.toFixed(6).replace(/0{1,3}$/, "");
}

/** Name of a datum, short. */
export function datumName(app, id) {
  return id === "epsg:4547" ? "EPSG:4547" : app.word("datum", id);
}

/** How a measure covers a term: "whole", "part", "any" or null. */
export function measureCover(app, id, term) {
  const cover = app.data.measure_cover[id];
  return cover === "any" ? "any" : (term && cover?.[term]) || null;
}
