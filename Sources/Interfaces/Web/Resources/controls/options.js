// Cards to tap, over real radio buttons and check boxes.

import { h } from "../lib/h.js";
import { icon } from "../lib/icons.js";

let serial = 0;

// More short options than this stand closer together.
const manyAbove = 8;

// More options than this get a field to search them.
const searchAbove = 12;

export function optionCard({ kind, group, option, checked, disabled, describedBy }) {
  const input = h("input", { type: kind, name: group, value: option.value, class: "option-input", disabled, "aria-describedby": describedBy });
  input.checked = checked;
  const element = h("label", { class: "option" }, input,
    h("span", { class: `mark mark-${kind}`, "aria-hidden": "true" }, icon("check")),
    option.icon && h("span", { class: "option-icon" }, icon(option.icon)),
    h("span", { class: "option-words" }, h("span", { class: "option-label" }, option.label), option.detail && h("span", { class: "option-detail" }, option.detail)));
  return { element, input };
}

// One of several, or some of several. value: chosen values joined by spaces.
export function optionsControl({ field, multiple, value, labelledBy, describedBy, page, changed }) {
  const chosen = value === "" ? [] : value.split(" ");
  const group = `${field.name}-${(serial += 1)}`;
  const cards = field.options.map((option) => optionCard({
    kind: multiple ? "checkbox" : "radio", group, option, disabled: field.readOnly, checked: chosen.includes(option.value),
  }));
  const list = h("div", { class: `options ${isShort(field.options) ? "options-short" : ""} ${isShort(field.options) && field.options.length > manyAbove ? "options-many" : ""}` }, cards.map((card) => card.element));
  list.addEventListener("change", changed);
  const element = h("div", { class: "options-control", role: multiple ? "group" : "radiogroup", "aria-labelledby": labelledBy, "aria-describedby": describedBy, "aria-required": !multiple && field.required ? "true" : undefined },
    cards.length > searchAbove && search(cards, page), list);
  return { element, read: () => cards.filter((card) => card.input.checked).map((card) => card.input.value).join(" ") };
}

// Short words go side by side.
function isShort(options) {
  return options.length > 1 && options.every((option) => option.label.length <= 18 && !option.detail);
}

function search(cards, page) {
  const input = h("input", { type: "text", class: "entry search", "data-keyboard": "text", inputmode: "none", autocomplete: "off", placeholder: page.text("Search"), "aria-label": page.text("Search") });
  input.addEventListener("input", (event) => {
    event.stopPropagation();
    const wanted = folded(input.value.trim());
    for (const card of cards) card.element.hidden = !folded(card.element.textContent).includes(wanted) && !card.input.checked;
  });
  return input;
}

// Without marks: who types "kinh" or "ba na" finds "Ba Na".
function folded(text) {
  return text.normalize("NFD").replace(/\p{M}/gu, "").replace(/đ/gi, "d").toLowerCase();
}
