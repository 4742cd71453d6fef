import { s } from "./dom.js";

const BOX = 20;
const EDGE = "#ffffff";
const RIM = "rgb(20 28 34 / 0.85)";

/** Outlines in a box of 20 by 20; all look equally large. */
const SHAPES = {
  circle: "M10 3.2a6.8 6.8 0 1 1 0 13.6a6.8 6.8 0 1 1 0-13.6z",
  ring: "M10 3a7 7 0 1 1 0 14a7 7 0 1 1 0-14zM10 7a3 3 0 1 0 0 6a3 3 0 1 0 0-6z",
  square: "M4.2 4.2h11.6v11.6h-11.6z",
  diamond: "M10 1.8 18.2 10 10 18.2 1.8 10z",
  triangle: "M10 2.6 18 16.8H2z",
  cross: "M4.9 2.5 10 7.6l5.1-5.1 2.4 2.4-5.1 5.1 5.1 5.1-2.4 2.4-5.1-5.1-5.1 5.1-2.4-2.4 5.1-5.1-5.1-5.1z",
  plus: "M8.3 2.6h3.4v5.7h5.7v3.4h-5.7v5.7H8.3v-5.7H2.6V8.3h5.7z",
};

/**
 * Symbol of a site, told by its shape as well as by its colour.
 *
 * @param {keyof typeof SHAPES} kind an unknown one gives a circle
 * @param {string} colour
 * @param {number} [size] CSS pixels
 * @returns {SVGElement}
 */
export function symbol(kind, colour, size = 18) {
  const d = SHAPES[kind] ?? SHAPES.circle;
  return s(
    "svg",
    { class: "ps-symbol", viewBox: "-1 -1 22 22", width: size, height: size, "aria-hidden": "true", focusable: "false" },
    s("path", { d, fill: "none", stroke: RIM, "stroke-width": 3.4, "stroke-linejoin": "round" }),
    s("path", { d, fill: colour, stroke: EDGE, "stroke-width": 1.8, "stroke-linejoin": "round", "paint-order": "stroke" }),
  );
}

/**
 * The same symbol, to be stamped on a canvas; its middle is the site.
 *
 * @param {keyof typeof SHAPES} kind
 * @param {string} colour
 * @param {number} size CSS pixels
 * @param {number} [ratio] pixels of the device to a CSS pixel
 * @returns {HTMLCanvasElement}
 */
export function sprite(kind, colour, size, ratio = 1) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.ceil(size * ratio);
  const pen = canvas.getContext("2d");
  const scale = canvas.width / (BOX + 2);
  const path = new Path2D(SHAPES[kind] ?? SHAPES.circle);
  pen.setTransform(scale, 0, 0, scale, scale, scale);
  pen.lineJoin = "round";
  pen.lineWidth = 3.4;
  pen.strokeStyle = RIM;
  pen.stroke(path);
  pen.lineWidth = 1.8;
  pen.strokeStyle = EDGE;
  pen.stroke(path);
  pen.fillStyle = colour;
  pen.fill(path);
  return canvas;
}

/**
 * Patch of a legend, with the letter that the class has on the map.
 *
 * @param {string} paint colour or pattern
 * @param {{key?: string, outline: string, dashed?: boolean}} look
 * @returns {SVGElement}
 */
export function patch(paint, { key = "", outline, dashed = false }) {
  return s(
    "svg",
    { class: "ps-patch", width: 34, height: 22, "aria-hidden": "true", focusable: "false" },
    s("rect", {
      x: 0.75, y: 0.75, width: 32.5, height: 20.5, rx: 2, fill: paint, stroke: outline, "stroke-width": 1.2,
      "stroke-dasharray": dashed ? "5 3" : null,
    }),
    key && s("circle", { class: "ps-key-disc", cx: 17, cy: 11, r: 8 }),
    key && s("text", { class: "ps-key-letter", x: 17, y: 15.3, "text-anchor": "middle" }, key),
  );
}
