import { h } from "./dom.js";
import { evidence, forceChip } from "./evidence.js";
import { history } from "./history.js";
import { icon } from "./icons.js";
import { measures } from "./incentives.js";
import * as say from "./phrases.js";
import { symbol } from "./symbols.js";

export { cardText } from "./cardtext.js";

const unfolded = new Map([["elsewhere", true], ["measures", true]]);

/**
 * The answer for a place: verdict, place, evidence, where else, measures, history, sources.
 *
 * @param {object} app
 * @param {object} record as of `parksite check`
 * @param {{date: string, compact?: boolean}} how `compact` leaves out what does not bear on the verdict
 * @returns {HTMLElement}
 */
export function card(app, record, { date, compact = false }) {
  const deciding = record.designations.filter((one) => one.decides);
  const others = record.designations.filter((one) => !one.decides)
    .sort((one, other) => say.forceRank(one.force) - say.forceRank(other.force));
  return h("article", { class: "ps-card", data: { match: record.match, force: record.force } },
    verdict(app, record),
    warnings(app, record, date),
    place(app, record),
    deciding.length ? part(app.say("判定依据", "What decides"), deciding.map((one) => evidence(app, one, { asked: record.term }))) : null,
    elsewhere(app, record),
    others.length && !compact
      ? fold("others", app.say(`其他文件记载（${others.length}）`, `Other statements (${others.length})`), () =>
        others.map((one) => evidence(app, one, { place: one.place !== record.district, asked: record.term })), !deciding.length)
      : null,
    compact ? null : measures(app, record, date, fold),
    record.district && !compact
      ? fold("history", app.say(`${app.placeName(record.district)}的文件沿革`, `Documents on ${app.placeName(record.district)} over time`), () =>
        history(app, record.district, date))
      : null,
    footnote(app, date));
}

/**
 * What is known of a district itself.
 *
 * @param {object} app
 * @param {string} id
 * @param {{date: string}} how
 * @returns {HTMLElement}
 */
export function districtCard(app, id, { date }) {
  const known = app.data.places[id];
  const found = (app.data.about[id] ?? [])
    .map(([designation, former]) => {
      const one = app.register.designation(designation);
      return { id: designation, former, place: one.place, force: app.register.force(one.instrument, date) };
    })
    .sort((one, other) => say.forceRank(one.force) - say.forceRank(other.force));
  return h("article", { class: "ps-card" },
    h("dl", { class: "ps-facts ps-facts-place" },
      row(app.say("官方陆域面积", "Official land area"), known.land_ha ? say.area(app, known.land_ha) : app.say("未载", "not stated")),
      app.data.boundaries.approximate?.includes(id)
        ? row(app.say("界线", "Outline"), h("span", { class: "ps-chip is-warn" }, app.say("近似界线", "approximate outline")))
        : null),
    known.note_zh ? h("p", { class: "ps-note" }, app.say(known.note_zh, known.note_en)) : null,
    part(app.say(`文件记载（${found.length}）`, `Statements (${found.length})`), found.length
      ? found.map((one) => evidence(app, one, { place: one.place !== id }))
      : h("p", null, app.say("登记册中没有文件提及该区。", "No document in the register speaks of this district."))),
    fold("history", app.say("文件沿革", "Documents over time"), () => history(app, id, date), true),
    footnote(app, date));
}

/** Symbol of a verdict, as sites have it on the map. */
export function matchSymbol(app, match, size = 20) {
  const one = app.data.classes.match.find((each) => each.id === match);
  return symbol(one?.symbol, one?.colour ?? "currentColor", size);
}

function part(name, ...content) {
  return h("section", { class: "ps-part" }, h("h3", null, name), content);
}

/** A part that folds; whether it is open is kept from card to card. */
function fold(key, name, content, open = false) {
  const isOpen = unfolded.get(key) ?? open;
  const box = h("details", { class: "ps-part ps-fold", open: isOpen, data: { part: key } }, h("summary", null, h("h3", null, name)));
  const body = h("div", { class: "ps-fold-body" }, isOpen ? content() : null);
  box.append(body);
  box.addEventListener("toggle", () => {
    if (box.open && !body.hasChildNodes()) body.append(...[content()].flat().filter(Boolean));
  });
  box.firstChild.addEventListener("click", () => unfolded.set(key, !box.open));
  return box;
}

function verdict(app, record) {
  return [
    h("div", { class: "ps-verdict", data: { match: record.match } },
      matchSymbol(app, record.match, 22),
      h("strong", null, app.word("match", record.match)),
      record.force && record.force !== "none" ? forceChip(app, record.force) : null,
      record.basis === "interpreted" ? h("span", { class: "ps-chip" }, app.word("basis", "interpreted")) : null,
      record.sample ? h("span", { class: "ps-chip ps-sample" }, app.say("示例选址点", "sample site")) : null),
    h("p", { class: "ps-say" }, app.say(record.explanation.zh, record.explanation.en)),
    (record.unrecognised ?? []).map((one) => unknown(app, record, one)),
  ];
}

/** A word that was not recognised, with what may have been meant. */
function unknown(app, record, one) {
  const isField = one.column === "field";
  const said = app.lang === "zh" ? one.suggestions : one.suggestions_en;
  return h("div", { class: "ps-warning" }, icon("warn"),
    h("div", null,
      h("p", null, app.say(
        `${isField ? "产业领域" : "环节"}“${one.value}”不在登记册词表中。`,
        `The ${isField ? "field" : "stage"} “${one.value}” is not in the register's vocabulary.`,
      )),
      said.length
        ? h("p", { class: "ps-suggestions" }, app.say("是否指：", "Did you mean: "), said.map((word) =>
          h("button", { type: "button", class: "ps-button", on: { click: () => askAgain(app, record, { [isField ? "field" : "stage"]: word }) } }, word)))
        : null));
}

/** Asks the same place with another field or stage. */
function askAgain(app, record, change) {
  const before = app.state.get("selection");
  const base = before?.kind === "point" ? before : {
    kind: "point", lon: record.lon, lat: record.lat, datum: "wgs84", text: `${record.lon}, ${record.lat}`,
    field: record.field_query ?? "", stage: record.stage_query ?? "",
  };
  app.state.set({ selection: { ...base, ...change } });
}

function warnings(app, record, date) {
  const late = say.beyond(app, date);
  const doubts = (record.notes ?? []).map((note) => app.say(`待核：${note.zh}`, `To be checked: ${note.en}`));
  const shifted = (record.if_datum ?? []).map((one) => {
    const where = one.district ? app.say(one.district_zh, one.district_en) : app.placeName(null);
    return app.say(
      `坐标未声明坐标系。若实为 ${say.datumName(app, one.datum)}：${where}，${say.shortVerdict(app, one)}。`,
      `No datum is declared. If it is ${say.datumName(app, one.datum)}: ${where}, ${say.shortVerdict(app, one)}.`,
    );
  });
  return [late, ...doubts, ...shifted].filter(Boolean).map((text) => h("div", { class: "ps-warning" }, icon("warn"), h("p", null, text)));
}

function place(app, record) {
  const name = app.placeName(record.district);
  const doubtful = record.certainty === "near_boundary" || record.certainty === "straddles";
  return h("section", { class: "ps-part" },
    h("dl", { class: "ps-facts ps-facts-place" },
      row(app.say("区属", "District"), record.district ? districtLink(app, record.district) : name, " ",
        h("span", { class: `ps-chip ${doubtful ? "is-warn" : ""}` }, app.word("certainty", record.certainty))),
      row(app.say("距界", "To the border"), say.metres(record.boundary_distance_m)),
      record.certainty === "straddles" ? row(app.say("占比", "Shares"), shares(app, record)) : null,
      record.alternatives?.length ? row(app.say("另一可能", "Or else"), record.alternatives.map((one) => alternative(app, one))) : null,
      record.area_ha ? row(app.say("用地面积", "Site area"), say.area(app, record.area_ha)) : null,
      row(app.say("产业领域", "Field"), say.fieldAsked(app, record)),
      row(app.say("环节", "Stage"), say.stageAsked(app, record)),
      row(app.say("坐标", "Position"), h("span", { class: "ps-mono" }, `${say.position(record.lon, record.lat, "wgs84")}`), " WGS84", given(app, record))));
}

function row(name, ...value) {
  return [h("dt", null, name), h("dd", null, value)];
}

/** The position as it was given, where that is another one. */
function given(app, record) {
  const { input } = record;
  const datum = input?.datum?.toLowerCase();
  if (!datum || datum === "wgs84") return null;
  const [x, y] = [input.lon ?? input.x, input.lat ?? input.y];
  if (!Number.isFinite(x) || !Number.isFinite(y)) return null;
  const { shift } = app.datums.toWgs84(x, y, datum);
  const moved = shift >= 0.5 ? app.say(`，移动 ${say.metres(shift)}`, `, moved ${say.metres(shift)}`) : "";
  return h("div", { class: "ps-note" }, app.say("原为 ", "given as "), say.position(x, y, datum), ` ${say.datumName(app, datum)}${moved}`);
}

function districtLink(app, id) {
  return h("button", {
    type: "button", class: "ps-link", on: { click: () => app.state.set({ selection: { kind: "district", id } }) },
  }, app.placeName(id));
}

function alternative(app, one) {
  const id = one.district === "outside" ? null : one.district;
  return h("div", { class: "ps-alternative" },
    id ? districtLink(app, id) : app.placeName(null), app.say("：", ": "), matchSymbol(app, one.match, 14), " ", say.shortVerdict(app, one));
}

function shares(app, record) {
  return h("ul", { class: "ps-shares" }, Object.entries(record.shares).sort((one, other) => other[1] - one[1]).map(([id, share]) =>
    h("li", null,
      h("span", { class: "ps-share-name" }, app.placeName(id)),
      h("span", { class: "ps-share-bar", "aria-hidden": "true" }, h("span", { style: { width: `${100 * share}%` } })),
      h("span", { class: "ps-share-value" }, say.percent(share)))));
}

function elsewhere(app, record) {
  if (!record.elsewhere.length) return null;
  const name = app.say(`该领域指定的其他地区（${record.elsewhere.length}）`, `Where the field is designated (${record.elsewhere.length})`);
  return fold("elsewhere", name, () => h("ul", { class: "ps-elsewhere" }, record.elsewhere.map((one) => {
    const designation = app.register.designation(one.id);
    const instrument = app.register.instrument(one.instrument);
    const stages = one.stages.map((stage) => app.word("stage", stage)).join(app.say("、", ", "));
    return h("li", null,
      h("div", { class: "ps-elsewhere-head" },
        designation.located ? districtLink(app, one.district) : h("b", null, app.say(one.district_zh, one.district_en)),
        forceChip(app, one.force),
        one.basis === "interpreted" ? h("span", { class: "ps-chip" }, app.word("basis", "interpreted")) : null,
        record.stage && one.stage_fits === false ? h("span", { class: "ps-chip is-warn" }, app.say("环节不符", "stage does not fit")) : null),
      h("div", null, app.say(one.role_zh, one.role_en)),
      h("div", { class: "ps-note" }, app.say(instrument.short_zh, instrument.short_en), " · ", app.say(one.clause, one.clause_en),
        stages ? ` · ${app.say("环节：", "stages: ")}${stages}` : null));
  })), true);
}

function footnote(app, date) {
  return h("p", { class: "ps-note ps-footnote" }, say.sources(app, date));
}
