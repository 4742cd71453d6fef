import { NO_FILTERS } from "../core/filter.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { siteKind } from "./sitelooks.js";

/** On the map: which theme it shows, whether filters hide sites, and whether ranks are by weights of the user. */
export function mount(app) {
  const { state } = app;
  const theme = h("button", { type: "button", class: "ps-caption-theme", on: { click: () => state.set({ panel: "layers" }) } });
  const filter = h("button", { type: "button", class: "ps-caption-filter", on: { click: () => state.set({ filters: NO_FILTERS }) } });
  const weights = h("button", { type: "button", class: "ps-caption-weights", on: { click: () => state.set({ panel: "ranking" }) } });
  document.getElementById("ps-maps").append(h("div", { class: "ps-caption" }, theme, filter, weights));
  const render = () => {
    const name = app.data.theme_names[state.get("theme")];
    const { shown, store } = state.get("shown") ?? {};
    const hiding = store === app.store && shown < store.count && state.get("overlays").includes("sites");
    fill(theme, icon("layers"), h("b", null, app.say(name.zh, name.en)), h("span", null, state.get("date")));
    theme.title = app.say("打开图层与图例", "Open layers and legend");
    weights.hidden = !state.get("standing")?.changed || siteKind(app) !== "rank" || !state.get("overlays").includes("sites");
    fill(weights, icon("hand"), app.say("权重已由您调整", "Weights changed by you"));
    filter.hidden = !hiding;
    if (!hiding) return;
    const counts = `${shown.toLocaleString("en-US")} / ${store.count.toLocaleString("en-US")}`;
    fill(filter, icon("filter"), app.say(`筛选中 ${counts}，清除`, `Filtered ${counts}, clear`));
  };
  state.on(["theme", "date", "shown", "overlays", "list", "lang", "standing", "siteColour"], render);
  render();
}
