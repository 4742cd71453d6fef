import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

const PANELS = [
  { id: "ask", zh: "核对", en: "Check" },
  { id: "layers", zh: "图层图例", en: "Layers" },
  { id: "sites", zh: "选址", en: "Sites" },
];
const RANKING = { id: "ranking", zh: "排序", en: "Ranking" };
const NARROW = window.matchMedia("(max-width: 760px)");
const DARK = window.matchMedia("(prefers-color-scheme: dark)");

/** The frame: tabs, tools, language, colour scheme, status line, about box. */
export function mount(app) {
  document.getElementById("ps-map-a").append(app.map.getContainer());
  const tools = document.getElementById("ps-tools");
  const buttons = [];
  app.addTool = (tool) => buttons.push(toolButton(app, tools, tool));
  mountTabs(app);
  mountLanguage(app);
  mountScheme(app);
  mountAbout(app);
  mountStatus(app);
  watchSizes(app);
  const rename = () => {
    const zh = app.lang === "zh";
    document.documentElement.lang = zh ? "zh-CN" : "en";
    document.title = app.say("深圳各区产业角色与选址核对", "Industrial roles and site checks, Shenzhen");
    tools.setAttribute("aria-label", app.say("工具", "Tools"));
    for (const update of buttons) update();
  };
  app.state.on(["lang"], rename);
  if (NARROW.matches) app.state.set({ panel: null });
  rename();
}

function toolButton(app, host, { id, icon: image, zh, en, onClick, pressed, keys = [] }) {
  const button = h("button", { type: "button", id: `ps-tool-${id}`, class: "ps-button is-icon", on: { click: onClick } });
  const update = () => {
    const name = app.say(zh, en);
    button.setAttribute("aria-label", name);
    button.title = name;
    if (pressed) button.setAttribute("aria-pressed", String(Boolean(pressed())));
    fill(button, icon(typeof image === "function" ? image() : image));
  };
  host.append(button);
  if (keys.length) app.state.on(keys, update);
  update();
  return update;
}

function mountTabs(app) {
  const host = document.getElementById("ps-tabs");
  const panels = app.ranking ? [...PANELS, RANKING] : PANELS;
  if (app.ranking) document.getElementById("ps-side").append(h("section", { class: "ps-panel", id: "ps-panel-ranking", role: "tabpanel", "aria-labelledby": "ps-tab-ranking", tabindex: "0", hidden: true }));
  host.classList.toggle("is-many", panels.length > 3);
  const tabs = panels.map(({ id }) =>
    h("button", {
      type: "button",
      id: `ps-tab-${id}`,
      class: "ps-tab",
      role: "tab",
      "aria-controls": `ps-panel-${id}`,
      on: { click: () => app.state.set({ panel: NARROW.matches && app.state.get("panel") === id ? null : id }) },
    }),
  );
  host.append(...tabs);
  host.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const at = tabs.indexOf(document.activeElement);
    const next = (at + step + tabs.length) % tabs.length;
    event.preventDefault();
    app.state.set({ panel: panels[next].id });
    tabs[next].focus();
  });
  const render = () => {
    const open = app.state.get("panel");
    document.body.dataset.panel = open ?? "none";
    host.setAttribute("aria-label", app.say("面板", "Panels"));
    panels.forEach(({ id, zh, en }, at) => {
      fill(tabs[at], icon(id), h("span", null, app.say(zh, en)));
      tabs[at].setAttribute("aria-selected", String(open === id));
      tabs[at].tabIndex = open === id || (!open && at === 0) ? 0 : -1;
      document.getElementById(`ps-panel-${id}`).hidden = open !== id;
    });
  };
  app.state.on(["panel", "lang"], render);
  render();
}

function mountLanguage(app) {
  const button = h("button", {
    type: "button",
    id: "ps-lang",
    class: "ps-button",
    on: { click: () => app.state.set({ lang: app.lang === "zh" ? "en" : "zh" }) },
  });
  document.getElementById("ps-tools").append(button);
  const render = () => {
    fill(button, app.say("EN", "中文"));
    button.lang = app.say("en", "zh-CN");
    button.setAttribute("aria-label", app.say("EN: switch to English", "中文：切换为中文"));
  };
  app.state.on(["lang"], render);
  render();
}

function mountScheme(app) {
  const isDark = () => {
    const scheme = app.state.get("scheme");
    return scheme === "dark" || (scheme === "auto" && DARK.matches);
  };
  const apply = () => {
    document.documentElement.dataset.scheme = isDark() ? "dark" : "light";
  };
  app.isDark = isDark;
  app.addTool({
    id: "scheme",
    icon: () => (isDark() ? "sun" : "moon"),
    zh: "浅色／深色",
    en: "Light or dark",
    onClick: () => app.state.set({ scheme: isDark() ? "light" : "dark" }),
    pressed: isDark,
    keys: ["scheme"],
  });
  DARK.addEventListener("change", () => app.state.get("scheme") === "auto" && app.state.set({ scheme: DARK.matches ? "dark" : "light" }));
  app.state.on(["scheme"], apply);
  apply();
}

function mountAbout(app) {
  const dialog = document.getElementById("ps-about");
  app.addTool({ id: "about", icon: "info", zh: "关于与许可", en: "About and licences", onClick: () => (render(), dialog.showModal()) });
  const render = () => {
    const { register, boundaries, libraries } = app.data;
    fill(
      dialog,
      h("h2", { id: "ps-about-title" }, "parksite"),
      h("p", null, app.say(
        "离线地图：判定规则与登记册随文件携带，在本机浏览器内计算，不向任何地方发送数据。",
        "An offline map: rules and register travel in the file and are evaluated in this browser; nothing is sent anywhere.",
      )),
      h("p", null, app.say(`登记册 ${register.version}，维护至 ${register.known_to}。`, `Register ${register.version}, kept to ${register.known_to}.`)),
      h("p", null, app.say(
        `边界：${boundaries.source_zh}，${boundaries.vintage_zh}，${boundaries.datum}。`,
        `Boundaries: ${boundaries.source_en}, ${boundaries.vintage_en}, ${boundaries.datum}.`,
      )),
      h("h3", null, app.say("所用程序库与许可", "Libraries and licences")),
      h("ul", { class: "ps-libraries" }, libraries.map((one) =>
        h("li", null, h("details", null,
          h("summary", null, `${one.name} ${one.version} · ${one.licence}`),
          one.text && h("pre", { tabindex: "0" }, one.text))))),
      h("button", { type: "button", class: "ps-button is-main", on: { click: () => dialog.close() } }, app.say("关闭", "Close")),
    );
  };
}

function mountStatus(app) {
  const host = document.getElementById("ps-status");
  const render = () => {
    const { approval, boundaries, register, basemap } = app.data;
    const { sample } = app.store;
    document.getElementById("ps-sample").hidden = !sample;
    const standing = approval
      ? app.say(`审图号：${approval}`, `Map approval number: ${approval}`)
      : app.say("内部工作用图", "Internal working map");
    fill(
      host,
      h("b", null, standing),
      h("span", null, app.say(`基准日 ${app.state.get("date")}`, `As of ${app.state.get("date")}`)),
      sample && h("b", { class: "ps-status-sample" }, app.say("含示例选址点", "Sample sites")),
      h("span", null, app.say(
        `边界：${boundaries.source_zh}，${boundaries.vintage_zh}，${boundaries.datum}；登记册 ${register.version}`,
        `Boundaries: ${boundaries.source_en}, ${boundaries.vintage_en}, ${boundaries.datum}; register ${register.version}`,
      )),
      basemap && h("span", null, app.say(`底图：${basemap.attribution_zh}`, `Basemap: ${basemap.attribution_en}`)),
    );
  };
  app.state.on(["lang", "date", "list", "dropped"], render);
  render();
}

function watchSizes(app) {
  const observer = new ResizeObserver(() => {
    for (const view of app.views) view.map.invalidateSize({ pan: false });
  });
  observer.observe(document.getElementById("ps-maps"));
}
