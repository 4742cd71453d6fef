import * as L from "leaflet";

import { s } from "./dom.js";
import { siteLooks } from "./sitelooks.js";
import { symbol } from "./symbols.js";

const MOST = 3_000; // sites drawn as lines; more stay on the canvas
const SIZES = [[80, 17], [300, 14], [1_200, 11], [MOST, 8]]; // up to so many: CSS pixels
const NUMBERED = [[80, 24], [300, 18], ...SIZES.slice(2)];
const LEAST_NUMBERED = 15; // CSS pixels of a mark that holds its rank

/**
 * Draws the sites of a view as lines instead of pixels, so that paper shows them sharp.
 *
 * @param {object} app
 * @param {{map: L.Map, date: () => string}} view
 * @param {Map<number, number>} numbers number that a row has in the printed table
 * @returns {{remove: () => void}|null} null where there are too many, or none
 */
export function drawMarks(app, view, numbers) {
  const { state, store } = app;
  const shown = state.get("shown");
  const date = view.date();
  if (!state.get("overlays").includes("sites") || shown?.store !== store || !date) return null;
  const bounds = view.map.getBounds().pad(0.02);
  const rows = [];
  shown.mask.forEach((one, row) => one && bounds.contains([store.lat[row], store.lon[row]]) && rows.push(row));
  if (!rows.length || rows.length > MOST) return null;
  const { codes, looks, texts } = siteLooks(app, date);
  if (texts) rows.sort((one, other) => (texts[other] ?? Infinity) - (texts[one] ?? Infinity) || one - other);
  const size = (texts ? NUMBERED : SIZES).find(([upTo]) => rows.length <= upTo)[1];
  const isNumbered = texts && size >= LEAST_NUMBERED;
  const { x: width, y: height } = view.map.getSize();
  const at = ([lon, lat]) => view.map.latLngToContainerPoint([lat, lon]);
  const svg = s("svg", { class: "ps-print-marks", width, height, "aria-hidden": "true", focusable: "false" },
    rows.map((row) => outline(store.geometry(row), looks[codes[row]].colour, at)),
    rows.map((row) => [
      mark(at([store.lon[row], store.lat[row]]), looks[codes[row]], size),
      isNumbered && texts[row] && rank(at([store.lon[row], store.lat[row]]), texts[row], looks[codes[row]].ink, size),
    ]),
    rows.filter((row) => !isNumbered && numbers.has(row)).map((row) => number(at([store.lon[row], store.lat[row]]), numbers.get(row), size)));
  const pane = view.map.getPane("sites");
  pane.classList.add("has-print-marks");
  L.DomUtil.setPosition(svg, view.map.containerPointToLayerPoint([0, 0]));
  pane.append(svg);
  return {
    remove() {
      svg.remove();
      pane.classList.remove("has-print-marks");
    },
  };
}

function mark({ x, y }, look, size) {
  const drawn = symbol(look.symbol, look.colour, size);
  drawn.setAttribute("x", x - size / 2);
  drawn.setAttribute("y", y - size / 2);
  return drawn;
}

/** The rank of a site, in its mark. */
function rank({ x, y }, text, ink, size) {
  return s("text", { x, y: y + size * 0.16, fill: ink, "font-size": size * 0.46, "font-weight": 700, "text-anchor": "middle" }, text);
}

function outline(geometry, colour, at) {
  if (!geometry) return null;
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const d = polygons.flat().map((ring) => `M${ring.map((one) => { const { x, y } = at(one); return `${x.toFixed(1)} ${y.toFixed(1)}`; }).join("L")}Z`).join("");
  return s("path", { d, fill: colour, "fill-opacity": 0.3, "fill-rule": "evenodd", stroke: colour, "stroke-width": 1.6 });
}

function number({ x, y }, text, size) {
  return s("text", { class: "ps-print-number", x: x + size / 2 + 1, y: y + 4 }, String(text));
}
