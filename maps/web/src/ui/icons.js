import { s } from "./dom.js";

const STROKES = {
  ask: "M8 3a5 5 0 0 1 5 5c0 3.5-5 9-5 9S3 11.5 3 8a5 5 0 0 1 5-5zM8 6.5v3M6.5 8h3M14 14l3 3",
  layers: "M10 3 3 7l7 4 7-4zM3 10.5l7 4 7-4M3 14l7 4 7-4",
  sites: "M3 5h14M3 10h14M3 15h14M6 3.5v3M6 8.5v3M6 13.5v3",
  ranking: "M3.5 17v-6h3.500v6zM8.300 17V3.500h3.500V17zM13 17V7.500h3.500V17z",
  search: "M8.5 3a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM12.5 12.5 17 17",
  ruler: "M3 13 13 3l4 4L7 17zM6 10l1.5 1.5M8.5 7.5 10 9M11 5l1.5 1.5",
  area: "M4 5l9-2 4 7-5 7-8-3zM4 5v9M13 3l-1 14",
  compare: "M10 2v16M3 5h4v10H3zM13 5h4v10h-4z",
  print: "M6 7V3h8v4M6 14H3V7h14v7h-3M6 11.5h8V17H6z",
  link: "M8.5 11.5a3 3 0 0 0 4.200 0l3-3a3 3 0 0 0-4.200-4.200l-1 1M11.5 8.5a3 3 0 0 0-4.200 0l-3 3a3 3 0 0 0 4.200 4.200l1-1",
  moon: "M16 12.5A6.5 6.5 0 0 1 7.5 4a6.5 6.5 0 1 0 8.5 8.5z",
  sun: "M10 6.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM10 2v2M10 16v2M2 10h2M16 10h2M4.300 4.300l1.400 1.400M14.300 14.300l1.400 1.400M4.300 15.700l1.400-1.400M14.300 5.700l1.400-1.400",
  info: "M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM10 9v5M10 6v.5",
  close: "M5 5l10 10M15 5 5 15",
  copy: "M7 7h9v10H7zM4 13V3h9v2",
  save: "M10 3v10M6 9.5l4 4 4-4M3 17h14",
  file: "M5 2.5h7l3.5 3.5v11.5h-10.5zM12 2.5V6h3.5M7.5 10h5M7.5 13h5",
  table: "M3 4h14v12H3zM3 8h14M3 12h14M8 8v8",
  plus: "M10 4v12M4 10h12",
  minus: "M4 10h12",
  home: "M3 10l7-6.5 7 6.5M5.5 8.5V16.5h9V8.5",
  play: "M6 4l10 6-10 6z",
  pin: "M7 3h6l-1 5 3 3H5l3-3zM10 11v6",
  left: "M12.5 4l-6 6 6 6",
  right: "M7.5 4l6 6-6 6",
  swap: "M4 7h11l-3-3M16 13H5l3 3",
  filter: "M3 4h14l-5.5 6.5V16l-3-1.5v-4z",
  warn: "M10 3 18 16.5H2zM10 8v4M10 14v.5",
  question: "M6.800 7.200a3.200 3.200 0 1 1 4.700 2.800c-1 .6-1.500 1.200-1.500 2.500M10 15.500v.5",
  hand: "M4 16l1-4 8-8 3 3-8 8zM11 6l3 3",
  reset: "M4.500 8a6 6 0 1 1-.3 4M4 3.500V8h4.500",
  check: "M4 10.5l4 4 8-9",
  globe: "M10 2.5a7.5 7.5 0 1 1 0 15 7.5 7.5 0 0 1 0-15zM2.5 10h15M10 2.5c2.5 2 3.5 4.5 3.5 7.5s-1 5.5-3.5 7.5c-2.5-2-3.5-4.5-3.5-7.5s1-5.5 3.5-7.5z",
};

/**
 * An icon of one stroke, in the colour of the text.
 *
 * @param {keyof typeof STROKES} name
 * @returns {SVGElement}
 */
export function icon(name) {
  return s(
    "svg",
    { viewBox: "0 0 20 20", width: 18, height: 18, "aria-hidden": "true", focusable: "false", class: "ps-icon" },
    s("path", {
      d: STROKES[name],
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 1.6,
      "stroke-linejoin": "round",
      "stroke-linecap": "round",
    }),
  );
}
