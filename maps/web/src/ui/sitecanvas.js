import * as L from "leaflet";

import { placeLabels } from "../core/labels.js";
import { isShown } from "../core/spots.js";
import { later } from "./later.js";
import { sprite } from "./symbols.js";

const MARGIN = 0.2; // of the view, drawn beyond each edge so that panning finds it ready; not of the first picture
const MARKS = [[250, 17], [1200, 14], [5000, 11], [12000, 9], [24000, 7]]; // up to so many in the view: CSS pixels
const SLACK = 1.3; // a size stays until the count has gone this far beyond it
const MANY_DOTS = 250000;
const LEAST_OUTLINE = 7; // CSS pixels
const LEAST_NUMBERED = 15; // CSS pixels of a mark that holds a number
const TEXT_SHARE = 0.62; // of a mark, that its number may be wide
const MOST_NAMES = 70;
const NAMES_FROM = 11; // zoom
const SLICE = 6000; // marks drawn before the page gets a turn
const TURN_MS = 12;

/**
 * Sites on a canvas in the pane "sites": marks while few are seen, dots of colour where many are.
 *
 * `read()` gives what to draw, or null for nothing: `{store, spots, mask, codes: Uint8Array, looks: [{colour, symbol}]}`
 * with a look for each code; `texts` of rows that stand in their marks, the largest number lowest, and `sizes` to hold them.
 */
export const SiteCanvas = L.Layer.extend({
  options: { pane: "sites" },

  initialize(read) {
    this._read = read;
    this._size = MARKS[0][1];
    this._sprites = new Map();
  },

  onAdd(map) {
    const pane = map.getPane("sites") ?? map.createPane("sites");
    this._canvases = [0, 1].map(() => {
      const canvas = L.DomUtil.create("canvas", "ps-sites leaflet-zoom-animated", pane);
      canvas.setAttribute("aria-hidden", "true");
      canvas.hidden = true;
      return canvas;
    });
    this.redraw();
  },

  onRemove() {
    this._callOff();
    for (const canvas of this._canvases) canvas.remove();
    this._canvases = null;
  },

  getEvents() {
    return { viewreset: this.redraw, moveend: this._settle, move: this._onMove, zoomanim: this._onZoom, resize: this._settle };
  },

  /** CSS pixels of a mark, or of a dot. */
  get markSize() {
    return this._dots ? 2 : this._size;
  },

  /** Whether the sites are drawn as dots. */
  get dots() {
    return Boolean(this._dots);
  },

  /** Draws anew in the next frame. */
  redraw() {
    if (!this._canvases) return;
    this._callOff();
    this._frame = requestAnimationFrame(() => this._draw());
  },

  _callOff() {
    cancelAnimationFrame(this._frame);
    this._waiting?.();
  },

  /** Draws the margins anew: when there is time, if the drawn part fills the view. */
  _settle() {
    if (!this._fills()) {
      this.redraw();
      return;
    }
    this._waiting?.();
    this._waiting = later(() => this.redraw());
  },

  /** While panning: nothing, until the drawn part no longer fills the view. */
  _onMove() {
    if (this._drawn?.zoom === this._map.getZoom() && !this._fills()) this.redraw();
  },

  /** Whether the drawn part fills the view. */
  _fills() {
    const drawn = this._drawn;
    if (drawn?.zoom !== this._map.getZoom()) return false;
    const corner = this._map.containerPointToLayerPoint([0, 0]).subtract(drawn.corner);
    const { x, y } = this._map.getSize();
    return corner.x >= 0 && corner.y >= 0 && corner.x + x <= drawn.width && corner.y + y <= drawn.height;
  },

  _onZoom({ zoom, center }) {
    const drawn = this._drawn;
    if (!drawn) return;
    const place = this._map._latLngToNewLayerPoint(drawn.northWest, zoom, center);
    L.DomUtil.setTransform(this._canvases[0], place, this._map.getZoomScale(zoom, drawn.zoom));
  },

  _draw() {
    const map = this._map;
    const content = this._read();
    const [, back] = this._canvases;
    if (!content || !content.store.count) {
      for (const canvas of this._canvases) canvas.hidden = true;
      this._drawn = null;
      return;
    }
    const frame = this._frameOf(map);
    const rows = rowsWithin(content, frame);
    this._choose(rows.length, content.sizes ?? MARKS);
    if (content.texts && !this._dots) rows.sort((one, other) => (content.texts[other] ?? Infinity) - (content.texts[one] ?? Infinity) || one - other);
    const pen = prepared(back, frame);
    if (this._dots) drawDots(pen, content, frame, rows);
    this._drawOutlines(pen, content, frame);
    if (this._dots) this._finish(frame, content, rows, pen);
    else this._drawMarks(pen, content, frame, rows, 0);
  },

  /** The part of the world to draw: its corner in pixels of the world and of the layer. */
  _frameOf(map) {
    const view = map.getSize();
    const margin = view.multiplyBy(this._drawn ? MARGIN : 0).round();
    const corner = map.containerPointToLayerPoint(margin.multiplyBy(-1)).round();
    const zoom = map.getZoom();
    const world = map.getPixelOrigin().add(corner);
    return {
      zoom, corner,
      northWest: map.layerPointToLatLng(corner),
      x: world.x, y: world.y,
      scale: 256 * 2 ** zoom,
      width: view.x + 2 * margin.x,
      height: view.y + 2 * margin.y,
      ratio: window.devicePixelRatio || 1,
      names: zoom >= NAMES_FROM,
    };
  },

  /** Marks or dots, and of which size; the last choice is kept while the count stays near it. */
  _choose(count, sizes) {
    const most = sizes.at(-1)[0];
    this._dots = count > (this._dots ? most / SLACK : most);
    if (this._dots) return;
    const now = sizes.findIndex(([, size]) => size === this._size);
    const [limit, below] = now < 0 ? [0, 0] : [sizes[now][0], now > 0 ? sizes[now - 1][0] : 0];
    if (count <= limit * SLACK && count > below / SLACK) return;
    this._size = (sizes.find(([upTo]) => count <= upTo) ?? sizes.at(-1))[1];
  },

  _drawOutlines(pen, { spots, mask, codes, looks }, frame) {
    if (!spots.outlines.length) return;
    const least = LEAST_OUTLINE / frame.scale;
    const [x0, y0] = [frame.x / frame.scale, frame.y / frame.scale];
    const [x1, y1] = [x0 + frame.width / frame.scale, y0 + frame.height / frame.scale];
    pen.lineWidth = 1.6;
    pen.lineJoin = "round";
    for (const { row, box, rings } of spots.outlines) {
      if (!mask[row] || box[0] > x1 || box[2] < x0 || box[1] > y1 || box[3] < y0 || !isShown(box, least)) continue;
      const { colour } = looks[codes[row]];
      pen.beginPath();
      for (const ring of rings) trace(pen, ring, frame);
      pen.globalAlpha = 0.3;
      pen.fillStyle = colour;
      pen.fill("evenodd");
      pen.globalAlpha = 1;
      pen.strokeStyle = colour;
      pen.stroke();
    }
  },

  /** Draws marks until the turn is over, then goes on in the next frame. */
  _drawMarks(pen, content, frame, rows, from) {
    const stamps = content.looks.map((look) => this._stamp(look, frame.ratio));
    const half = this._size / 2;
    const { spots, codes, looks } = content;
    const texts = this._size >= LEAST_NUMBERED ? content.texts : null;
    if (texts) lettered(pen, this._size, this._map.getContainer());
    const until = performance.now() + TURN_MS;
    let at = from;
    while (at < rows.length) {
      const end = Math.min(rows.length, at + SLICE / 4);
      for (; at < end; at += 1) {
        const row = rows[at];
        const x = Math.round((spots.x[row] * frame.scale - frame.x - half) * frame.ratio) / frame.ratio;
        const y = Math.round((spots.y[row] * frame.scale - frame.y - half) * frame.ratio) / frame.ratio;
        pen.drawImage(stamps[codes[row]], x, y, this._size, this._size);
        if (!texts?.[row]) continue;
        pen.fillStyle = looks[codes[row]].ink;
        pen.fillText(texts[row], x + half, y + half + 0.5, this._size * TEXT_SHARE);
      }
      if (at < rows.length && performance.now() > until) {
        this._frame = requestAnimationFrame(() => this._drawMarks(pen, content, frame, rows, at));
        return;
      }
    }
    this._finish(frame, content, rows, pen);
  },

  _stamp({ symbol, colour }, ratio) {
    const key = `${symbol} ${colour} ${this._size} ${ratio}`;
    if (!this._sprites.has(key)) this._sprites.set(key, sprite(symbol, colour, this._size, ratio));
    return this._sprites.get(key);
  },

  /** Names, then the new picture takes the place of the old. */
  _finish(frame, content, rows, pen) {
    if (frame.names && rows.length <= MOST_NAMES && !this._dots) drawNames(pen, content, frame, content.texts ? rows.toReversed() : rows, this._size, this._map.getContainer());
    const [front, back] = this._canvases;
    L.DomUtil.setTransform(back, frame.corner, 1);
    back.hidden = false;
    front.hidden = true;
    this._canvases = [back, front];
    const first = !this._drawn;
    this._drawn = frame;
    if (first) this._settle();
    this.fire("drawn", { seen: rows.length });
  },
});

/** Rows of the mask that lie in the frame. */
function rowsWithin({ spots, mask }, frame) {
  const { x, y } = spots;
  const [x0, y0] = [(frame.x - 12) / frame.scale, (frame.y - 12) / frame.scale];
  const [x1, y1] = [(frame.x + frame.width + 12) / frame.scale, (frame.y + frame.height + 12) / frame.scale];
  const rows = new Uint32Array(x.length);
  let count = 0;
  for (let row = 0; row < x.length; row += 1) {
    if (mask[row] && x[row] >= x0 && x[row] <= x1 && y[row] >= y0 && y[row] <= y1) {
      rows[count] = row;
      count += 1;
    }
  }
  return rows.subarray(0, count);
}

/** An empty canvas of the frame's size; the pen works in CSS pixels. */
function prepared(canvas, { width, height, ratio }) {
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  const pen = canvas.getContext("2d");
  if (canvas.width !== w || canvas.height !== h) {
    canvas.width = w;
    canvas.height = h;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  } else {
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, w, h);
  }
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

/** A pen for the numbers in marks. */
function lettered(pen, size, host) {
  pen.font = `700 ${Math.round(size * 0.46)}px ${getComputedStyle(host).fontFamily}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
}

function trace(pen, ring, frame) {
  for (let at = 0; at < ring.length; at += 2) {
    const x = ring[at] * frame.scale - frame.x;
    const y = ring[at + 1] * frame.scale - frame.y;
    if (at) pen.lineTo(x, y);
    else pen.moveTo(x, y);
  }
  pen.closePath();
}

/** A square of a few pixels for each site, written into the picture itself. */
function drawDots(pen, { spots, codes, looks }, frame, rows) {
  const { width, height } = pen.canvas;
  const picture = pen.createImageData(width, height);
  const pixels = new Uint32Array(picture.data.buffer);
  const colours = Uint32Array.from(looks, ({ colour }) => pixelOf(colour));
  const side = Math.max(1, Math.round((rows.length > MANY_DOTS ? 1.2 : 2) * frame.ratio));
  const shift = (side - 1) / 2;
  const scale = frame.scale * frame.ratio;
  const left = frame.x * frame.ratio + shift;
  const top = frame.y * frame.ratio + shift;
  const { x: across, y: downwards } = spots;
  for (const row of rows) {
    const x = Math.floor(across[row] * scale - left);
    const y = Math.floor(downwards[row] * scale - top);
    if (x < 0 || y < 0 || x + side > width || y + side > height) continue;
    const colour = colours[codes[row]];
    const start = y * width + x;
    for (let line = start, last = start + side * width; line < last; line += width) {
      for (let pixel = line, end = line + side; pixel < end; pixel += 1) pixels[pixel] = colour;
    }
  }
  pen.putImageData(picture, 0, 0);
}

const BYTES = new Uint8Array(4);
const WORD = new Uint32Array(BYTES.buffer);

/** A `#rrggbb` as the machine writes a pixel. */
function pixelOf(colour) {
  const value = Number.parseInt(colour.slice(1), 16);
  BYTES.set([(value >> 16) & 255, (value >> 8) & 255, value & 255, 255]);
  return WORD[0];
}

/** Names beside their marks, where they do not collide. */
function drawNames(pen, { store, spots }, frame, rows, size, host) {
  const style = getComputedStyle(host);
  pen.font = `12px ${style.fontFamily}`;
  pen.textAlign = "start";
  pen.textBaseline = "middle";
  pen.lineJoin = "round";
  pen.lineWidth = 3.5;
  pen.strokeStyle = style.getPropertyValue("--halo");
  pen.fillStyle = style.getPropertyValue("--ink");
  const gap = size / 2 + 5;
  const points = Array.from(rows, (row) => [spots.x[row] * frame.scale - frame.x, spots.y[row] * frame.scale - frame.y]);
  const texts = Array.from(rows, (row) => shortened(store.name(row) || store.id(row)));
  const items = points.map(([x, y], at) => {
    const width = pen.measureText(texts[at]).width;
    const box = (left) => ({ box: { x0: left, y0: y - 8, x1: left + width, y1: y + 8 } });
    return { id: String(at), priority: -at, choices: [box(x + gap), box(x - gap - width)] };
  });
  const taken = points.map(([x, y]) => ({ x0: x - size / 2, y0: y - size / 2, x1: x + size / 2, y1: y + size / 2 }));
  for (const { id, choice } of placeLabels(items, { x0: 0, y0: 0, x1: frame.width, y1: frame.height }, { taken })) {
    const { x0, y0 } = choice.box;
    pen.strokeText(texts[id], x0, y0 + 8);
    pen.fillText(texts[id], x0, y0 + 8);
  }
}

function shortened(text) {
  const marks = [...text];
  return marks.length > 18 ? `${marks.slice(0, 17).join("")}…` : text;
}
