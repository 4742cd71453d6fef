import * as L from "leaflet";

import { isDark } from "./scheme.js";
import { paint } from "./patterns.js";

const DASHES = "8 5";
const keysByTheme = new Map();
const rings = new WeakMap();

/**
 * A theme on a day.
 *
 * @param {object} app
 * @param {string} id
 * @param {string} date
 * @returns {{zh: string, en: string, classes: object[], by_place: object, former: object}} classes in the order of
 *   their letters, each with `key` (its letter, empty for the class of nothing) and `paint` for the scheme of the page
 */
export function themeOn(app, id, date) {
  const theme = app.register.regime(date).themes[id];
  const keys = classKeys(app.data, id);
  const classes = theme.classes.map((one) => ({ ...one, key: keys.get(one.id) ?? "", paint: classPaint(app, one) }));
  classes.sort((one, other) => rank(one.key) - rank(other.key));
  const day = (text) => text.replaceAll("{as_of}", date);
  return { ...theme, zh: day(theme.zh), en: day(theme.en), classes };
}

/** Colours of the ground in the scheme of the page. */
export function groundColours(app) {
  const { dark, ...light } = app.data.colours;
  return { none: "#f6f4ee", ...light, ...(isDark() ? dark : null) };
}

function classPaint(app, one) {
  return one.id === "none" ? groundColours(app).none : paint(one.colour, one.hatch);
}

/** Letters of a theme's classes; a class keeps its letter on every day. */
function classKeys(data, id) {
  if (!keysByTheme.has(id)) {
    const ids = new Set(data.regimes.flatMap((regime) => regime.themes[id].classes.map((one) => one.id)));
    ids.delete("none");
    keysByTheme.set(id, new Map([...ids].map((one, at) => [one, at < 26 ? String.fromCharCode(65 + at) : String(at + 1)])));
  }
  return keysByTheme.get(id);
}

function rank(key) {
  return key ? key.length * 1000 + key.codePointAt(0) : Infinity;
}

/** An area as Leaflet has it. */
export function latLngs(area) {
  if (!rings.has(area)) {
    rings.set(area, area.map((polygon) => polygon.map((ring) => pointsOf(ring))));
  }
  return rings.get(area);
}

function pointsOf(ring) {
  const found = [];
  for (let at = 0; at < ring.length; at += 2) found.push(new L.LatLng(ring[at + 1], ring[at]));
  return found;
}

/** A line round a district that is seen on every colour: dark with a light edge. */
export function highlight(app, id) {
  const found = app.ground.districts.find((one) => one.id === id);
  if (!found) return L.layerGroup();
  const look = { pane: "doubt", interactive: false, fill: false, smoothFactor: 0.8, lineJoin: "round" };
  return L.layerGroup([
    L.polygon(latLngs(found.area), { ...look, weight: 8, className: "ps-chosen-edge" }),
    L.polygon(latLngs(found.area), { ...look, weight: 4, className: "ps-chosen" }),
  ]);
}

/** The districts of a map: filled by theme, each a button for keyboard and screen reader. */
export class Districts {
  #app;
  #shapes = new Map();

  /**
   * @param {object} app
   * @param {L.LayerGroup} group takes the shapes
   * @param {(id: string) => void} onChoose by keyboard; a click goes to the map
   */
  constructor(app, group, onChoose) {
    this.#app = app;
    const renderer = L.svg({ pane: "districts", padding: 0.4 });
    for (const { id, area, approximate } of app.ground.districts) {
      const shape = L.polygon(latLngs(area), {
        renderer,
        pane: "districts",
        className: "ps-district",
        smoothFactor: 0.8,
        dashArray: approximate ? DASHES : null,
        lineJoin: "round",
      });
      shape.on("add", () => this.#dress(shape, id, onChoose));
      this.#shapes.set(id, shape);
      shape.addTo(group);
    }
  }

  #dress(shape, id, onChoose) {
    const element = shape.getElement();
    element.setAttribute("tabindex", "0");
    element.setAttribute("role", "button");
    element.dataset.district = id;
    if (element.dataset.dressed) return;
    element.dataset.dressed = "true";
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation();
      onChoose(id);
    });
  }

  /** Draws a theme; `chosen` is the selected district or null. */
  restyle(theme, chosen) {
    const app = this.#app;
    const { outline } = groundColours(app);
    const classes = new Map(theme.classes.map((one) => [one.id, one]));
    for (const [id, shape] of this.#shapes) {
      const held = classes.get(theme.by_place[id]);
      shape.setStyle({
        color: outline,
        weight: shape.options.dashArray ? 2 : 1.3,
        fillColor: held.paint,
        fillOpacity: app.data.basemap ? 0.62 : 1,
      });
      const element = shape.getElement();
      if (!element) continue;
      const former = theme.former[id];
      const then = former ? app.say(`，时属${app.data.places[former].zh}`, `, then part of ${app.data.places[former].en}`) : "";
      element.setAttribute("aria-label", `${app.placeName(id)}${app.say("：", ": ")}${app.say(held.zh, held.en)}${then}`);
      element.setAttribute("aria-pressed", String(id === chosen));
      element.dataset.class = held.id;
      element.dataset.key = held.key;
    }
  }
}
