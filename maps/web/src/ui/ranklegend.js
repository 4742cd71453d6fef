import { h } from "./dom.js";
import { row } from "./legend.js";
import { number } from "./phrases.js";
import { UNRANKED_LOOK, quarterLooks, rankLook } from "./ranklooks.js";
import { STATUSES } from "./rankwords.js";
import { symbol } from "./symbols.js";

/** What the symbols and numbers of ranked sites stand for. */
export function legendPart(app) {
  const { ranking } = app;
  const { changed } = app.state.get("standing");
  const { model } = ranking.data;
  const counted = (status) => ranking.status.filter((one) => one === status).length;
  const rest = app.store.count - ranking.count;
  const line = (status, sample) => {
    const { zh, en, hintZh, hintEn } = STATUSES[status];
    return counted(status) > 0 && row(
      sample,
      h("span", { class: "ps-legend-counted" }, h("span", null, app.say(zh, en)), h("b", null, number(counted(status)))),
      app.say(hintZh, hintEn),
    );
  };
  return h(
    "section",
    { class: "ps-legend-part" },
    h("h3", null, app.say(`选址：按“${model.title_zh}”模型所得名次`, `Sites by rank: ${model.title_en}`)),
    changed && h("p", { class: "ps-note ps-late" }, app.say("权重已由您调整，名次随之变化。", "You changed the weights; the ranks follow.")),
    ["eligible", "open"].map((status) => line(status, h("span", { class: "ps-legend-quarters" }, quarterLooks(status).map((look) => symbol(look.symbol, look.colour, 13))))),
    line("excluded", symbol(rankLook("excluded").symbol, rankLook("excluded").colour, 20)),
    rest > 0 && row(symbol(UNRANKED_LOOK.symbol, UNRANKED_LOOK.colour, 20),
      h("span", { class: "ps-legend-counted" }, h("span", null, app.say("未参加比较", "not compared")), h("b", null, number(rest)))),
    h("p", { class: "ps-note" }, app.say("数字为名次；颜色由深到浅为前四分之一至末四分之一。", "The number is the rank; dark to pale: first to last quarter.")),
  );
}
