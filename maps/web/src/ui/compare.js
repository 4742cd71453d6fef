import { dayNumber, isDate, isoOf, nextTurn, turnsOf } from "../core/calendar.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

/** Two days side by side: the tool that starts it, and the stamp with the day on each map. */
export function mount(app) {
  const { state } = app;
  const turns = turnsOf(app.data.regimes);
  const start = () => state.set({ compareDate: standsBeside(turns, state.get("date"), app.data.as_of) });
  const end = () => state.set({ compareDate: null });
  app.addTool({
    id: "compare", icon: "compare", zh: "对照两个日期", en: "Compare two days",
    onClick: () => (state.get("compareDate") ? end() : start()), pressed: () => Boolean(state.get("compareDate")), keys: ["compareDate"],
  });
  const first = stamp(app, "date", turns);
  const second = stamp(app, "compareDate", turns);
  const close = h("button", { type: "button", class: "ps-button is-icon", on: { click: end } }, icon("close"));
  second.element.append(close);
  document.getElementById("ps-map-a").append(first.element);
  document.getElementById("ps-map-b").append(second.element);
  const render = () => {
    const comparing = Boolean(state.get("compareDate"));
    first.element.hidden = second.element.hidden = !comparing;
    close.title = app.say("结束对照", "End the comparison");
    close.setAttribute("aria-label", close.title);
    if (!comparing) return;
    first.render();
    second.render();
  };
  let before = null;
  state.on(["compareDate"], () => {
    const now = state.get("compareDate");
    if (Boolean(now) !== Boolean(before)) app.announce(now ? app.say(`对照 ${state.get("date")} 与 ${now}`, `Comparing ${state.get("date")} with ${now}`) : app.say("对照结束", "Comparison ended"));
    before = now;
  });
  state.on(["compareDate", "date", "lang"], render);
  render();
}

/** A day with other forces than `date`: the day before the last change, else the next change. */
function standsBeside(turns, date, fallback) {
  const last = turns.filter((one) => one <= date).at(-1);
  return last ? isoOf(dayNumber(last) - 1) : (nextTurn(turns, date, 1) ?? fallback);
}

function stamp(app, key, turns) {
  const { state } = app;
  const id = `ps-stamp-${key}`;
  const word = h("label", { for: id });
  const input = h("input", { type: "date", id, class: "ps-input ps-date", required: true, on: { change: () => isDate(input.value) && state.set({ [key]: input.value }) } });
  const step = (direction) => () => {
    const to = nextTurn(turns, state.get(key), direction);
    if (to) state.set({ [key]: to });
  };
  const before = h("button", { type: "button", class: "ps-button is-icon", on: { click: step(-1) } }, icon("left"));
  const after = h("button", { type: "button", class: "ps-button is-icon", on: { click: step(1) } }, icon("right"));
  const element = h("div", { class: "ps-stamp", role: "group" }, word, before, input, after);
  const render = () => {
    const date = state.get(key);
    fill(word, key === "date" ? app.say("基准日", "As of") : app.say("对照日", "Beside it"));
    element.setAttribute("aria-label", `${word.textContent} ${date}`);
    if (input.value !== date) input.value = date;
    for (const [button, zh, en, direction] of [[before, "上一次效力变化", "Previous change of force", -1], [after, "下一次效力变化", "Next change of force", 1]]) {
      button.title = app.say(zh, en);
      button.setAttribute("aria-label", button.title);
      button.disabled = !nextTurn(turns, date, direction);
    }
  };
  return { element, render };
}
