import { copyText } from "./clipboard.js";
import { fill, h } from "./dom.js";
import * as say from "./phrases.js";

const SYSTEMS = ["wgs84", "epsg:4547"];

/** Scale bar and the coordinates under the pointer, in the corner of each map. */
export function mount(app) {
  const known = new WeakSet();
  const readouts = new Set();
  let system = SYSTEMS[0];
  const turn = () => {
    const all = systems(app);
    system = all[(all.indexOf(system) + 1) % all.length];
    for (const one of readouts) one.render();
  };
  const watch = () => {
    for (const map of [app.map, ...app.views.map((view) => view.map)]) {
      if (known.has(map)) continue;
      known.add(map);
      const readout = new Readout(app, map, () => system, turn);
      readouts.add(readout);
      map.on("unload", () => readouts.delete(readout));
      crosshair(map);
    }
  };
  watch();
  app.state.on(["compareDate"], () => queueMicrotask(watch));
  app.state.on(["lang", "ask"], () => {
    if (!systems(app).includes(system)) [system] = SYSTEMS;
    for (const one of readouts) one.render();
  });
}

/** WGS84 and metres, and the datum of the ask box if it is another one. */
function systems(app) {
  const { datum } = app.state.get("ask");
  return SYSTEMS.includes(datum) || datum === "cgcs2000" ? SYSTEMS : [...SYSTEMS, datum];
}

class Readout {
  #app;
  #map;
  #system;
  #at = null;

  constructor(app, map, system, turn) {
    this.#app = app;
    this.#map = map;
    this.#system = system;
    this.value = h("button", { type: "button", class: "ps-readout-value", on: { click: () => this.#copy() } });
    this.switch = h("button", { type: "button", class: "ps-readout-switch", on: { click: turn } });
    const box = h("div", { class: "ps-readout" }, this.switch, this.value);
    const corner = h("div", { class: "ps-bearings" }, box);
    const control = window.L.control({ position: "bottomright" });
    control.onAdd = () => corner;
    control.addTo(map);
    corner.append(window.L.control.scale({ metric: true, imperial: false, maxWidth: 100, position: "bottomright" }).addTo(map).getContainer());
    window.L.DomEvent.disableClickPropagation(box);
    window.L.DomEvent.disableScrollPropagation(box);
    map.on("mousemove", (event) => {
      if (box.contains(event.originalEvent.target)) return;
      this.#at = event.latlng;
      this.render();
    });
    map.on("move", () => {
      if (map.getContainer().classList.contains("is-keyed")) this.#at = null;
      this.render();
    });
    this.render();
  }

  /** Coordinates as shown: under the pointer, or of the map's centre. */
  get #text() {
    const { lng, lat } = (this.#at ?? this.#map.getCenter()).wrap();
    const datum = this.#system();
    const [x, y] = this.#app.datums.fromWgs84(lng, lat, datum);
    return datum === "epsg:4547" ? `${x.toFixed(1)}, ${y.toFixed(1)}` : `${x.toFixed(6)}, ${y.toFixed(6)}`;
  }

  render() {
    const app = this.#app;
    const datum = this.#system();
    const text = this.#text;
    const axes = app.datums.DATUMS.find(({ id }) => id === datum).axes.map((axis) => app.say(axis.zh, axis.en)).join(app.say("、", ", "));
    fill(this.switch, say.datumName(app, datum));
    this.switch.setAttribute("aria-label", app.say(`坐标系 ${say.datumName(app, datum)}，点击切换`, `Datum ${say.datumName(app, datum)}, click to change`));
    this.switch.title = app.say("切换坐标系", "Change datum");
    fill(this.value, text);
    this.value.title = app.say(`${axes}；点击复制`, `${axes}; click to copy`);
    this.value.setAttribute("aria-label", app.say(`指针处坐标 ${text}，点击复制`, `Coordinates under the pointer ${text}, click to copy`));
  }

  async #copy() {
    const app = this.#app;
    const done = await copyText(this.#text);
    app.announce(done ? app.say("坐标已复制", "Coordinates copied") : app.say("浏览器不允许复制", "The browser does not allow copying"));
    if (!done) return;
    fill(this.value, app.say("已复制", "copied"), " ✓");
    setTimeout(() => this.render(), 1200);
  }
}

/** A cross at the map's centre while the map is worked by keyboard. */
function crosshair(map) {
  const container = map.getContainer();
  let byKey = false;
  document.addEventListener("keydown", () => {
    byKey = true;
  }, true);
  document.addEventListener("pointerdown", () => {
    byKey = false;
    container.classList.remove("is-keyed");
  }, true);
  container.append(h("div", { class: "ps-cross", "aria-hidden": "true" }));
  container.addEventListener("focus", () => container.classList.toggle("is-keyed", byKey));
  container.addEventListener("blur", () => container.classList.remove("is-keyed"));
  container.addEventListener("keydown", (event) => {
    if (event.target === container) container.classList.add("is-keyed");
  });
}
