import { LINKED, decode, encode } from "../core/link.js";
import { copyText } from "./clipboard.js";

const PAUSE = 400;
const OVERLAYS = ["labels", "sites", "uncertain", "places", "around"];

/** The page's state in the address: read at the start and when it changes, written as the page changes. */
export function mount(app) {
  const start = pick(app.state.all());
  let timer = null;

  const write = () => {
    timer = null;
    try {
      window.history.replaceState(window.history.state, "", fragment(app, start));
    } catch {
      // some browsers do not let a page opened from a file change its address; the copied link still holds everything
    }
  };
  const later = () => {
    timer ??= setTimeout(write, PAUSE);
  };
  const read = () => {
    const { view, ...found } = decode(window.location.hash, known(app));
    if (!view && !Object.keys(found).length) return;
    const weights = found.weights ? app.ranking.settled(found.weights) : null;
    app.state.set({ ...start, compareDate: null, ...found, weights });
    if (!view) return;
    app.map.invalidateSize({ pan: false, animate: false }); // a pane may have opened beside it
    app.map.setView([view.lat, view.lon], view.zoom, { animate: false });
  };

  read();
  app.state.on([...LINKED], later);
  app.map.on("moveend", later);
  window.addEventListener("hashchange", read);
  app.addTool?.({ id: "link", icon: "link", zh: "复制链接（还原此视图）", en: "Copy a link to this view", onClick: () => copyLink(app) });
  app.linkStart = start;
}

/**
 * Copies the address of the page as it is now shown.
 *
 * @returns {Promise<boolean>}
 */
export async function copyLink(app) {
  const done = await copyText(linkOf(app));
  app.announce(done ? app.say("链接已复制", "Link copied") : app.say("浏览器不允许复制", "The browser does not allow copying"));
  return done;
}

/** The address that restores what is shown. */
export function linkOf(app) {
  return window.location.href.replace(/#.*$/, "") + fragment(app, app.linkStart, asPoint);
}

/** The fragment; what stands as it was when the page opened is left out, but for the day. */
function fragment(app, start, turned = (one) => one) {
  const state = pick(app.state.all());
  state.selection = turned(state.selection, app);
  for (const key of LINKED) {
    if (key !== "date" && JSON.stringify(state[key]) === JSON.stringify(start?.[key])) delete state[key];
  }
  const { lat, lng } = app.map.getCenter();
  return encode({ ...state, view: { lat, lon: lng, zoom: app.map.getZoom() } });
}

/** A site of a dropped list as the point where it lies, since the list itself is not in a link. */
function asPoint(selection, app) {
  if (selection?.kind !== "site" || selection.list !== "dropped") return selection;
  const { lon, lat, field_query: field, stage_query: stage } = app.recordOf(selection);
  return { kind: "point", lon, lat, datum: "wgs84", text: `${lon}, ${lat}`, field: field ?? "", stage: stage ?? "" };
}

function pick(state) {
  return Object.fromEntries(LINKED.map((key) => [key, state[key]]));
}

function known(app) {
  return {
    themes: Object.keys(app.data.theme_names),
    overlays: OVERLAYS,
    districts: Object.keys(app.data.about),
    terms: app.data.terms.map(({ id }) => id),
    stages: app.data.stages.map(({ id }) => id),
    sites: app.lists.file.count,
    criteria: app.ranking?.ranked.length ? app.ranking.criteria.map(({ id }) => id) : undefined,
  };
}
