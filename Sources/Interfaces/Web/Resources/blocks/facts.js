import { h } from "../lib/h.js";

export function drawFacts(block) {
  return {
    element: h("dl", { class: "block facts" }, block.items.map((item) =>
      h("div", { class: "fact" }, h("dt", {}, item.label), h("dd", {}, item.value)))),
  };
}
