import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

const OTHER = { wgs84: "wgs84", cgcs2000: "wgs84", gcj02: "gcj02", bd09: "bd09", 4547: 4547 };

/**
 * Asks what the positions of a file are in that declares no datum.
 *
 * @param {object} app
 * @param {{name: string, layer: object, drafts: object, finding: object}} file `finding`: of core/examine.js
 * @param {AbortSignal} signal closes the question
 * @returns {Promise<import("../core/rows.js").Reading|null>} null if the user gives up
 */
export function askReading(app, { name, layer, drafts, finding }, signal) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: "ps-dialog ps-datum-dialog", "aria-labelledby": "ps-datum-title" });
    const options = optionsOf(app, layer, drafts);
    const suggested = suggestion(finding, drafts);
    const swap = h("input", { type: "checkbox", id: "ps-datum-swap", checked: finding.best.swap && finding.fits });
    const counts = options.map(() => h("span", { class: "ps-datum-count" }));
    const radios = options.map((one) => h("input", { type: "radio", name: "ps-datum", id: `ps-datum-${one.id}`, value: one.id, checked: one.id === suggested }));
    const renderCounts = () => options.forEach((one, at) => fill(counts[at], countText(app, finding, one.datum, swap.checked)));
    swap.addEventListener("change", renderCounts);
    const finish = (reading) => {
      dialog.close();
      dialog.remove();
      resolve(reading);
    };
    const form = h("form", { method: "dialog", on: { submit: (event) => {
      event.preventDefault();
      const chosen = options.find((_, at) => radios[at].checked);
      if (chosen) finish({ datum: chosen.id === "assumed" ? null : chosen.datum, swap: swap.checked });
    } } },
    h("h2", { id: "ps-datum-title" }, app.say("坐标属于哪个坐标系？", "Which system are the coordinates in?")),
    h("p", null, app.say(
      `${name} 有 ${drafts.rows.length.toLocaleString("en-US")} 行（${layer.format}，${layer.encoding}），没有声明坐标系。`,
      `${name} holds ${drafts.rows.length.toLocaleString("en-US")} rows (${layer.format}, ${layer.encoding}) and declares no datum.`,
    )),
    finding.said && h("p", { class: "ps-datum-said" }, icon("warn"), h("span", null, app.say(...finding.said))),
    h("fieldset", { class: "ps-datum-options" },
      h("legend", { class: "ps-label-text" }, app.say("坐标系", "System")),
      options.map((one, at) => h("label", { class: "ps-datum-option", for: `ps-datum-${one.id}` }, radios[at], h("span", null, app.say(one.zh, one.en)), counts[at]))),
    h("label", { class: "ps-datum-option", for: "ps-datum-swap" }, swap,
      h("span", null, app.say("坐标轴颠倒：纬度在前，或 X 为北、Y 为东", "Axes swapped: latitude first, or X north and Y east"))),
    h("p", { class: "ps-note" }, app.say(
      "GCJ-02 与 BD-09 在深圳偏移约 0.6 至 1.2 公里，选错会把选址判到别的区。",
      "GCJ-02 and BD-09 are 0.6 to 1.2 km off in Shenzhen; the wrong choice can put a site in another district.",
    )),
    h("div", { class: "ps-dialog-buttons" },
      h("button", { type: "button", class: "ps-button", on: { click: () => finish(null) } }, app.say("取消", "Cancel")),
      h("button", { type: "submit", class: "ps-button is-main" }, app.say("核对", "Check"))));
    dialog.append(form);
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(null);
    });
    signal.addEventListener("abort", () => dialog.open && finish(null));
    document.body.append(dialog);
    renderCounts();
    dialog.showModal();
    (radios.find((one) => one.checked) ?? radios[0]).focus();
  });
}

/** What may be chosen; degrees cannot be assumed of columns called x and y. */
function optionsOf(app, layer, drafts) {
  const datums = app.datums.DATUMS.map(({ id, zh, en }) => ({ id: id.replace(":", "-"), datum: id === "epsg:4547" ? 4547 : id, zh, en }));
  if (drafts.metric) return datums;
  return [{ id: "assumed", datum: "wgs84", zh: "不清楚：按 WGS84 处理，结果注明为假定", en: "Not known: take it as WGS84, marked as assumed" }, ...datums];
}

function suggestion(finding, drafts) {
  const { best, fits } = finding;
  if (!fits) return drafts.metric ? "epsg-4547" : "assumed";
  if (best.datum === 4547) return "epsg-4547";
  return best.datum === "wgs84" && !drafts.metric && !best.swap ? "assumed" : best.datum;
}

function countText(app, finding, datum, swap) {
  const found = finding.counts.find((one) => one.datum === OTHER[datum] && one.swap === swap);
  if (!found || !finding.rows) return "";
  const agree = found.named ? app.say(`，${found.agree} 行与所填区相符`, `, ${found.agree} in the district named`) : "";
  return app.say(`${found.inside}/${finding.rows} 行在深圳及周边${agree}`, `${found.inside} of ${finding.rows} in or around Shenzhen${agree}`);
}
