// A line, a long text or a number, typed with the kiosk's keyboard. A line grows when it is full, so that all of a long
// address can be seen.

import { h } from "../lib/h.js";

const limits = { text: 300, longText: 2000, integer: 18, decimal: 20 };

export function entryControl({ field, value, id, describedBy, changed }) {
  const shown = field.control === "decimal" ? value.replace(".", ",") : value;
  if (field.readOnly) return { element: h("output", { id, class: "entry entry-fixed", "aria-describedby": describedBy }, shown || "–"), read: () => value };
  // An identification number is a text of figures.
  const isFigures = field.keyboard === "numbers" && field.control !== "decimal";
  const isNumber = isFigures || field.control === "integer" || field.control === "decimal";
  const input = h(isNumber ? "input" : "textarea", {
    id, class: `entry entry-${isFigures ? "integer" : field.control}`, type: isNumber ? "text" : undefined, rows: { text: 1, longText: 4 }[field.control],
    "data-keyboard": isFigures ? "digits" : field.control, "data-limit": limits[field.control], inputmode: "none", autocomplete: "off", autocapitalize: "off", spellcheck: "false",
    "aria-describedby": describedBy, "aria-required": field.required ? "true" : undefined, "aria-invalid": field.error ? "true" : undefined,
  });
  input.value = shown;
  input.addEventListener("keyboarddone", changed);
  return { element: input, read: () => read(field.control, input.value) };
}

function read(control, value) {
  const trimmed = value.trim().normalize("NFC");
  return control === "decimal" ? trimmed.replace(",", ".") : trimmed;
}
