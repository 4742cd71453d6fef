import { area, length } from "../core/measure.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { number } from "./phrases.js";

const TOOLS = {
  distance: { icon: "ruler", zh: "量距离", en: "Measure a distance" },
  area: { icon: "area", zh: "量面积", en: "Measure an area" },
};

/** Measures distances and areas on the ellipsoid, by pointer or by keyboard. */
export function mount(app) {
  const measuring = new Measuring(app);
  for (const [id, tool] of Object.entries(TOOLS)) {
    app.addTool?.({
      id, ...tool, keys: ["tool"],
      pressed: () => app.state.get("tool") === id,
      onClick: () => app.state.set({ tool: app.state.get("tool") === id ? null : id }),
    });
  }
  measuring.watch();
}

/**
 * A distance or an area in words.
 *
 * @param {object} app
 * @param {"distance"|"area"} kind
 * @param {number[][]} points [lon, lat]
 * @returns {string}
 */
export function measured(app, kind, points) {
  if (kind === "distance") {
    const metres = length(points);
    return metres < 1000 ? `${number(metres, 1)} m` : `${number(metres / 1000, 3)} km`;
  }
  const squares = area(points);
  const hectares = squares / 1e4;
  const mu = app.say(`${number(hectares * 15, 1)} 亩`, `${number(hectares * 15, 1)} mu`);
  if (squares < 1e4) return `${number(squares, 0)} m² · ${mu}`;
  if (squares < 1e6) return `${number(hectares, 2)} ha · ${mu}`;
  return `${number(squares / 1e6, 3)} km² · ${number(hectares, 1)} ha · ${mu}`;
}

class Measuring {
  #app;
  #known = new WeakSet();
  #map;
  #points = [];
  #ended = false;
  #drawn = null;
  #hover = null;

  constructor(app) {
    this.#app = app;
    this.#map = app.map;
    this.panel = h("div", { class: "ps-measure", role: "group", hidden: true });
    this.value = h("output", { class: "ps-measure-value" });
    document.getElementById("ps-corner").append(this.panel);
    app.state.on(["tool"], () => this.#restart());
    app.state.on(["lang"], () => this.#render());
    app.state.on(["compareDate"], () => queueMicrotask(() => this.watch()));
    document.addEventListener("keydown", (event) => this.#onKey(event), true);
  }

  get #tool() {
    return this.#app.state.get("tool");
  }

  watch() {
    for (const map of [this.#app.map, ...this.#app.views.map((view) => view.map)]) {
      if (this.#known.has(map)) continue;
      this.#known.add(map);
      map.on("click", (event) => this.#onClick(event, map));
      map.on("dblclick", () => this.#tool && this.#end());
      map.on("mousemove", (event) => this.#onMove(event, map));
      map.on("unload", () => map === this.#map && this.#leave());
    }
  }

  /** The map that was measured on goes away. */
  #leave() {
    this.#points = [];
    this.#hover = null;
    this.#drawn = null;
    this.#map = this.#app.map;
    this.#render();
  }

  #restart() {
    for (const map of [this.#app.map, ...this.#app.views.map((view) => view.map)]) {
      map.doubleClickZoom[this.#tool ? "disable" : "enable"]();
      map.getContainer().classList.toggle("is-measuring", Boolean(this.#tool));
    }
    this.#clear();
    if (this.#tool) this.#app.announce(this.#app.say("点击地图加点；键盘：方向键移动，Enter 加点", "Click to add points; by keyboard: arrow keys move, Enter adds"));
  }

  #clear() {
    this.#points = [];
    this.#ended = false;
    this.#hover = null;
    this.#draw();
    this.#render();
  }

  #onClick(event, map) {
    if (!this.#tool || event.originalEvent?.detail > 1) return;
    this.#add(event.latlng.wrap(), map);
  }

  #onMove(event, map) {
    if (!this.#tool || this.#ended || !this.#points.length || map !== this.#map) return;
    const { lng, lat } = event.latlng.wrap();
    this.#hover = [lng, lat];
    this.#draw();
    this.#render();
  }

  #add({ lng, lat }, map) {
    if (this.#ended) this.#clear();
    this.#map = map;
    this.#points.push([lng, lat]);
    this.#hover = null;
    this.#draw();
    this.#render();
    if (this.#points.length > 1) this.#app.announce(this.#said);
  }

  #undo() {
    this.#points.pop();
    this.#ended = false;
    this.#hover = null;
    this.#draw();
    this.#render();
  }

  #end() {
    if (this.#points.length < (this.#tool === "area" ? 3 : 2)) return;
    this.#ended = true;
    this.#hover = null;
    this.#draw();
    this.#render();
    this.#app.announce(this.#said);
  }

  #onKey(event) {
    if (!this.#tool || event.isComposing || document.querySelector("dialog[open]")) return;
    const onMap = this.#app.views.concat({ map: this.#app.map }).find(({ map }) => event.target === map.getContainer());
    const typing = event.target.matches?.("input, select, textarea, [role=combobox]");
    if (event.key === "Escape" && !typing) {
      event.preventDefault();
      if (this.#points.length && !this.#ended) this.#clear();
      else this.#app.state.set({ tool: null });
    } else if (event.key === "Backspace" && !typing && this.#points.length) {
      event.preventDefault();
      this.#undo();
    } else if (event.key === "Enter" && onMap) {
      event.preventDefault();
      const { map } = onMap;
      const keyed = map.getContainer().classList.contains("is-keyed") && !this.#hover;
      if (keyed && !this.#isLast(map)) this.#add(map.getCenter().wrap(), map);
      else this.#end();
    }
  }

  /** Whether the map's centre is the point set last: Enter again ends there. */
  #isLast(map) {
    const last = this.#points.at(-1);
    if (!last) return false;
    const [here, there] = [map.latLngToContainerPoint(map.getCenter()), map.latLngToContainerPoint([last[1], last[0]])];
    return here.distanceTo(there) < 2;
  }

  /** What stands: the points set, and the pointer while it may become one. */
  get #line() {
    return this.#hover && !this.#ended ? [...this.#points, this.#hover] : this.#points;
  }

  get #said() {
    return measured(this.#app, this.#tool, this.#line);
  }

  #draw() {
    const { L } = window;
    this.#drawn?.remove();
    this.#drawn = null;
    const line = this.#line;
    if (!this.#tool || !line.length) return;
    const at = line.map(([lon, lat]) => [lat, lon]);
    const pane = this.#map.getPane("marks") ? "marks" : "overlayPane";
    const paths = this.#map.psMeasurePaths ??= L.svg({ pane });
    const options = (name) => ({ renderer: paths, interactive: false, className: name });
    const shape = this.#tool === "area" ? L.polygon : L.polyline;
    this.#drawn = L.layerGroup([
      shape(at, options("ps-measure-halo")),
      shape(at, options("ps-measure-line")),
      ...this.#points.map(([lon, lat]) => L.circleMarker([lat, lon], { ...options("ps-measure-point"), radius: 4 })),
    ]).addTo(this.#map);
  }

  #render() {
    const app = this.#app;
    const tool = this.#tool;
    this.panel.hidden = !tool;
    if (!tool) return;
    const { zh, en } = TOOLS[tool];
    this.panel.setAttribute("aria-label", app.say(zh, en));
    const needed = tool === "area" ? 3 : 2;
    const enough = this.#line.length >= needed;
    fill(this.value, enough ? this.#said : app.say("点击地图加点", "Click the map to add points"));
    fill(this.panel,
      h("div", { class: "ps-measure-head" }, icon(TOOLS[tool].icon), h("b", null, app.say(zh, en)), this.value),
      h("div", { class: "ps-note" }, app.say("测地线长度／面积，WGS84 椭球", "Geodesic, WGS84 ellipsoid"), this.#ended ? app.say("；已结束，再点即重新量", "; ended, click to start anew") : ""),
      h("div", { class: "ps-measure-actions" },
        this.#button(app.say("撤销一点", "Undo"), "Backspace", () => this.#undo(), !this.#points.length),
        this.#button(app.say("结束", "Finish"), "Enter", () => this.#end(), this.#ended || this.#points.length < needed),
        this.#button(app.say("关闭", "Close"), "Esc", () => app.state.set({ tool: null }))));
  }

  #button(name, key, onClick, disabled = false) {
    return h("button", { type: "button", class: "ps-button", title: `${name} (${key})`, disabled, on: { click: onClick } }, name);
  }
}
