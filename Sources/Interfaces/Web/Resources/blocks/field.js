import { h } from "../lib/h.js";
import { icon } from "../lib/icons.js";
import { entryControl } from "../controls/entry.js";
import { dateControl } from "../controls/date.js";
import { optionsControl } from "../controls/options.js";

let serial = 0;

export function drawField(block, page) {
  if (block.control === "note") return { element: h("div", { class: "block note" }, icon("info"), h("p", {}, block.label)) };
  const id = `field-${(serial += 1)}`;
  const value = page.draft(block.name) ?? block.value;
  const below = [
    block.hint && h("p", { class: "hint", id: `${id}-hint` }, block.hint),
    block.origin && h("p", { class: "origin", id: `${id}-origin` }, icon("card"), block.origin),
    block.guidance && h("details", { class: "guidance" }, h("summary", {}, page.text("Guidance")), h("p", {}, block.guidance)),
    block.error && h("p", { class: "field-error", id: `${id}-error` }, icon("error"), block.error),
  ].filter(Boolean);
  const control = makeControl({
    field: block, value, id, page, labelledBy: `${id}-label`, describedBy: below.map((line) => line.id).filter(Boolean).join(" ") || undefined,
    changed: () => page.answer(),
  });
  const isEntry = !["selectOne", "selectMultiple", "date"].includes(block.control);
  const label = h(isEntry ? "label" : "p", { class: "field-label", id: `${id}-label`, for: isEntry ? id : undefined },
    block.label, !block.required && !block.readOnly && h("span", { class: "optional" }, ` ${page.text("Optional")}`));
  const states = [block.error && "field-wrong", block.readOnly && "field-fixed"].filter(Boolean).join(" ");
  return {
    element: h("div", { class: `block field field-${block.control} ${states}`, "data-name": block.name }, label, below[0]?.className === "hint" && below.shift(), control.element, below),
    values: block.readOnly ? undefined : () => ({ [block.name]: control.read() }),
  };
}

function makeControl(options) {
  switch (options.field.control) {
    case "selectOne": return optionsControl({ ...options, multiple: false });
    case "selectMultiple": return optionsControl({ ...options, multiple: true });
    case "date": return dateControl(options);
    default: return entryControl(options);
  }
}
