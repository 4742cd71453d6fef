import { groundColours, themeOn } from "./districts.js";
import { fill, h, s } from "./dom.js";
import { number } from "./phrases.js";
import { onScheme } from "./scheme.js";
import { siteKind } from "./sitelooks.js";
import { patch, symbol } from "./symbols.js";

const KEYS = ["theme", "date", "compareDate", "overlays", "siteColour", "shown", "list", "lang", "sites", "standing"];

/** What every colour, pattern, letter and symbol on the map stands for, and where the data is from. */
export function mountLegend(app) {
  const legend = document.getElementById("ps-legend");
  const notes = document.getElementById("ps-notes");
  const renderLegend = () => fill(legend, legendOf(app));
  const renderNotes = () => fill(notes, notesOf(app));
  app.state.on(KEYS, renderLegend);
  app.state.on(["lang", "date"], renderNotes);
  onScheme(renderLegend);
  renderLegend();
  renderNotes();
}

/** All of the legend, as nodes. */
export function legendOf(app) {
  const { state } = app;
  const dates = [state.get("date"), state.get("compareDate")].filter(Boolean);
  const shown = new Set(state.get("overlays"));
  return [
    h("h2", { class: "ps-legend-head" }, app.say("图例", "Legend")),
    dates.map((date) => themePart(app, date, dates.length > 1)),
    shown.has("sites") && sitesPart(app),
    linesPart(app, shown),
    shown.has("places") && placesPart(app),
  ];
}

function themePart(app, date, dated) {
  const theme = themeOn(app, app.state.get("theme"), date);
  const colours = groundColours(app);
  const hatches = new Set(theme.classes.map((one) => one.hatch).filter(Boolean));
  return h(
    "section",
    { class: "ps-legend-part" },
    h("h3", null, app.say(theme.zh, theme.en), dated && !theme.zh.includes(date) && ` · ${date}`),
    theme.classes.map((one) => row(
      patch(one.paint, { key: one.key, outline: colours.outline }),
      app.say(one.zh, one.en),
      districtsOf(app, theme, one.id),
    )),
    hatches.size > 0 && h("p", { class: "ps-note" }, hatchNote(app, hatches)),
    h("p", { class: "ps-note" }, app.say("圆圈内字母与图上区名旁的字母对应。", "Letters in circles stand beside the names on the map.")),
  );
}

function districtsOf(app, theme, id) {
  const names = app.ground.districts
    .filter((one) => theme.by_place[one.id] === id)
    .map((one) => {
      const parent = app.data.places[theme.former[one.id]];
      const then = parent ? app.say(`（时属${parent.zh}）`, ` (then part of ${parent.en})`) : "";
      return `${app.placeName(one.id)}${then}`;
    });
  return names.join(app.say("、", ", "));
}

function hatchNote(app, hatches) {
  if (app.state.get("theme") === "stages") {
    return app.say("线条方向表示环节，网格表示两个环节并存。", "The lines tell the stage; a grid stands for two stages together.");
  }
  const said = [
    ["/", "斜线：依据文件已到期", "Slanting lines: the document has lapsed"],
    ["\\", "反斜线：征求意见稿，没有效力", "Lines slanting the other way: a draft, without force"],
    [".", "圆点：文件尚未生效", "Dots: the document is not yet in force"],
  ].filter(([mark]) => [...hatches].some((hatch) => hatch.includes(mark)));
  return `${said.map(([, zh, en]) => app.say(zh, en)).join(app.say("；", "; "))}${app.say("。", ".")}`;
}

function sitesPart(app) {
  const kind = siteKind(app);
  if (kind === "rank") return app.rankingParts.legendPart(app);
  const counts = app.state.get("shown")?.counts?.[kind] ?? {};
  const classes = app.data.classes[kind].filter((one) => counts[one.id]);
  if (!classes.length) return null;
  const title = kind === "match" ? app.say("选址：按符合性", "Sites by fit") : app.say("选址：按依据效力", "Sites by force of the evidence");
  return h(
    "section",
    { class: "ps-legend-part" },
    h("h3", null, title),
    classes.map((one) => row(
      symbol(one.symbol, one.colour, 20),
      h("span", { class: "ps-legend-counted" }, h("span", null, app.say(one.zh, one.en)), h("b", null, number(counts[one.id]))),
    )),
  );
}

function linesPart(app, shown) {
  const colours = groundColours(app);
  const approximate = app.ground.districts.filter((one) => one.approximate).map((one) => app.placeName(one.id));
  const dashed = lineSample({ stroke: colours.outline, "stroke-width": 2, "stroke-dasharray": "8 5" });
  const doubt = s(
    "svg",
    { class: "ps-patch", width: 34, height: 22, "aria-hidden": "true", focusable: "false" },
    s("rect", {
      x: 1.5, y: 1.5, width: 31, height: 19, rx: 2, fill: colours.uncertain, "fill-opacity": 0.1, stroke: colours.uncertain,
      "stroke-width": 1.8, "stroke-dasharray": "1 5", "stroke-linecap": "round",
    }),
  );
  return h(
    "section",
    { class: "ps-legend-part" },
    h("h3", null, app.say("界线", "Lines")),
    row(lineSample({ stroke: colours.outline, "stroke-width": 1.3 }), app.say("区界", "District boundary")),
    approximate.length > 0 && row(dashed, app.say("近似界线（非官方）", "Approximate outline (not official)"), approximate.join(app.say("、", ", "))),
    app.ground.uncertain && shown.has("uncertain") && row(
      doubt,
      app.say("界线不确定带", "Zone of doubt"),
      app.say("区属须以官方界线核实", "check the district against the official line"),
    ),
  );
}

function placesPart(app) {
  const named = new Set(app.data.designations.map((one) => one.place));
  const places = Object.entries(app.data.places).filter(([id, one]) => !one.located && named.has(id));
  const homeless = places.filter(([, one]) => !one.within).map(([, one]) => app.say(one.zh, one.en));
  return h(
    "section",
    { class: "ps-legend-part" },
    h("h3", null, app.say("文件提及的园区与科学城", "Named parks and science cities")),
    row(
      h("span", { class: "ps-place-sample", "aria-hidden": "true" }, "◇"),
      app.say("没有公开边界，标注只表示所在区；放大后显示全部", "No outline is known; the mark only stands for the district. Zoom in to see all."),
    ),
    homeless.length > 0 && h(
      "details",
      { class: "ps-note" },
      h("summary", null, app.say(`另有 ${homeless.length} 处未写明所在区`, `${homeless.length} more are in no stated district`)),
      homeless.join(app.say("、", "; ")),
    ),
  );
}

/** A sample and what it stands for. */
export function row(sample, text, small) {
  return h("div", { class: "ps-legend-row" }, sample, h("div", null, text, small && h("small", null, small)));
}

function lineSample(look) {
  return s("svg", { class: "ps-patch", width: 34, height: 22, "aria-hidden": "true", focusable: "false" }, s("path", { d: "M1 11h32", fill: "none", ...look }));
}

function notesOf(app) {
  const { boundaries: from, register, notes } = app.data;
  const late = app.state.get("date") > register.known_to;
  const said = [
    app.say(
      `边界：${from.source_zh}，${from.vintage_zh}，${from.datum}；登记册 ${register.version}。`,
      `Boundaries: ${from.source_en}, ${from.vintage_en}, ${from.datum}; register ${register.version}.`,
    ),
    from.second_source_zh && app.say(
      `区属是否确定，以上述边界与第二界线（${from.second_source_zh}）是否一致为准。`,
      `A district is certain where these boundaries and a second opinion (${from.second_source_en}) agree.`,
    ),
    ...notes.map((one) => app.say(one.zh, one.en)),
    app.say(
      "角色与条款由登记册转述，标“理解”者为登记册的解读；未载明者即文件未写。",
      "Roles and clauses are restated by the register; what is marked interpreted is its reading, what is not stated is in no document.",
    ),
    app.say(`登记册维护至 ${register.known_to}。`, `The register is kept to ${register.known_to}.`),
  ].filter(Boolean);
  return [
    h("h3", null, app.say("来源与说明", "Sources and notes")),
    late && h("p", { class: "ps-note ps-late" }, app.say(
      `所看日期晚于登记册维护日 ${register.known_to}，其后的文件不在其中。`,
      `The day on show is after ${register.known_to}, the day the register was kept to; later documents are not in it.`,
    )),
    said.map((one) => h("p", { class: "ps-note" }, one)),
  ];
}
