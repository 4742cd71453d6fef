import { card } from "./card.js";
import { themeOn } from "./districts.js";
import { fill, h, s } from "./dom.js";
import * as phrases from "./phrases.js";
import { siteKind } from "./sitelooks.js";
import { symbol } from "./symbols.js";

/** Widths and heights in millimetres, upright. */
export const PAPERS = { A4: [210, 297], A3: [297, 420] };
export const MARGIN_MM = 10;
const MM_PER_INCH = 25.4;
const PIXELS_PER_INCH = 96;
const EARTH_M = 40_075_016.686;
const BAR_PIXELS = 150; // the most that a scale bar takes
const ROUND = [5, 2, 1];

/**
 * @typedef {object} PrintOptions
 * @property {"A4"|"A3"} paper
 * @property {boolean} landscape
 * @property {string} title empty: that of the theme
 * @property {boolean} legend
 * @property {number} table rows of the table of sites, 0: none
 * @property {boolean} card the card of what is selected
 * @property {boolean} ranking the ranking, on pages that have one
 */

/** Width and height of what is printed, in millimetres. */
export function printed({ paper, landscape }) {
  const [short, long] = PAPERS[paper].map((side) => side - 2 * MARGIN_MM);
  return landscape ? [long, short] : [short, long];
}

/** Title of the map on show: its theme and its days. */
export function defaultTitle(app) {
  const { state } = app;
  const theme = themeOn(app, state.get("theme"), state.get("date"));
  const beside = state.get("compareDate");
  return beside ? app.say(`${theme.zh}，对照 ${beside}`, `${theme.en}, beside ${beside}`) : app.say(theme.zh, theme.en);
}

/**
 * The sheet, with an empty frame for each map.
 *
 * @param {object} app
 * @param {PrintOptions} options
 * @param {number[]} listed rows of the store for the table
 * @returns {{element: HTMLElement, frames: HTMLElement[], legend: HTMLElement|null}}
 */
export function makeSheet(app, options, listed) {
  const { state } = app;
  const [width, height] = printed(options);
  const frames = app.views.map((view) =>
    h("figure", { class: "ps-print-map" }, app.views.length > 1 && h("figcaption", null, app.say(`基准日 ${view.date()}`, `As of ${view.date()}`))));
  const legend = options.legend ? h("div", { class: "ps-print-legend" }) : null;
  const record = options.card ? app.recordOf(state.get("selection")) : null;
  const ranked = app.rankedSite();
  const element = h("div", { class: `ps-sheet ${options.landscape ? "is-landscape" : "is-portrait"}`, style: { width: `${width}mm` } },
    h("section", { class: "ps-print-page", style: { height: `${height - 0.5}mm` } },
      h("header", null, h("h1", null, options.title.trim() || defaultTitle(app)), standing(app)),
      h("div", { class: "ps-print-body" }, h("div", { class: "ps-print-maps" }, frames), legend),
      sources(app)),
    listed.length > 0 && h("section", { class: "ps-print-more" }, h("h2", null, tableTitle(app, listed)), tableOf(app, listed)),
    options.ranking && app.rankingParts?.printedRanking(app),
    record && h("section", { class: "ps-print-more" }, h("h2", null, nameOf(record)), ranked !== null && opened(app.rankingParts.suitability(app, ranked)), opened(card(app, record, { date: state.get("date"), compact: true })), abridged(app)));
  return { element, frames, legend };
}

/** What the map is: approved or internal, and whether its sites are samples. */
function standing(app) {
  const { approval } = app.data;
  return h("p", { class: "ps-print-standing" },
    h("b", null, approval ? app.say(`审图号：${approval}`, `Map approval number: ${approval}`) : app.say("内部工作用图", "Internal working map")),
    showsSamples(app) && h("b", { class: "ps-print-sample" }, app.say("含示例选址点，非真实项目", "Sample sites, no real projects")));
}

function showsSamples(app) {
  return app.store.sample && app.state.get("overlays").includes("sites");
}

/** The clone of the legend, without ids. */
export function copyLegend(target) {
  const copy = document.getElementById("ps-legend").cloneNode(true);
  copy.removeAttribute("id");
  copy.removeAttribute("aria-live");
  for (const one of copy.querySelectorAll("[id]")) if (!one.closest("defs")) one.removeAttribute("id");
  for (const one of copy.querySelectorAll("details")) one.remove();
  fill(target, [...copy.childNodes]);
}

/** What the map rests on. */
function sources(app) {
  const { data, state } = app;
  const shown = state.get("shown");
  const sites = state.get("overlays").includes("sites") && shown?.store.count
    ? app.say(
      `选址：${app.store.source ?? "随图名单"}，显示 ${shown.shown} 处，共 ${shown.store.count} 处。`,
      `Sites: ${app.store.source ?? "list of the map"}, ${shown.shown} of ${shown.store.count} shown.`,
    )
    : "";
  const days = [state.get("date"), state.get("compareDate")].filter(Boolean).join(app.say("、", " and "));
  const { basemap } = data;
  return h("footer", { class: "ps-print-sources" },
    h("p", null, phrases.sources(app, days), app.say("；坐标 WGS84，网络墨卡托投影。", "; coordinates WGS84, Web Mercator. "), sites,
      basemap && app.say(`底图：${basemap.attribution_zh}。`, ` Basemap: ${basemap.attribution_en}.`)),
    siteKind(app) === "rank" && state.get("overlays").includes("sites") && app.rankingParts.rankingSource(app),
    data.notes.map((note) => h("p", null, app.say(note.zh, note.en))));
}

function tableTitle(app, listed) {
  const { shown } = app.state.get("shown");
  return listed.length < shown
    ? app.say(`选址判定（前 ${listed.length} 处，共 ${shown} 处）`, `Verdicts (the first ${listed.length} of ${shown} sites)`)
    : app.say(`选址判定（${shown} 处）`, `Verdicts (${shown} sites)`);
}

function tableOf(app, listed) {
  const date = app.state.get("date");
  const heads = app.say(
    ["序号", "编号", "名称", "区属", "产业领域", "环节", "判定", "依据效力", "角色与条款"],
    ["No.", "Id", "Name", "District", "Field", "Stage", "Verdict", "Force", "Role and clause"],
  );
  const rows = listed.map((row, at) => {
    const record = app.answerRow(row, date);
    const look = app.data.classes.match.find((one) => one.id === record.match);
    const here = record.designations.find((one) => one.decides);
    const basis = here ?? record.elsewhere[0];
    const where = here || !basis ? "" : `${app.say(basis.district_zh, basis.district_en)}${app.say("：", ": ")}`;
    const cited = basis && `${where}${app.say(basis.role_zh, basis.role_en)}（${app.say(basis.instrument_short_zh, app.register.instrument(basis.instrument).short_en)} ${app.say(basis.clause, basis.clause_en)}）`;
    const certain = record.certainty === "certain" || record.certainty === "outside" ? "" : app.say(`（${app.word("certainty", record.certainty)}）`, ` (${app.word("certainty", record.certainty)})`);
    return h("tr", null,
      [at + 1, record.id, record.name, `${app.placeName(record.district)}${certain}`, phrases.fieldAsked(app, record), phrases.stageAsked(app, record)].map((cell) => h("td", null, cell)),
      h("td", null, look && symbol(look.symbol, look.colour, 12), " ", app.word("match", record.match)),
      h("td", null, record.force === "none" ? "—" : app.word("force", record.force)),
      h("td", null, cited ?? "—"));
  });
  return h("table", { class: "ps-print-table" }, h("thead", null, h("tr", null, heads.map((one) => h("th", { scope: "col" }, one)))), h("tbody", null, rows));
}

function nameOf(record) {
  if (!record.name) return `${record.lon}, ${record.lat} WGS84`;
  return [record.id, record.name].filter((one, at, all) => one && all.indexOf(one) === at).join(" ");
}

function abridged(app) {
  return h("p", { class: "ps-note" }, app.say(
    "摘要：其他文件记载、支持措施与该地历次文件见地图或“复制文字”。",
    "Abridged: what other documents say, the support measures and the place's history stand on the map and in “Copy text”.",
  ));
}

function opened(element) {
  for (const one of element.querySelectorAll("details")) one.open = true;
  return element;
}

/**
 * Scale bar and north arrow of a map.
 *
 * @param {object} app
 * @param {import("leaflet").Map} map
 */
export function furniture(app, map) {
  const perPixel = (EARTH_M * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (256 * 2 ** map.getZoom());
  const most = perPixel * BAR_PIXELS;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = power * (ROUND.find((one) => one * power <= most) ?? 1);
  const width = metres / perPixel;
  const scale = perPixel / (MM_PER_INCH / 1000 / PIXELS_PER_INCH);
  const digits = 10 ** Math.max(0, Math.floor(Math.log10(scale)) - 1);
  const ratio = (Math.round(scale / digits) * digits).toLocaleString("en-US");
  return [
    h("div", { class: "ps-print-scale" },
      s("svg", { width: width + 2, height: 9, "aria-hidden": "true" },
        s("path", { d: `M1 1v7h${width}v-7M${1 + width / 2} 8v-4`, fill: "none", stroke: "currentColor", "stroke-width": 1.4 })),
      h("span", null, metres >= 1000 ? `${metres / 1000} km` : `${metres} m`),
      h("span", { class: "ps-print-ratio" }, app.say(`约 1:${ratio}`, `about 1:${ratio}`))),
    h("div", { class: "ps-print-north", role: "img", "aria-label": app.say("上为北", "North is up") },
      s("svg", { viewBox: "0 0 20 34", width: 20, height: 34, "aria-hidden": "true" },
        s("path", { d: "M10 11 16 33 10 28 4 33z", fill: "none", stroke: "currentColor", "stroke-width": 1.3, "stroke-linejoin": "round" }),
        s("path", { d: "M10 11 16 33 10 28z", fill: "currentColor" }),
        s("text", { x: 10, y: 9, "text-anchor": "middle", "font-size": 10, "font-weight": 700, fill: "currentColor" }, "N"))),
  ];
}
