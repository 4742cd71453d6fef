const EDGE = 40; // pixels that a place keeps from the edge of what is seen
const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Whether the map may glide. */
export function moves() {
  return !STILL.matches;
}

/** Shows one of the views of the page's data: all, city or shenshan. */
export function fitView(app, map, name, options = {}) {
  map.fitBounds(app.data.views[name], { padding: [12, 12], animate: moves(), ...options });
}

/**
 * Pans so that a place lies where nothing covers the map; a sheet may lie over its lower or right part.
 *
 * @param {L.Map} map
 * @param {L.LatLng} place
 */
export function bringIntoSight(map, place) {
  const box = map.getContainer().getBoundingClientRect();
  let { right, bottom } = box;
  for (const sheet of document.querySelectorAll("#ps-answers:not([hidden]), .ps-panel:not([hidden])")) {
    const cover = sheet.getBoundingClientRect();
    if (cover.bottom <= box.top || cover.left >= box.right || cover.right <= box.left) continue;
    if (cover.left > box.left + EDGE) right = Math.min(right, cover.left);
    else bottom = Math.min(bottom, cover.top);
  }
  const at = map.latLngToContainerPoint(place);
  const free = { x: right - box.left, y: bottom - box.top };
  const seen = at.x > EDGE && at.y > EDGE && at.x < free.x - EDGE && at.y < free.y - EDGE / 2;
  if (!seen && free.x > 2 * EDGE && free.y > 2 * EDGE) map.panBy([at.x - free.x / 2, at.y - free.y / 2], { animate: moves() });
}
