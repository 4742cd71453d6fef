import { historyLines } from "./history.js";
import { measuresByDocument } from "./incentives.js";
import * as say from "./phrases.js";

/**
 * The card as plain text with its full citation, for a report.
 *
 * @param {object} app
 * @param {object} record as of `parksite check`
 * @param {string} date
 * @returns {string} lines in the language of the page
 */
export function cardText(app, record, date) {
  const head = [record.name, record.name && record.id !== record.name ? `(${record.id})` : ""].filter(Boolean).join(" ");
  const line = (zh, en, value) => app.say(`${zh}：${value}`, `${en}: ${value}`);
  const blocks = [
    [
      head || null,
      line("位置", "Position", `${record.lon.toFixed(6)}, ${record.lat.toFixed(6)} (WGS84)`),
      line("区属", "District", districtText(app, record)),
      record.area_ha ? line("用地面积", "Site area", say.area(app, record.area_ha)) : null,
      line("领域与环节", "Field and stage", `${say.fieldAsked(app, record)} / ${say.stageAsked(app, record)}`),
      line("判定", "Verdict", app.word("match", record.match)),
      line("依据效力", "Force", app.word("force", record.force)),
      app.say(record.explanation.zh, record.explanation.en),
      record.sample ? app.say("（示例选址点，非真实项目。）", "(A sample site, no real project.)") : null,
      say.beyond(app, date),
      ...(record.notes ?? []).map((note) => app.say(`待核：${note.zh}`, `To be checked: ${note.en}`)),
    ],
    listed(app, "依据", "Evidence", sorted(record.designations).map((one) => designationText(app, one))),
    record.elsewhere.length ? listed(app, "该领域指定的其他地区", "Where the field is designated", record.elsewhere.map((one) => elsewhereText(app, one))) : [],
    record.district ? measureLines(app, record, date) : [],
    record.district ? listed(app, "文件沿革", "Documents over time", historyLines(app, record.district, date)) : [],
    [say.sources(app, date)],
  ];
  return blocks.map((block) => block.filter(Boolean).join("\n")).filter(Boolean).join("\n\n");
}

/** What is known of a district, as plain text. */
export function districtText(app, record) {
  const name = app.placeName(record.district);
  const others = (record.possible ?? []).filter((id) => id !== record.district).map((id) => app.placeName(id === "outside" ? null : id));
  const maybe = others.length ? app.say(`，亦可能为${others.join("、")}`, `; possibly ${others.join(", ")}`) : "";
  return app.say(
    `${name}（${app.word("certainty", record.certainty)}，距界 ${say.metres(record.boundary_distance_m)}${maybe}）`,
    `${name} (${app.word("certainty", record.certainty)}; ${say.metres(record.boundary_distance_m)} from the nearest border${maybe})`,
  );
}

/** The card of a district as plain text. */
export function districtCardText(app, id, date) {
  const place = app.data.places[id];
  const found = (app.data.about[id] ?? []).map(([designation, former]) => {
    const one = app.register.designation(designation);
    return { ...one, former, force: app.register.force(one.instrument, date) };
  });
  const blocks = [
    [
      app.placeName(id),
      place.land_ha ? app.say(`官方陆域面积：${say.area(app, place.land_ha)}`, `Official land area: ${say.area(app, place.land_ha)}`) : null,
      app.data.boundaries.approximate?.includes(id) ? app.say("界线为近似线", "The outline is approximate") : null,
    ],
    listed(app, "文件记载", "Statements", sorted(found).map((one) => designationText(app, one))),
    listed(app, "文件沿革", "Documents over time", historyLines(app, id, date)),
    [say.sources(app, date)],
  ];
  return blocks.map((block) => block.filter(Boolean).join("\n")).join("\n\n");
}

function sorted(list) {
  return [...list].sort((one, other) => Number(Boolean(other.decides)) - Number(Boolean(one.decides)) || say.forceRank(one.force) - say.forceRank(other.force));
}

function listed(app, zh, en, lines) {
  return [app.say(`${zh}：${lines.length ? "" : "无"}`, `${en}:${lines.length ? "" : " none"}`), ...lines];
}

function designationText(app, one) {
  const designation = app.register.designation(one.id);
  const instrument = app.register.instrument(designation.instrument);
  const home = app.data.places[designation.place];
  return `${one.decides ? "*" : "-"} ${[
    app.word("kind", designation.kind),
    app.say(home.zh, home.en),
    app.say(designation.role_zh, designation.role_en),
    say.title(app, instrument),
    say.documentNumber(app, instrument),
    app.say(designation.clause, designation.clause_en),
    app.say(`${app.word("force", one.force)}，${say.span(app, instrument)}`, `${app.word("force", one.force)}, ${say.span(app, instrument)}`),
    one.basis && designation.kind === "role" ? app.word("basis", one.basis) : null,
    designation.located ? null : app.say("无边界，不参与判定", "no outline, decides nothing"),
  ].filter(Boolean).join(" | ")}`;
}

function elsewhereText(app, one) {
  return `- ${app.say(one.district_zh, one.district_en)} | ${app.say(one.role_zh, one.role_en)} | ${say.citation(app, one)} | ${app.word("force", one.force)}`;
}

function measureLines(app, record, date) {
  const groups = measuresByDocument(app, record, date);
  const lines = groups.flatMap(({ instrument, list }) => [
    `${say.title(app, instrument)} (${say.documentNumber(app, instrument)})`,
    ...list.map(({ measure }) =>
      `- ${app.say(measure.clause, measure.clause_en)} | ${app.say(measure.subject_zh, measure.subject_en)} | ${say.amount(app, measure)}`),
  ]);
  return listed(app, "当日有效的支持措施", "Support measures in force on the day", lines);
}
