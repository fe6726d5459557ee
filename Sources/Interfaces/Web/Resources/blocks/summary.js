import { h } from "../lib/h.js";
import { icon } from "../lib/icons.js";

export function drawSummary(block, page) {
  return {
    element: h("section", { class: "block summary" }, h("h2", {}, block.title),
      h("dl", {}, block.rows.map((row) =>
        h("div", { class: "row" }, h("dt", {}, row.label), h("dd", { class: "row-value" }, row.value),
          row.target && h("dd", { class: "row-change" },
            h("button", { type: "button", class: "button change", "aria-label": `${row.changeLabel ?? ""} ${row.label}`.trim(), on: { click: (event) => page.act("change", row.target, event) } }, icon("edit"), row.changeLabel)))))),
  };
}
