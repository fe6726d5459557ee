import { h } from "../lib/h.js";
import { icon } from "../lib/icons.js";

export function drawScans(block, page) {
  const element = h("section", { class: "block scans" });
  // Pages that have not changed keep their element, so that no picture is fetched twice.
  let drawn = new Map();
  const update = (next) => {
    const before = drawn;
    drawn = new Map(next.pages.map((scan) => {
      const key = JSON.stringify([scan, next.openLabel, next.busy]);
      return [key, before.get(key) ?? drawScan(scan, next, page)];
    }));
    element.setAttribute("aria-label", next.label);
    element.setAttribute("aria-busy", String(next.busy));
    element.classList.toggle("scans-missing", next.missing);
    element.replaceChildren(head(next, page),
      ...(next.note ? [h("p", { class: "scans-note", role: "status" }, icon("info"), next.note)] : []),
      ...(drawn.size > 0 ? [h("ul", { class: "scan-list" }, [...drawn.values()])] : []));
    return true;
  };
  update(block);
  return { element, update };
}

function head(block, page) {
  return h("div", { class: "scans-head" },
    h("div", { class: "scans-words" },
      h("h2", {}, block.label),
      block.detail && h("p", { class: "scans-detail" }, block.detail),
      h("span", { class: `tag ${block.required && !block.tag ? "tag-required" : ""}` }, block.tag ?? page.text(block.required ? "Required" : "IfAny"))),
    h("button", { type: "button", class: "button scan-button", disabled: block.busy, on: { click: (event) => page.act("scan", block.component, event) } },
      block.busy ? h("span", { class: "spinner", "aria-hidden": "true" }) : icon("scan"), block.scanLabel));
}

function drawScan(scan, block, page) {
  if (scan.state === "preparing") {
    return h("li", { class: "scan" },
      h("span", { class: "scan-picture scan-preparing" }, h("span", { class: "spinner", "aria-hidden": "true" }), h("span", { class: "scan-wait" }, scan.mark)),
      h("span", { class: "scan-label" }, scan.label));
  }
  return h("li", {},
    h("button", { type: "button", class: `scan scan-open scan-${scan.state}`, disabled: block.busy, on: { click: (event) => page.act("openPage", scan.id, event) } },
      h("span", { class: "scan-picture" }, h("img", { src: scan.url, alt: "" }),
        scan.mark && h("span", { class: "scan-mark" }, icon("warning"), scan.mark)),
      h("span", { class: "scan-label" }, scan.label), !block.busy && h("span", { class: "scan-look" }, icon("search"), block.openLabel)));
}
