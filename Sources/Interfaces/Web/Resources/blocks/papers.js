import { h } from "../lib/h.js";
import { icon } from "../lib/icons.js";

export function drawPapers(block, page) {
  return {
    element: h("ul", { class: "block papers" }, block.items.map((item) =>
      h("li", { class: "paper" }, icon("document"),
        h("div", { class: "paper-words" }, h("span", { class: "paper-label" }, item.label), item.detail && h("span", { class: "paper-detail" }, item.detail)),
        h("span", { class: `tag ${item.required && !item.tag ? "tag-required" : ""}` }, item.tag ?? page.text(item.required ? "Required" : "IfAny"))))),
  };
}
