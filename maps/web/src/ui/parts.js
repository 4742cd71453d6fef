import { mount as mountAsk } from "./ask.js";
import { mount as mountAnswers } from "./answers.js";
import { mount as mountCaption } from "./caption.js";
import { mount as mountCompare } from "./compare.js";
import { mount as mountDrop } from "./drop.js";
import { mount as mountFilters } from "./filters.js";
import { mount as mountFind } from "./find.js";
import { later } from "./later.js";
import { mount as mountLayers } from "./layers.js";
import { mount as mountLink } from "./link.js";
import { mount as mountMapView } from "./mapview.js";
import { mount as mountMeasuring } from "./measuring.js";
import { mount as mountPrinting } from "./printing.js";
import { mount as mountReadout } from "./readout.js";
import { mount as mountShell } from "./shell.js";
import { mount as mountSites } from "./sitelayer.js";
import { mount as mountTable } from "./table.js";
import { mount as mountTakeaway } from "./takeaway.js";
import { mount as mountTime } from "./time.js";

/** The pane of the ranking, on pages that have one. */
const mountRanking = (app) => app.rankingParts?.mount(app);

/**
 * Mounts every part of the page; the link comes last, since it restores what the others show. The layers are in a panel
 * that is closed at first, and wait until the first picture stands.
 */
export function mountAll(app) {
  later(() => mountLayers(app));
  for (const mount of [
    mountShell, mountTime, mountMapView, mountSites, mountCompare, mountFilters, mountCaption, mountTable, mountAsk,
    mountAnswers, mountRanking, mountFind, mountDrop, mountTakeaway, mountMeasuring, mountReadout, mountPrinting, mountLink,
  ]) {
    mount(app);
  }
}
