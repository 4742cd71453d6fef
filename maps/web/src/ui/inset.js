import { themeOn, groundColours } from "./districts.js";
import { fill, h, s } from "./dom.js";
import { onScheme } from "./scheme.js";
import { fitView } from "./views.js";

const WIDTH = 150;
const EDGE = 6;
const JUMPS = [
  { id: "all", zh: "全域", en: "All", longZh: "显示全域", longEn: "Show all of the area" },
  { id: "city", zh: "市区", en: "City", longZh: "显示市区十区", longEn: "Show the city without Shenshan" },
  { id: "shenshan", zh: "深汕", en: "Shenshan", longZh: "显示深汕特别合作区", longEn: "Show Shenshan" },
];

/** The way over the gap between the city and Shenshan: jump buttons, and an inset of what is out of view. */
export function mountInset(app) {
  const corner = document.getElementById("ps-corner");
  const jumps = h("div", { class: "ps-jumps", role: "group" });
  const inset = h("button", { type: "button", class: "ps-inset", hidden: true, on: { click: (event) => jump(app, inset, event) } });
  corner.append(jumps, inset);
  const world = project(app.data.views.all);
  const outlines = app.ground.districts.map(({ id, area }) => ({ id, shape: s("path", { d: pathOf(area, world) }) }));
  const frame = s("rect", { class: "ps-inset-frame" });
  const caption = h("span", { class: "ps-inset-caption" });
  const drawing = s("svg", { width: WIDTH, height: world.height, "aria-hidden": "true", focusable: "false" }, outlines.map((one) => one.shape), frame);
  inset.append(drawing, caption);

  const rename = () => {
    jumps.setAttribute("aria-label", app.say("转到", "Go to"));
    fill(jumps, JUMPS.map((one) => h("button", {
      type: "button", class: "ps-jump", title: app.say(one.longZh, one.longEn), "aria-label": app.say(one.longZh, one.longEn),
      data: { view: one.id }, on: { click: () => fitView(app, app.map, one.id) },
    }, app.say(one.zh, one.en))));
  };
  const colour = () => {
    const theme = themeOn(app, app.state.get("theme"), app.state.get("date"));
    const paints = new Map(theme.classes.map((one) => [one.id, one.id === "none" ? groundColours(app).none : one.colour]));
    for (const { id, shape } of outlines) {
      shape.setAttribute("fill", paints.get(theme.by_place[id]));
      shape.setAttribute("stroke", groundColours(app).outline);
    }
  };
  const follow = () => {
    const missing = outOfView(app);
    inset.hidden = !missing;
    if (!missing) return;
    inset.dataset.view = missing;
    const word = missing === "shenshan" ? app.say("深汕特别合作区在图外", "Shenshan is out of view") : app.say("市区在图外", "The city is out of view");
    fill(caption, word);
    inset.setAttribute("aria-label", `${word}${app.say("，转到该处", ", go there")}`);
    const [[x0, y1], [x1, y0]] = [app.map.getBounds().getSouthWest(), app.map.getBounds().getNorthEast()].map((one) => world.at(one.lng, one.lat));
    const [left, top] = [Math.max(1, x0), Math.max(1, y0)];
    frame.setAttribute("x", left);
    frame.setAttribute("y", top);
    frame.setAttribute("width", Math.max(3, Math.min(WIDTH - 1, x1) - left));
    frame.setAttribute("height", Math.max(3, Math.min(world.height - 1, y1) - top));
  };
  app.map.on("moveend resize", follow);
  app.state.on(["lang"], rename);
  app.state.on(["lang"], follow);
  app.state.on(["theme", "date"], colour);
  onScheme(colour);
  rename();
  colour();
  follow();
}

/** Which part of the city lies wholly outside the map: "shenshan", "city" or null. */
function outOfView(app) {
  const seen = app.map.getBounds();
  const { shenshan, city } = app.data.views;
  if (!seen.intersects(shrunk(shenshan))) return "shenshan";
  return seen.intersects(shrunk(city)) ? null : "city";
}

/** The inner half of a view, so that a sliver of it does not count as seen. */
function shrunk([[south, west], [north, east]]) {
  const [dy, dx] = [(north - south) / 4, (east - west) / 4];
  return [[south + dy, west + dx], [north - dy, east - dx]];
}

/** By mouse to the side that was clicked, by keyboard to what is out of view. */
function jump(app, inset, event) {
  const box = inset.getBoundingClientRect();
  const byMouse = event.detail > 0;
  const east = (event.clientX - box.left) / box.width > 0.62;
  fitView(app, app.map, byMouse ? (east ? "shenshan" : "city") : inset.dataset.view);
}

function project([[south, west], [north, east]]) {
  const squeeze = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = (WIDTH - 2 * EDGE) / ((east - west) * squeeze);
  const height = Math.round((north - south) * scale + 2 * EDGE);
  return { height, at: (lon, lat) => [EDGE + (lon - west) * squeeze * scale, EDGE + (north - lat) * scale] };
}

/** Outlines at the size of the inset: vertices nearer than a pixel to the last are left out. */
function pathOf(area, world) {
  return area
    .map(([ring]) => {
      const points = [];
      for (let at = 0; at < ring.length; at += 2) {
        const [x, y] = world.at(ring[at], ring[at + 1]);
        const last = points.at(-1);
        if (!last || Math.hypot(x - last[0], y - last[1]) > 0.8) points.push([x, y]);
      }
      return points.length > 2 ? `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z` : "";
    })
    .join("");
}
