import { s } from "./dom.js";

const TILE = 9;
const LINE = 1.8;

/** Marks of a tile, by the letters that symbology.yaml has for a pattern. */
const MARKS = {
  "/": () => s("path", { d: `M-2 2 2-2M0 ${TILE} ${TILE} 0M${TILE - 2} ${TILE + 2} ${TILE + 2} ${TILE - 2}` }),
  "\\": () => s("path", { d: `M-2 ${TILE - 2} 2 ${TILE + 2}M0 0 ${TILE} ${TILE}M${TILE - 2}-2 ${TILE + 2} 2` }),
  "-": () => s("path", { d: `M0 ${TILE / 2}H${TILE}` }),
  "|": () => s("path", { d: `M${TILE / 2} 0V${TILE}` }),
  ".": () => [dot(2.25, 2.25, 1.5), dot(6.75, 6.75, 1.5)],
  o: () => s("circle", { cx: TILE / 2, cy: TILE / 2, r: 2.4 }),
};
const ALSO = { x: ["/", "\\"], "+": ["-", "|"] };

let defs = null;

/**
 * Paint of a class: its colour, or a pattern over it that is made once and named by `url(#…)`.
 *
 * @param {string} colour as #rrggbb
 * @param {string} hatch letters of symbology.yaml, such as "//"; empty for none
 * @returns {string} value of a `fill`
 */
export function paint(colour, hatch) {
  if (!hatch) return colour;
  const marks = [...new Set(hatch)].flatMap((mark) => ALSO[mark] ?? [mark]).filter((mark) => mark in MARKS);
  if (!marks.length) return colour;
  const id = `ps-hatch-${colour.slice(1)}-${marks.map((mark) => mark.codePointAt(0)).join("-")}`;
  if (!document.getElementById(id)) store().append(pattern(id, colour, marks));
  return `url(#${id})`;
}

function store() {
  if (!defs) {
    defs = s("defs", null);
    document.body.append(s("svg", { class: "ps-patterns", width: 0, height: 0, "aria-hidden": "true", focusable: "false" }, defs));
  }
  return defs;
}

function pattern(id, colour, marks) {
  const ink = isPale(colour) ? "#3d4d5c" : "#ffffff";
  return s(
    "pattern",
    { id, width: TILE, height: TILE, patternUnits: "userSpaceOnUse" },
    s("rect", { width: TILE, height: TILE, fill: colour }),
    s("g", { stroke: ink, "stroke-width": LINE, "stroke-opacity": isPale(colour) ? 0.55 : 0.6, fill: "none" }, marks.map((mark) => MARKS[mark]())),
  );
}

function dot(cx, cy, r) {
  return s("circle", { cx, cy, r: r / 2, "stroke-width": r });
}

/** Whether white lines would be lost on a colour. */
export function isPale(colour) {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue > 165;
}
