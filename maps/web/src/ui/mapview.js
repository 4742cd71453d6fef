import * as L from "leaflet";

import { Districts, groundColours, highlight, latLngs, themeOn } from "./districts.js";
import { s } from "./dom.js";
import { Labels } from "./labels.js";
import { mountInset } from "./inset.js";
import { onScheme } from "./scheme.js";
import { later } from "./later.js";
import { bringIntoSight, fitView } from "./views.js";

const WIDE = 700; // pixels of map from which Shenzhen and Shenshan fit side by side
const DIGITS = 6;
let untie = null;

/** A map with districts, names and marks, on the day that `date` says. */
export class MapView {
  #app;
  #groups;
  #districts;
  #labels;
  #marks = L.layerGroup();
  #ends = [];

  /**
   * @param {object} app
   * @param {L.Map} map
   * @param {() => string} date
   * @param {{around?: L.Layer}} [given] layers that stand already
   */
  constructor(app, map, date, given = {}) {
    this.#app = app;
    this.map = map;
    this.date = date;
    const group = (name) => (given[name] ?? L.layerGroup()).addTo(map);
    this.#groups = { around: given.around ?? aroundLayer(app), uncertain: group("uncertain") };
    const choose = (id) => app.state.set({ selection: { kind: "district", id } });
    this.#districts = new Districts(app, group("districts"), choose);
    if (app.ground.uncertain) {
      L.polygon(latLngs(app.ground.uncertain), { pane: "doubt", className: "ps-doubt", interactive: false, smoothFactor: 0.8 }).addTo(this.#groups.uncertain);
    }
    this.#labels = new Labels(app, () => this.#content(), choose);
    this.#labels.addTo(map);
    this.#marks.addTo(map);
    map.on("click", this.#onClick, this);
    this.#ends.push(
      app.state.on(["selection", "pinned"], () => this.#mark()),
      app.state.on(["theme", "date", "compareDate", "overlays", "lang", "selection", "pinned", "list"], () => this.render()),
      onScheme(() => this.render()),
    );
    this.render();
    this.#mark();
    if (given.around) this.#ends.push(later(() => this.#sharpen()));
  }

  /** Puts the exact lines of the areas around in the place of those that folium drew for the first picture. */
  #sharpen() {
    const { around } = this.#groups;
    around.clearLayers();
    for (const one of aroundLayer(this.#app).getLayers()) around.addLayer(one);
    this.#styleAround();
  }

  #styleAround() {
    const colours = groundColours(this.#app);
    this.#groups.around.setStyle?.({ color: colours.outline, opacity: 0.55, weight: 1, fillColor: colours.land, fillOpacity: this.#app.data.basemap ? 0.25 : 1 });
  }

  /** Draws everything in its present state. */
  render() {
    const { state } = this.#app;
    if (!this.date()) return;
    const shown = new Set(state.get("overlays"));
    for (const name of ["around", "uncertain"]) {
      const layer = this.#groups[name];
      if (shown.has(name)) this.map.addLayer(layer);
      else this.map.removeLayer(layer);
    }
    const colours = groundColours(this.#app);
    this.#styleAround();
    this.#groups.uncertain.eachLayer((one) => one.setStyle?.({ color: colours.uncertain, weight: 1.8, dashArray: "1 5", lineCap: "round", fillColor: colours.uncertain, fillOpacity: 0.1 }));
    const selection = state.get("selection");
    this.#districts.restyle(this.#theme(), selection?.kind === "district" ? selection.id : null);
    this.#labels.redraw();
    this.map.getContainer().setAttribute("aria-label", this.#app.say(`地图，${this.date()}`, `Map on ${this.date()}`));
  }

  /** Ends the view; the map itself is the caller's. */
  destroy() {
    for (const end of this.#ends) end();
    this.map.off("click", this.#onClick, this);
  }

  #theme() {
    return themeOn(this.#app, this.#app.state.get("theme"), this.date());
  }

  #content() {
    const shown = new Set(this.#app.state.get("overlays"));
    const names = shown.has("labels");
    return { theme: this.#theme(), kinds: { districts: names, around: names && this.map.hasLayer(this.#groups.around), places: shown.has("places"), sites: shown.has("sites") } };
  }

  #onClick({ latlng, containerPoint }) {
    const { state } = this.#app;
    if (state.get("tool")) return;
    const row = this.#app.hitSite?.(this, latlng, containerPoint) ?? null;
    if (row !== null) {
      state.set({ selection: { kind: "site", list: state.get("list"), row } });
      return;
    }
    const [lon, lat] = [latlng.lng, latlng.lat].map((value) => Number(value.toFixed(DIGITS)));
    const { field, stage } = state.get("ask");
    state.set({ selection: { kind: "point", lon, lat, datum: "wgs84", text: `${lon.toFixed(DIGITS)}, ${lat.toFixed(DIGITS)}`, field, stage } });
  }

  #mark() {
    const { state } = this.#app;
    this.#marks.clearLayers();
    const pinned = positionOf(this.#app, state.get("pinned"));
    const chosen = positionOf(this.#app, state.get("selection"));
    if (pinned) pin(pinned, true).addTo(this.#marks);
    if (state.get("selection")?.kind === "district") highlight(this.#app, state.get("selection").id).addTo(this.#marks);
    if (chosen && state.get("selection").kind === "point") pin(chosen, false).addTo(this.#marks);
    if (chosen && this === this.#app.views[0]) requestAnimationFrame(() => bringIntoSight(this.map, chosen));
  }
}

/** Latitude and longitude in WGS84 of a point or a site; null for a district or nothing. */
function positionOf(app, selection) {
  if (selection?.kind === "point") {
    const { lon, lat } = app.datums.toWgs84(selection.lon, selection.lat, selection.datum ?? "wgs84");
    return [lat, lon];
  }
  if (selection?.kind === "site") {
    const store = app.lists[selection.list] ?? app.store;
    return store ? [store.lat[selection.row], store.lon[selection.row]] : null;
  }
  return null;
}

function pin(at, hollow) {
  const drawn = s(
    "svg",
    { viewBox: "0 0 28 38", width: 28, height: 38, "aria-hidden": "true", focusable: "false" },
    s("path", { class: "ps-pin-body", d: "M14 1.5c7 0 12 5 12 11.5c0 8.5-12 23-12 23S2 21.5 2 13C2 6.5 7 1.5 14 1.5z" }),
    s("circle", { class: "ps-pin-eye", cx: 14, cy: 13, r: 4.6 }),
  );
  const icon = L.divIcon({ className: hollow ? "ps-pin is-pinned" : "ps-pin", html: drawn, iconSize: [28, 38], iconAnchor: [14, 37] });
  return L.marker(at, { icon, pane: "marks", interactive: false, keyboard: false });
}

/** Surroundings of a map that folium did not make. */
function aroundLayer(app) {
  const shapes = app.ground.neighbours.map((one) => L.polygon(latLngs(one.area), { pane: "around", interactive: false, smoothFactor: 1.5 }));
  return L.featureGroup(shapes);
}

/** View 0 stands on folium's map; view 1 beside it while two days are compared. */
export function mount(app) {
  const { map, state } = app;
  map.invalidateSize({ animate: false });
  fitView(app, map, map.getSize().x < WIDE ? "city" : "all", { animate: false });
  later(() => mountInset(app));
  app.views = [new MapView(app, map, () => state.get("date"), app.layers)];
  state.on(["compareDate"], () => {
    if (Boolean(state.get("compareDate")) === app.views.length > 1) return;
    if (state.get("compareDate")) openSecond(app);
    else closeSecond(app);
    requestAnimationFrame(() => app.views.forEach((view) => view.render())); // names keep clear of the stamps that came or went
  });
}

function openSecond(app) {
  const bounds = wanted(app);
  const host = document.getElementById("ps-map-b");
  const container = document.createElement("div");
  host.hidden = false;
  host.append(container);
  document.getElementById("ps-maps").classList.add("is-comparing");
  const { zoomSnap, zoomDelta, minZoom, maxZoom } = app.map.options;
  const map = L.map(container, { zoomSnap, zoomDelta, minZoom, maxZoom, zoomControl: false, attributionControl: false });
  window.parksite.prepare(map);
  app.map.invalidateSize({ animate: false });
  app.map.fitBounds(bounds, { animate: false });
  map.setView(app.map.getCenter(), app.map.getZoom(), { animate: false });
  for (const { url, options } of app.data.basemap?.layers ?? []) L.tileLayer(url, options).addTo(map);
  app.views = [...app.views, new MapView(app, map, () => app.state.get("compareDate"))];
  untie = tie(app.map, map);
}

function closeSecond(app) {
  const second = app.views[1];
  const bounds = wanted(app);
  app.views = app.views.slice(0, 1);
  second.destroy();
  second.map.remove();
  const host = document.getElementById("ps-map-b");
  for (const one of host.querySelectorAll(".leaflet-container")) one.remove();
  host.hidden = true;
  document.getElementById("ps-maps").classList.remove("is-comparing");
  untie();
  app.map.invalidateSize({ animate: false });
  app.map.fitBounds(bounds, { animate: false });
}

/** What of the city is on the map, so that a map of another width shows the same. */
function wanted(app) {
  const seen = app.map.getBounds();
  const all = L.latLngBounds(app.data.views.all);
  if (!seen.intersects(all)) return seen;
  const south = Math.max(seen.getSouth(), all.getSouth());
  const west = Math.max(seen.getWest(), all.getWest());
  return L.latLngBounds([south, west], [Math.min(seen.getNorth(), all.getNorth()), Math.min(seen.getEast(), all.getEast())]);
}

/** Two maps that move as one, until the function that this gives is called. */
function tie(one, other) {
  let following = false;
  const follow = (from, to) => () => {
    if (following) return;
    following = true;
    to.setView(from.getCenter(), from.getZoom(), { animate: false });
    following = false;
  };
  const [there, back] = [follow(one, other), follow(other, one)];
  one.on("move", there);
  other.on("move", back);
  return () => {
    one.off("move", there);
    other.off("move", back);
  };
}
