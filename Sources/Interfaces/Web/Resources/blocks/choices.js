import { h } from "../lib/h.js";
import { icon } from "../lib/icons.js";
import { optionCard } from "../controls/options.js";

export function drawChoices(block, page) {
  return block.multiple ? several(block, page) : one(block, page);
}

// A tap is the answer.
function one(block, page) {
  return {
    element: h("div", { class: "block choices", role: "group" }, block.options.map((option) =>
      h("button", { type: "button", class: "choice", "data-value": option.value, "aria-pressed": option.selected ? "true" : undefined, on: { click: (event) => page.act(block.name, option.value, event) } },
        option.icon && h("span", { class: "choice-icon" }, icon(option.icon)),
        h("span", { class: "choice-words" }, h("span", { class: "choice-label" }, option.label), option.detail && h("span", { class: "choice-detail" }, option.detail)),
        h("span", { class: "choice-go" }, icon("forward"))))),
  };
}

// Taps toggle; the values go with the next action.
function several(block, page) {
  const draft = page.draft(block.name)?.split(" ");
  const cards = block.options.map((option) =>
    optionCard({ kind: "checkbox", group: block.name, option, checked: draft ? draft.includes(option.value) : option.selected }));
  return {
    element: h("div", { class: "block options", role: "group" }, cards.map((card) => card.element)),
    values: () => ({ [block.name]: cards.filter((card) => card.input.checked).map((card) => card.input.value).join(" ") }),
  };
}
