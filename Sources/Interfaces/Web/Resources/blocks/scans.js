import { h } from "../lib/h.js";
import { icon } from "../lib/icons.js";

export function drawScans(block, page) {
  const pages = block.pages.map((scan) =>
    h("li", { class: "scan" },
      h("img", { src: scan.url, alt: scan.label }), h("span", { class: "scan-label" }, scan.label),
      h("button", { type: "button", class: "button remove", disabled: block.busy, "aria-label": `${block.removeLabel}: ${scan.label}`, on: { click: (event) => page.act("removePage", scan.id, event) } }, icon("remove"), block.removeLabel)));
  return {
    element: h("section", { class: "block scans", "aria-label": block.label, "aria-busy": block.busy ? "true" : undefined },
      h("div", { class: "scans-head" },
        h("div", { class: "scans-words" },
          h("h2", {}, block.label),
          block.detail && h("p", { class: "scans-detail" }, block.detail),
          h("span", { class: `tag ${block.required && !block.tag ? "tag-required" : ""}` }, block.tag ?? page.text(block.required ? "Required" : "IfAny"))),
        h("button", { type: "button", class: "button scan-button", disabled: block.busy, on: { click: (event) => page.act("scan", block.component, event) } },
          block.busy ? h("span", { class: "spinner", "aria-hidden": "true" }) : icon("scan"), block.scanLabel)),
      pages.length > 0 && h("ul", { class: "scan-list" }, pages)),
  };
}
