/**
 * Runs before the scripts of a page: clicks a site as soon as there is a map, notes when its
 * record is on the screen, then drags the map and notes the time between frames.
 *
 * PROBE = {kind, places: [[lat, lon], …]}; answered, frames, slowest are added.
 */
(() => {
  const { kind, places } = PROBE;
  const PIN = 20; // a pin stands above its place
  const ours = kind === "parksite";
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  const rest = (ms) => new Promise((done) => setTimeout(done, ms));

  function mapOf() {
    if (ours) return window.parksite?.app?.map;
    const name = Object.keys(window).find((key) => /^map_[0-9a-f]{32}$/.test(key));
    return name && window[name]?.getContainer ? window[name] : null;
  }

  function fire(target, type, x, y) {
    const how = { bubbles: true, cancelable: true, clientX: x, clientY: y, view: window, button: 0, buttons: type === "mouseup" ? 0 : 1 };
    target.dispatchEvent(new MouseEvent(type, how));
  }

  function click(map, place) {
    const at = map.latLngToContainerPoint(place);
    const box = map.getContainer().getBoundingClientRect();
    const [x, y] = [at.x + box.x, at.y + box.y - (kind === "clusters" ? PIN : 0)];
    const target = document.elementFromPoint(x, y);
    if (!target || !map.getContainer().contains(target)) return;
    for (const type of ["mousedown", "mouseup", "click"]) fire(target, type, x, y);
  }

  function hasRecord() {
    if (!ours) return (document.querySelector(".leaflet-popup-content")?.textContent ?? "").length > 0;
    return window.parksite.app.state.get("selection")?.kind === "site" && document.querySelector("#ps-answers")?.textContent.length > 0;
  }

  async function answer() {
    for (let turn = 0; ; turn += 1) {
      const map = mapOf();
      if (map) {
        const place = places[turn % places.length];
        if (kind === "clusters") map.setView(place, 18, { animate: false });
        click(map, place);
        if (hasRecord()) return map;
      }
      await rest(5);
    }
  }

  async function drag(map) {
    const box = map.getContainer().getBoundingClientRect();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    const found = [];
    const held = document.elementFromPoint(x, y) ?? map.getContainer();
    fire(held, "mousedown", x, y);
    let last = await frame();
    const step = async () => {
      const now = await frame();
      found.push(now - last);
      last = now;
    };
    for (let turn = 1; turn <= 120; turn += 1) {
      fire(held, "mousemove", x - 4 * turn, y - turn);
      await step();
    }
    fire(held, "mouseup", x - 480, y - 120);
    for (let turn = 0; turn < 20; turn += 1) await step();
    return found;
  }

  /** The slowest of each, in milliseconds, until the page is up to date again. */
  function waits(app) {
    const { state, store, data } = app;
    const slowest = (all, work) => Math.max(...all.map((one) => {
      const start = performance.now();
      work(one);
      return performance.now() - start;
    }));
    const filters = state.get("filters");
    const choices = [{ match: ["designated"] }, { field: ["polymer"], district: ["baoan"] }, { text: "候选 99" }, { text: "S0099" }, {}];
    const box = document.getElementById("ps-find-box");
    const found = {
      filter: slowest(choices, (one) => state.set({ filters: { ...filters, ...one } })),
      day: slowest(["2012-01-01", "2019-01-01", data.as_of], (date) => state.set({ date })),
      search: slowest(["S0099", "候选", "光刻胶"], (text) => {
        box.value = text;
        box.dispatchEvent(new Event("input", { bubbles: true }));
      }),
      ask: slowest([0, 1, 2].map((one) => Math.floor((one * store.count) / 3)), (row) => app.answerRow(row)),
      point: slowest([[113.85, 22.7], [114.36, 22.69], [114.06, 22.55]], ([lon, lat]) => app.answer({ lon, lat, datum: "wgs84", field: "光刻胶", stage: "" })),
    };
    box.value = "";
    return found;
  }

  (async () => {
    const map = await answer();
    await frame();
    await rest(0);
    PROBE.answered = performance.now();
    await rest(500);
    const frames = await drag(map);
    if (ours) {
      document.getElementById("ps-filter-text").dispatchEvent(new Event("focus")); // typing begins with this
      await rest(1000);
    }
    if (ours) PROBE.slowest = waits(window.parksite.app);
    PROBE.frames = frames;
  })();
})();
