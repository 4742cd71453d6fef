import { dayNumber, isDate, isoOf, lanesOf, lineOf, nextTurn, turnsOf } from "../core/calendar.js";
import { fill, h, s } from "./dom.js";
import { icon } from "./icons.js";
import { later } from "./later.js";

const LANE = 18;
const AXIS = 16;
const YEAR_ROOM = 44; // pixels that the number of a year needs

/** The day of the question: a date box in the head, and a slider over the documents' spans below the map. */
export function mount(app) {
  const { state } = app;
  const turns = turnsOf(app.data.regimes);
  mountDay(app);
  const line = lineOf(app.data.instruments, [app.data.as_of, app.data.register.known_to]);
  const band = makeBand(app, line);
  const go = (date) => date && state.set({ date });
  const step = (direction) => go(nextTurn(turns, state.get("date"), direction));
  const slider = h("input", {
    type: "range", id: "ps-slider", class: "ps-slider", min: line.first, max: line.last, step: 1,
    on: { input: throttled(() => go(isoOf(Number(slider.value)))), keydown: (event) => leap(event, step) },
  });
  const buttons = {
    before: h("button", { type: "button", class: "ps-button is-icon", on: { click: () => step(-1) } }, icon("left")),
    after: h("button", { type: "button", class: "ps-button is-icon", on: { click: () => step(1) } }, icon("right")),
    back: h("button", { type: "button", class: "ps-button ps-time-back", on: { click: () => go(app.data.as_of) } }),
    fold: h("button", { type: "button", class: "ps-time-fold", "aria-controls": "ps-band", on: { click: () => (host.classList.toggle("is-folded"), render()) } }),
  };
  const day = h("output", { class: "ps-time-day", for: "ps-slider" });
  const host = document.getElementById("ps-time");
  host.append(
    h("div", { class: "ps-time-steps" }, h("div", { class: "ps-time-line" }, buttons.before, day, buttons.after), h("div", { class: "ps-time-line" }, buttons.back, buttons.fold)),
    h("div", { class: "ps-time-track" }, h("div", { id: "ps-band", class: "ps-band" }, band.element), slider),
  );

  const name = (button, zh, en) => {
    button.title = app.say(zh, en);
    button.setAttribute("aria-label", app.say(zh, en));
  };
  const render = () => {
    const date = state.get("date");
    host.setAttribute("aria-label", app.say("时间", "Time"));
    slider.value = Math.min(line.last, Math.max(line.first, dayNumber(date)));
    slider.setAttribute("aria-label", app.say("基准日；PageUp、PageDown 跳到效力变化日", "Day; PageUp and PageDown go to a change of force"));
    slider.setAttribute("aria-valuetext", `${date}${app.say("，", ", ")}${forcesSaid(app, date)}`);
    fill(day, date);
    name(buttons.before, "上一次效力变化", "Previous change of force");
    name(buttons.after, "下一次效力变化", "Next change of force");
    buttons.before.disabled = !nextTurn(turns, date, -1);
    buttons.after.disabled = !nextTurn(turns, date, 1);
    fill(buttons.back, app.say("回到基准日", "Back to the day set"));
    buttons.back.disabled = date === app.data.as_of;
    const folded = host.classList.contains("is-folded");
    fill(buttons.fold, folded ? app.say("展开", "Show") : app.say("收起", "Hide"));
    buttons.fold.setAttribute("aria-expanded", String(!folded));
    name(buttons.fold, folded ? "展开文件时段" : "收起文件时段", folded ? "Show the documents' spans" : "Hide the documents' spans");
    band.render();
  };
  host.setAttribute("role", "group");
  let regime = app.register.regime(state.get("date"));
  state.on(["date"], () => {
    const now = app.register.regime(state.get("date"));
    if (now !== regime) app.announce(changeSaid(app, regime, now));
    regime = now;
  });
  state.on(["date", "lang"], render);
  render();
}

/** At most once a frame. */
function throttled(action) {
  let waiting = false;
  return () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      action();
    });
  };
}

function leap(event, step) {
  const direction = { PageUp: 1, PageDown: -1 }[event.key];
  if (!direction) return;
  event.preventDefault();
  step(direction);
}

/** The documents by force on a day, in words. */
function forcesSaid(app, date) {
  const { force } = app.register.regime(date);
  return app.data.instruments.map((one) => `${app.say(one.short_zh, one.short_en)}${app.say("", " ")}${app.word("force", force[one.id])}`).join(app.say("，", ", "));
}

function changeSaid(app, before, now) {
  const changed = app.data.instruments.filter((one) => before.force[one.id] !== now.force[one.id]);
  const said = changed.map((one) => `${app.say(one.short_zh, one.short_en)}${app.say("：", ": ")}${app.word("force", now.force[one.id])}`);
  return `${app.state.get("date")}${app.say("，", ", ")}${said.join(app.say("；", "; "))}`;
}

function mountDay(app) {
  const { state } = app;
  const word = h("label", { for: "ps-date", class: "ps-day-word" });
  const input = h("input", { type: "date", id: "ps-date", class: "ps-input ps-date", required: true, on: {
    change: () => isDate(input.value) && state.set({ date: input.value }),
    blur: () => (input.value = state.get("date")),
  } });
  const warning = h("span", { class: "ps-chip is-warn ps-day-late" });
  document.getElementById("ps-day").append(word, input, warning);
  const render = () => {
    const { known_to: kept } = app.data.register;
    fill(word, app.say("基准日", "As of"));
    if (input.value !== state.get("date")) input.value = state.get("date");
    warning.hidden = state.get("date") <= kept;
    fill(warning, app.say(`登记册维护至 ${kept}`, `register kept to ${kept}`));
    warning.title = app.say("其后的文件不在登记册中", "Later documents are not in the register");
  };
  state.on(["date", "lang"], render);
  render();
}

/** The documents' spans over a line of years; widths are shares, so that it needs no drawing anew when resized. */
function makeBand(app, line) {
  const share = (day) => `${(((day - line.first) / (line.last - line.first)) * 100).toFixed(3)}%`;
  const width = (from, to) => `${(((to - from) / (line.last - line.first)) * 100).toFixed(3)}%`;
  const lanes = lanesOf(app.data.instruments);
  const drafts = app.data.instruments.filter((one) => one.status === "draft" && one.published);
  const height = lanes.length * LANE + AXIS;
  const svg = s("svg", { class: "ps-band-drawing", width: "100%", height, "aria-hidden": "true", focusable: "false" });
  const known = dayNumber(app.data.register.known_to);
  const bars = lanes.flatMap((lane, at) => lane.map((one) => {
    const [from, to] = [dayNumber(one.from), one.to ? dayNumber(one.to) + 1 : line.last];
    const y = at * LANE + 1;
    const rect = s("rect", { class: "ps-bar", x: share(from), y, width: width(from, to), height: LANE - 3, rx: 2 });
    const text = s("text", { class: "ps-bar-name", x: share(from), dx: 5, y: y + 12 });
    return { one, rect, text, part: (to - from) / (line.last - line.first) };
  }));
  const ticks = drafts.map((one) => ({ one, mark: s("path", { class: "ps-draft", d: "M-4 0h8l-4 7z" }), at: share(dayNumber(one.published)) }));
  const now = s("g", { class: "ps-band-now" });
  const years = s("g", { class: "ps-years" });
  const ground = s("g", null,
    s("rect", { class: "ps-unknown", x: share(known), y: 0, width: width(known, line.last), height: height - AXIS }),
  );
  fill(svg, ground, years, bars.map(({ rect, text }) => [rect, text]), ticks.map(({ mark, at }) => s("svg", { x: at, y: 0, overflow: "visible" }, mark)), now);
  const setDay = s("svg", { x: share(dayNumber(app.data.as_of)), y: height - AXIS, overflow: "visible" }, s("path", { class: "ps-as-of", d: "M0 0l4 6h-8z" }));
  svg.append(setDay);
  let room = 0; // pixels across, as last observed
  let waiting = true; // the first picture comes without names and years
  const drawYears = () => {
    const [first, last] = [line.first, line.last].map((day) => Number(isoOf(day).slice(0, 4)));
    const every = [1, 2, 5, 10].find((step) => (room / (last - first + 1)) * step >= YEAR_ROOM) ?? 20;
    const shown = Array.from({ length: last - first + 1 }, (_, at) => first + at);
    fill(years, shown.map((year) => {
      const x = share(dayNumber(`${year}-01-01`));
      const named = (year - first) % every === 0;
      return [s("line", { x1: x, x2: x, y1: 0, y2: height - AXIS + (named ? 4 : 0) }), named && s("text", { x, dx: 3, y: height - 3 }, year)];
    }));
  };
  const nameBars = () => {
    if (!room || waiting) return;
    const { force } = app.register.regime(app.state.get("date"));
    for (const { one, text, part } of bars) {
      const short = app.say(one.short_zh, one.short_en);
      const whole = [`${short} · ${app.word("force", force[one.id])}`, short, short.match(/\d{4}/)?.[0] ?? ""];
      for (const each of whole) {
        fill(text, each);
        if (text.getComputedTextLength() + 8 < part * room) break;
      }
    }
  };
  const write = () => {
    if (!room || waiting) return;
    drawYears();
    nameBars();
  };
  new ResizeObserver(([{ contentRect }]) => {
    room = contentRect.width;
    write();
  }).observe(svg);
  later(() => {
    waiting = false;
    write();
  });
  const render = () => {
    const { force } = app.register.regime(app.state.get("date"));
    for (const { one, rect, text } of bars) {
      rect.setAttribute("class", `ps-bar is-${force[one.id]}`);
      text.setAttribute("class", `ps-bar-name is-${force[one.id]}`);
    }
    nameBars();
    const x = share(Math.min(line.last, Math.max(line.first, dayNumber(app.state.get("date")))));
    fill(now, s("line", { x1: x, x2: x, y1: 0, y2: height }));
  };
  return { element: svg, render };
}
