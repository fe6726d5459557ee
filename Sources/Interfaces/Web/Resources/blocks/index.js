// One module a block. Each draws a block and gives { element, values?, update? }: the block's element; what it adds to the
// next action's values, by name; and a function that shows a later state of the same block in place.

import { drawText } from "./text.js";
import { drawChoices } from "./choices.js";
import { drawIllustration } from "./illustration.js";
import { drawProgress } from "./progress.js";
import { drawPapers } from "./papers.js";
import { drawFacts } from "./facts.js";
import { drawField } from "./field.js";
import { drawScans } from "./scans.js";
import { drawPage } from "./page.js";
import { drawSummary } from "./summary.js";
import { drawTicket } from "./ticket.js";

const drawers = {
  text: drawText,
  choices: drawChoices,
  illustration: drawIllustration,
  progress: drawProgress,
  papers: drawPapers,
  facts: drawFacts,
  field: drawField,
  scans: drawScans,
  page: drawPage,
  summary: drawSummary,
  ticket: drawTicket,
};

// page: { language, act(action, value), answer(), text(key), draft(name) }
export function drawBlock(block, page) {
  const draw = drawers[block.type];
  if (!draw) throw new Error(`no block is called ${block.type}`);
  return draw(block, page);
}
