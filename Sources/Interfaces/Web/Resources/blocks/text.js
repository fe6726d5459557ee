import { h } from "../lib/h.js";

const tags = { heading: "h2", body: "p", hint: "p" };

export function drawText(block) {
  return { element: h(tags[block.style] ?? "p", { class: `block text text-${block.style}` }, block.text) };
}
