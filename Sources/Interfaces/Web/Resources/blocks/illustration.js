import { h } from "../lib/h.js";
import { illustration } from "../lib/illustrations.js";

export function drawIllustration(block) {
  return { element: h("div", { class: "block drawing" }, illustration(block.name, block.alt)) };
}
