import * as L from "leaflet";

import { MATCHES } from "../core/filter.js";
import { acrossOf, downOf, spotsOf } from "../core/spots.js";
import { fill, h } from "./dom.js";
import { onScheme } from "./scheme.js";
import { SiteCanvas } from "./sitecanvas.js";
import { siteKind, siteLooks } from "./sitelooks.js";

const REACH = 12; // CSS pixels from a mark, by the mouse
const REACH_DOTS = 6;
const REACH_TOUCH = 22;
const SAME_SPOT = 3; // CSS pixels between sites that a click cannot tell apart
const SAME_GROUND = 1e-8; // widths of the world, some 0.4 m
const MOST_SIDE_BY_SIDE = 12;
const MOST_LISTED = 60;
const INDEX_MS = 300; // after the first click or touch of the mouse, so that its answer comes first

/**
 * The sites on every map of the page, and what the pointer finds there.
 *
 * Gives `app.hitSite(view, latlng, point)`, the row of the list on show at a point of the map or null.
 */
export function mount(app) {
  new SiteLayer(app);
}

class SiteLayer {
  #app;
  #views = new Map();

  constructor(app) {
    this.#app = app;
    app.hitSite = (view, latlng, point) => this.#hit(view, latlng, point);
    app.state.on(["compareDate", "list", "dropped"], () => requestAnimationFrame(() => this.#follow()));
    app.state.on(["shown", "siteColour", "overlays", "date", "compareDate", "standing"], () => this.#redraw());
    app.state.on(["selection", "list", "overlays"], () => this.#ring());
    app.state.on(["list", "dropped", "filters", "lang"], () => this.#closeChooser());
    onScheme(() => this.#redraw());
    this.#follow();
  }

  /** Puts a layer on each view, and takes it from those that are gone. */
  #follow() {
    const { views } = this.#app;
    for (const [view, parts] of this.#views) {
      if (views.includes(view)) continue;
      parts.hover.end();
      this.#views.delete(view);
    }
    for (const view of views) {
      if (this.#views.has(view)) continue;
      const canvas = new SiteCanvas(() => this.#content(view));
      const ring = L.marker([0, 0], {
        icon: L.divIcon({ className: "ps-site-ring", iconSize: [26, 26] }), pane: "marks", interactive: false, keyboard: false,
      });
      this.#views.set(view, { canvas, ring, hover: hoverOn(view.map, (latlng) => this.#rowsAt(view, latlng), (row) => this.#title(row)) });
      view.map.addLayer(canvas);
    }
    this.#ring();
  }

  #redraw() {
    for (const { canvas } of this.#views.values()) canvas.redraw();
  }

  /** The index of positions is made when the mouse has come and the page has nothing else to do. */
  #prepare(spots) {
    if (spots.prepared || this.preparing === spots) return;
    this.preparing = spots;
    setTimeout(() => requestIdleCallback(() => spots.prepare()), INDEX_MS);
  }

  #visible() {
    return this.#app.state.get("overlays").includes("sites");
  }

  /** The mask of the filters, if they have caught up with the list on show. */
  #mask() {
    const shown = this.#app.state.get("shown");
    return shown?.store === this.#app.store ? shown.mask : null;
  }

  #content(view) {
    const { store } = this.#app;
    const mask = this.#mask();
    const date = view.date();
    if (!mask || !date || !this.#visible()) return null;
    return { store, spots: spotsOf(store), mask, ...siteLooks(this.#app, date) };
  }

  /** Rows within reach of a position, the nearest first; outlines that hold it come last. */
  #rowsAt(view, latlng, touch = false) {
    const { canvas } = this.#views.get(view) ?? {};
    const mask = this.#mask();
    if (!canvas || !mask || !this.#visible()) return [];
    const scale = 256 * 2 ** view.map.getZoom();
    const [x, y] = [acrossOf(latlng.lng), downOf(latlng.lat)];
    const reach = touch ? REACH_TOUCH : canvas.dots ? REACH_DOTS : REACH;
    const spots = spotsOf(this.#app.store);
    if (!touch) this.#prepare(spots);
    const near = spots.near(x, y, reach / scale, mask);
    return near.length ? near : spots.around(x, y, 7 / scale, mask);
  }

  /** The site of a click; where several cannot be told apart, a list of them opens too. */
  #hit(view, latlng, point) {
    const parts = this.#views.get(view);
    this.#closeChooser();
    if (!parts) return null;
    parts.hover.hide();
    const rows = this.#rowsAt(view, latlng, parts.hover.touched);
    if (!rows.length) return null;
    const together = this.#together(view, rows);
    if (together.length > 1) this.#openChooser(view, latlng, point, together);
    return rows[0];
  }

  /** The rows that lie on the spot of the first. */
  #together(view, rows) {
    const { x, y } = spotsOf(this.#app.store);
    const [first] = rows;
    const within = (reach) => rows.filter((row) => Math.hypot(x[row] - x[first], y[row] - y[first]) <= reach);
    const side = within(SAME_SPOT / (256 * 2 ** view.map.getZoom()));
    return side.length <= MOST_SIDE_BY_SIDE ? side : within(SAME_GROUND);
  }

  #openChooser(view, latlng, point, rows) {
    const { state } = this.#app;
    const list = state.get("list");
    const say = (zh, en) => this.#app.say(zh, en);
    const buttons = rows.slice(0, MOST_LISTED).map((row) =>
      h("li", null, h("button", {
        type: "button", class: "ps-chooser-item",
        on: { click: () => state.set({ selection: { kind: "site", list, row } }) },
      }, h("b", null, this.#app.store.id(row)), " ", this.#app.store.name(row))));
    const rest = rows.length - buttons.length;
    const content = h("div", { class: "ps-chooser" },
      h("h3", null, say(`此处有 ${rows.length} 个选址`, `${rows.length} sites here`)),
      h("ul", { "aria-label": say("此处的选址", "Sites here") }, buttons),
      rest > 0 && h("p", { class: "ps-note" }, say(`另有 ${rest} 个，请在选址表中查看。`, `${rest} more: see the table of sites.`)));
    this.chooser = L.popup({ className: "ps-chooser-popup", maxWidth: 300, autoPanPadding: [12, 12], autoClose: false, closeOnClick: false })
      .setLatLng(latlng).setContent(content);
    this.chooser.openOn(view.map);
    const mark = () => {
      const chosen = state.get("selection");
      buttons.forEach((one, at) => one.firstChild.setAttribute("aria-current", String(chosen?.kind === "site" && chosen.row === rows[at])));
    };
    const end = state.on(["selection"], mark);
    this.chooser.on("remove", end);
    this.chooser.getElement().querySelector(".leaflet-popup-close-button")?.setAttribute("aria-label", say("关闭", "Close"));
    this.#app.announce(say(`此处有 ${rows.length} 个选址，可在列表中选择`, `${rows.length} sites here, choose in the list`));
  }

  #closeChooser() {
    this.chooser?.remove();
    this.chooser = null;
  }

  /** The ring about the site that is selected. */
  #ring() {
    const { state, lists } = this.#app;
    const chosen = state.get("selection");
    const store = chosen?.kind === "site" ? lists[chosen.list] : null;
    const shown = store && chosen.list === state.get("list") && chosen.row < store.count && this.#visible();
    for (const [{ map }, { ring }] of this.#views) {
      if (shown) ring.setLatLng([store.lat[chosen.row], store.lon[chosen.row]]).addTo(map);
      else ring.remove();
    }
  }

  #title(row) {
    const { store } = this.#app;
    const match = this.#app.state.get("shown")?.columns.match[row];
    const said = siteKind(this.#app) === "rank" ? this.#app.rankingParts.standingWords(this.#app, this.#app.rankedSite({ kind: "site", list: "file", row })) : this.#app.word("match", MATCHES[match]);
    return [h("b", null, store.id(row)), " ", store.name(row), h("div", { class: "ps-note" }, said)];
  }
}

/** A title that follows the mouse over a map; `touched` tells whether the last press was by a finger. */
function hoverOn(map, rowsAt, title) {
  const host = map.getContainer();
  const box = h("div", { class: "ps-site-title", "aria-hidden": "true", hidden: true });
  const surface = { touched: false, hide, end };
  let frame = 0;
  let shown = null;
  host.append(box);

  function hide() {
    box.hidden = true;
    shown = null;
    host.classList.remove("has-site");
  }

  function look({ latlng, containerPoint, originalEvent }) {
    cancelAnimationFrame(frame);
    if (surface.touched || originalEvent.buttons) return hide();
    frame = requestAnimationFrame(() => {
      const rows = rowsAt(latlng);
      if (!rows.length) return hide();
      if (rows[0] !== shown) fill(box, title(rows[0]), rows.length > 1 && h("span", { class: "ps-chip" }, `+${rows.length - 1}`));
      [shown] = rows;
      box.hidden = false;
      host.classList.add("has-site");
      const left = Math.min(containerPoint.x + 14, host.clientWidth - box.offsetWidth - 4);
      box.style.transform = `translate(${Math.max(4, left)}px, ${Math.max(4, containerPoint.y - box.offsetHeight - 12)}px)`;
    });
  }

  const press = (event) => {
    surface.touched = event.pointerType === "touch";
  };
  host.addEventListener("pointerdown", press, true);
  map.on("mousemove", look);
  map.on("mouseout movestart zoomstart", hide);

  function end() {
    cancelAnimationFrame(frame);
    host.removeEventListener("pointerdown", press, true);
    box.remove();
  }
  return surface;
}
