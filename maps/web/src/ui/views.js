const STILL = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Whether the map may glide. */
export function moves() {
  return !STILL.matches;
}

/** Shows one of the views of the page's data: all, city or shenshan. */
export function fitView(app, map, name, options = {}) {
  map.fitBounds(app.data.views[name], { padding: [12, 12], animate: moves(), ...options });
}
