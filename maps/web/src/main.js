import * as L from "leaflet";

import { App } from "./app.js";
import * as shared from "./shared.js";
import { later } from "./ui/later.js";

window.L = L;
if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) {
  L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
}

const GROUPS = {};
const decoded = App.decode(window.PARKSITE);
let settle;
const ready = new Promise((resolve) => {
  settle = resolve;
});

/** What folium's scripts call, and what tests ask. */
window.parksite = {
  ready,
  shared,

  /** Called once the map stands and before any layer is made. */
  prepare(map) {
    for (const [name, order] of [["around", 250], ["districts", 350], ["doubt", 380], ["sites", 450], ["names", 590], ["marks", 620]]) {
      map.createPane(name).style.zIndex = order;
    }
    map.getPane("names").style.pointerEvents = "none";
  },

  /** An empty layer of a kind, filled when the page's data is decoded. */
  layer(map, kind) {
    GROUPS[kind] = L.layerGroup([]);
    return GROUPS[kind];
  },

  /** Called when all layers stand: decodes the data and mounts every part of the page. */
  async start(map, layers) {
    const app = await App.open(window.PARKSITE, map, { ...GROUPS, ...layers }, decoded, window.parksite.rankingParts);
    Object.assign(window.parksite, {
      app,
      answer: (request) => app.answer(request),
      answerGeometry: (request) => app.answerGeometry(request),
    });
    later(() => {
      document.documentElement.dataset.ready = "true";
      settle(app);
    });
  },
};
