import * as L from "leaflet";

import { indexed, insideArea } from "../core/inside.js";
import { boxAbout, innerSpots, nearest, overlap, placeLabels, ringOf } from "../core/labels.js";
import { fill, s } from "./dom.js";
import { later } from "./later.js";

const SIZES = { district: 14, around: 12.5, place: 12 };
const WEIGHTS = { district: 600, around: 400, place: 500 };
const DISC = 18;
const GAP = 4;
const EDGE = 5; // pixels that stay free along the frame
const MOST_SITES = 400; // up to which names keep clear of the sites' symbols
const SITE = 9; // half the width of a symbol
const WIDE = { x0: 113.3, y0: 22, x1: 115.8, y1: 23.6 }; // where names of neighbours may stand
const MOSTLY = 0.7; // share of a name that must lie in its own area to be read as belonging there
const BARELY = 0.4;
const spotsByArea = new WeakMap();
const indexByArea = new WeakMap();
const widths = new Map();
let ruler = null;
let family = null;

/** Names on a map, placed anew after every move so that none overlaps another. */
export const Labels = L.Layer.extend({
  /** @param {object} app @param {() => object} content what to write: {theme, kinds: {districts, around, places}} */
  initialize(app, content, onChoose) {
    this._app = app;
    this._content = content;
    this._choose = onChoose;
    this._kept = new Map();
  },

  onAdd(map) {
    this._svg = s("svg", { class: "ps-names leaflet-zoom-hide", "aria-hidden": "true", focusable: "false" });
    map.getPane("names").append(this._svg);
    this._waiting = later(() => this._begin());
    return this;
  },

  onRemove() {
    this._waiting?.();
    this._waiting = null;
    this._svg.remove();
    return this;
  },

  /** The first picture comes without names. */
  _begin() {
    this._waiting = null;
    this.redraw();
  },

  getEvents() {
    return { moveend: this._moved, viewreset: this._moved, resize: this._moved };
  },

  _moved() {
    this._kept.clear();
    this.redraw();
  },

  /** What `make` gave for a name since the last move. */
  _keep(name, make) {
    if (!this._kept.has(name)) this._kept.set(name, make());
    return this._kept.get(name);
  },

  redraw() {
    const map = this._map;
    if (!map || this._waiting) return;
    const size = map.getSize();
    L.DomUtil.setPosition(this._svg, map.containerPointToLayerPoint([0, 0]));
    this._svg.setAttribute("width", size.x);
    this._svg.setAttribute("height", size.y);
    const [content, keep] = [this._content(), this._keep.bind(this)];
    const items = [districtItems, aroundItems, placeItems].flatMap((itemsOf) => itemsOf(this._app, map, content, keep));
    const frame = { x0: EDGE, y0: EDGE, x1: size.x - EDGE, y1: size.y - EDGE };
    const placed = placeLabels(items, frame, { gap: 3, taken: corners(map) });
    fill(this._svg, placed.map(({ id, choice }) => drawn(id, choice, this._choose)));
  },
});

/** Boxes of what stands over the map, so that no name hides behind it. */
function corners(map) {
  const home = map.getContainer().getBoundingClientRect();
  const over = [...map.getContainer().parentElement.parentElement.querySelectorAll(".ps-corner > *, .ps-stamp, .leaflet-control, .ps-pin")];
  return over
    .map((one) => one.getBoundingClientRect())
    .filter((box) => box.width && box.height)
    .map((box) => ({ x0: box.left - home.left, y0: box.top - home.top, x1: box.right - home.left, y1: box.bottom - home.top }));
}

function districtItems(app, map, { theme, kinds }, keep) {
  if (!kinds.districts) return [];
  const { store } = app;
  const guarded = kinds.sites && store.count <= MOST_SITES;
  const sites = guarded ? keep(`sites:${app.state.get("list")}:${store.count}`, () => sitesOn(map, store)) : [];
  const keys = new Map(theme.classes.map((one) => [one.id, one.key]));
  return app.ground.districts.map(({ id, area }) => {
    const place = app.data.places[id];
    const key = keys.get(theme.by_place[id]) ?? "";
    const short = app.say(shortest(place.zh, place.aliases), place.en);
    const texts = [...new Set([app.say(place.zh, place.en), short])];
    const spots = keep(`spots:${id}`, () => visibleSpots(map, area));
    const looks = texts.map((text) => ({ kind: "district", text, key, place: id }));
    return {
      id: `district:${id}`,
      priority: 100 - Math.min(90, (spots[0]?.room ?? 0) / 2),
      choices: keep(`district:${id}:${key}:${sites.length}:${texts}`, () => districtChoices(app, map, area, spots, looks, sites)),
    };
  });
}

function aroundItems(app, map, { kinds }, keep) {
  if (!kinds.around) return [];
  return app.ground.neighbours.map((one, at) => {
    const names = [...new Set([app.say(one.zh, one.en), app.say(one.zh.replace(/（.*）$/, ""), one.en.replace(/,.*$/, ""))])];
    const looks = names.map((text) => ({ kind: "around", text, key: "" }));
    return {
      id: `around:${at}`,
      priority: 5,
      choices: keep(`around:${at}:${names}`, () => roomyChoices(visibleSpots(map, one.area, WIDE), looks)),
    };
  });
}

function placeItems(app, map, { kinds }, keep) {
  if (!kinds.places) return [];
  const named = new Set(app.data.designations.map((one) => one.place));
  return Object.entries(app.data.places)
    .filter(([id, place]) => place.within && named.has(id))
    .map(([id, place]) => {
      const { area } = app.ground.districts.find((one) => one.id === place.within);
      const text = app.say(place.zh, place.en);
      const looks = [`◇ ${text}`, "◇"].map((each) => ({ kind: "place", text: each, key: "", place: place.within }));
      return { id: `place:${id}`, priority: 3, choices: keep(`place:${id}:${text}`, () => roomyChoices(visibleSpots(map, area), looks)) };
    });
}

/** The shortest name that is written in the letters of the long one. */
function shortest(name, aliases) {
  return [name, ...aliases].filter((one) => name.includes(one)).sort((one, other) => one.length - other.length)[0];
}

/** Points of an area that are on the screen, as pixels, those with most room first. */
function visibleSpots(map, area, within) {
  if (!spotsByArea.has(area)) spotsByArea.set(area, innerSpots(area, { columns: 18, within }));
  const size = map.getSize();
  const origin = map.latLngToContainerPoint([22.5, 114]);
  const perDegree = origin.y - map.latLngToContainerPoint([23.5, 114]).y;
  return spotsByArea
    .get(area)
    .map(({ lon, lat, room }) => {
      const { x, y } = map.latLngToContainerPoint([lat, lon]);
      return { x, y, room: Math.min(room * perDegree, x, y, size.x - x, size.y - y) };
    })
    .filter((one) => one.room > 0)
    .sort((one, other) => other.room - one.room)
    .slice(0, 60);
}

/** Ways of writing a name of the surroundings or of a place: where it lies inside altogether. */
function roomyChoices(spots, looks) {
  return looks.flatMap((look) => {
    const [width, height] = [widthOf(look), heightOf(look)];
    return spots.filter(({ room }) => room >= width / 2 + 2).map(({ x, y }) => ({ box: boxAbout(x, y, width, height), look }));
  });
}

/**
 * Ways of writing a district's name: the long name inside, the short one inside, the short one beside the city with a
 * line to the district, the short one across a border, at last the letter alone.
 */
function districtChoices(app, map, area, spots, looks, sites) {
  const sized = looks.map((look) => ({ look, width: widthOf(look), height: heightOf(look) }));
  const at = positions(map);
  const inside = [];
  const across = [];
  const clearest = (one, other) => one.covered - other.covered;
  for (const { look, width, height } of sized) {
    const found = [];
    for (const { x, y, room } of spots) {
      if (room < 5) continue;
      const box = boxAbout(x, y, width, height);
      const share = shareIn(area, box, at);
      const covered = sites.filter((one) => overlap(box, one)).length;
      if (share >= MOSTLY) found.push({ box, look, covered });
      else if (share >= BARELY) across.push({ box, look, covered });
    }
    inside.push(...found.sort(clearest));
  }
  across.sort(clearest);
  if (!spots.length) return [];
  const { look, width, height } = sized.at(-1);
  const beside = ringOf([spots[0].x, spots[0].y], { width, height }, [14, 26, 40, 58, 80, 104])
    .filter(({ box }) => app.ground.districts.every((one) => shareIn(one.area, box, at) === 0))
    .map((one) => ({ ...one, look }));
  const letter = look.key ? spots.slice(0, 8).map(({ x, y }) => ({ box: boxAbout(x, y, DISC, DISC), look: { ...look, text: "" } })) : [];
  return [...inside, ...beside, ...across, ...letter];
}

/** Boxes of the sites' symbols on the screen. */
function sitesOn(map, store) {
  const size = map.getSize();
  return Array.from({ length: store.count }, (_, row) => map.latLngToContainerPoint([store.lat[row], store.lon[row]]))
    .filter(({ x, y }) => x > -SITE && y > -SITE && x < size.x + SITE && y < size.y + SITE)
    .map(({ x, y }) => boxAbout(x, y, 2 * SITE, 2 * SITE));
}

/** Share of a box that lies in an area, by nine of its points. */
function shareIn(area, box, at) {
  if (!indexByArea.has(area)) indexByArea.set(area, indexed(area));
  const index = indexByArea.get(area);
  let count = 0;
  for (const x of [box.x0, (box.x0 + box.x1) / 2, box.x1]) {
    for (const y of [box.y0, (box.y0 + box.y1) / 2, box.y1]) {
      if (insideArea(index, ...at(x, y)) > 0) count += 1;
    }
  }
  return count / 9;
}

/** Longitude and latitude of a pixel; linear over the screen, which is near enough for names. */
function positions(map) {
  const size = map.getSize();
  const [a, b] = [map.containerPointToLatLng([0, 0]), map.containerPointToLatLng([size.x, size.y])];
  return (x, y) => [a.lng + ((b.lng - a.lng) * x) / size.x, a.lat + ((b.lat - a.lat) * y) / size.y];
}

function heightOf({ kind, key }) {
  return key ? DISC + 2 : SIZES[kind] * 1.35;
}

function widthOf({ kind, text, key }) {
  family ??= getComputedStyle(document.body).fontFamily;
  const font = `${WEIGHTS[kind]} ${SIZES[kind]}px ${family}`;
  const name = `${font}|${text}`;
  if (!widths.has(name)) {
    ruler ??= document.createElement("canvas").getContext("2d");
    ruler.font = font;
    widths.set(name, ruler.measureText(text).width);
  }
  return Math.ceil(widths.get(name)) + (key ? DISC + GAP : 0) + (kind === "place" ? 12 : 4);
}

function drawn(id, { box, leader, look }, onChoose) {
  const { kind, text, key, place } = look;
  const middle = (box.y0 + box.y1) / 2;
  const left = box.x0 + (kind === "place" ? 6 : 2);
  const parts = [];
  if (leader) {
    const [x, y] = nearest(box, leader);
    const line = { x1: x, y1: y, x2: leader[0], y2: leader[1] };
    parts.push(s("line", { class: "ps-leader-halo", ...line }), s("line", { class: "ps-leader", ...line }), s("circle", { class: "ps-leader-end", cx: leader[0], cy: leader[1], r: 2.2 }));
  }
  if (kind === "place") {
    parts.push(s("rect", { class: "ps-name-pill", x: box.x0, y: box.y0, width: box.x1 - box.x0, height: box.y1 - box.y0, rx: 8 }));
  }
  if (key) {
    const cx = text ? left + DISC / 2 : (box.x0 + box.x1) / 2;
    parts.push(
      s("circle", { class: "ps-key-disc", cx, cy: middle, r: DISC / 2 - 0.5 }),
      s("text", { class: "ps-key-letter", x: cx, y: middle + 4.3, "text-anchor": "middle" }, key),
    );
  }
  const x = left + (key ? DISC + GAP : 0);
  if (text) parts.push(s("text", { class: "ps-name-text", x, y: middle + SIZES[kind] * 0.36, "font-size": SIZES[kind], "font-weight": WEIGHTS[kind] }, text));
  const group = s("g", { class: `ps-name is-${kind}`, data: { name: id } }, parts);
  if (kind === "place") group.addEventListener("click", (event) => (event.stopPropagation(), onChoose(place)));
  return group;
}
