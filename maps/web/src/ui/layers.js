import { fill, h } from "./dom.js";
import { mountLegend } from "./legend.js";
import { siteKind } from "./sitelooks.js";

const OVERLAYS = [
  { id: "labels", zh: "地名", en: "Names" },
  { id: "sites", zh: "选址", en: "Sites" },
  { id: "places", zh: "文件提及的园区与科学城（无边界）", en: "Named parks and science cities (no outline)" },
  { id: "uncertain", zh: "界线不确定带", en: "Zone of doubt" },
  { id: "around", zh: "周边地区", en: "Surroundings" },
];
const SITE_COLOURS = [
  { id: "rank", zh: "按名次", en: "by rank" },
  { id: "match", zh: "按符合性", en: "by fit" },
  { id: "force", zh: "按依据效力", en: "by force" },
];

/** Which theme, which overlays, and how sites are coloured; the legend below them. */
export function mount(app) {
  mountThemes(app);
  mountOverlays(app);
  mountLegend(app);
}

function mountThemes(app) {
  const ids = Object.keys(app.data.theme_names);
  const { state } = app;
  const legend = h("legend", { class: "ps-label-text" });
  const rows = ids.map((id) => {
    const input = h("input", { type: "radio", name: "ps-theme", value: id, on: { change: () => state.set({ theme: id }) } });
    const name = h("span", { class: "ps-choice-name" });
    const force = h("span", null);
    return { id, input, name, force, label: h("label", { class: "ps-choice" }, input, name, force) };
  });
  document.getElementById("ps-themes").append(h("fieldset", { class: "ps-choices" }, legend, rows.map((one) => one.label)));
  const render = () => {
    const regime = app.register.regime(state.get("date"));
    fill(legend, app.say("专题（单选）", "Theme (choose one)"));
    for (const { id, input, name, force } of rows) {
      const words = app.data.theme_names[id];
      const standing = regime.force[id];
      input.checked = state.get("theme") === id;
      fill(name, app.say(words.zh, words.en));
      force.className = `ps-chip${{ in_force: " is-good", lapsed: " is-warn" }[standing] ?? ""}`;
      force.hidden = !standing;
      fill(force, standing && shortForce(app, standing));
    }
  };
  state.on(["theme", "date", "lang"], render);
  render();
}

function shortForce(app, force) {
  return force === "draft" ? app.say("征求意见稿", "draft") : app.word("force", force);
}

function mountOverlays(app) {
  const { state } = app;
  const legend = h("legend", { class: "ps-label-text" });
  const toggle = (id, on) => state.set({ overlays: on ? [...state.get("overlays"), id] : state.get("overlays").filter((one) => one !== id) });
  const rows = OVERLAYS.filter((one) => one.id !== "uncertain" || app.ground.uncertain).map((one) => {
    const input = h("input", { type: "checkbox", value: one.id, on: { change: (event) => toggle(one.id, event.target.checked) } });
    const name = h("span", { class: "ps-choice-name" });
    return { ...one, input, name, label: h("label", { class: "ps-choice" }, input, name) };
  });
  const colours = SITE_COLOURS.filter(({ id }) => id !== "rank" || app.ranking).map((one) => {
    const input = h("input", { type: "radio", name: "ps-site-colour", value: one.id, on: { change: () => state.set({ siteColour: one.id }) } });
    const name = h("span", null);
    return { ...one, input, name, label: h("label", { class: "ps-choice is-inline" }, input, name) };
  });
  const group = h("div", { class: "ps-site-colours", role: "radiogroup" }, colours.map((one) => one.label));
  const lines = rows.flatMap((one) => (one.id === "sites" ? [one.label, group] : [one.label]));
  document.getElementById("ps-overlays").append(h("fieldset", { class: "ps-choices" }, legend, lines));
  const render = () => {
    const shown = new Set(state.get("overlays"));
    fill(legend, app.say("叠加图层", "Overlays"));
    group.setAttribute("aria-label", app.say("选址配色", "Colour of sites"));
    for (const { id, zh, en, input, name } of rows) {
      input.checked = shown.has(id);
      fill(name, app.say(zh, en));
    }
    for (const { id, zh, en, input, name } of colours) {
      input.checked = siteKind(app) === id;
      input.disabled = !shown.has("sites") || (id === "rank" && state.get("list") !== "file");
      fill(name, app.say(zh, en));
    }
  };
  state.on(["overlays", "siteColour", "list", "lang"], render);
  render();
}
