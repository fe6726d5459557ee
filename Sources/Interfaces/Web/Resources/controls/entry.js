// A line, a long text or a number, typed with the kiosk's keyboard.

import { h } from "../lib/h.js";

const limits = { text: 300, longText: 2000, integer: 18, decimal: 20 };

export function entryControl({ field, value, id, describedBy, changed }) {
  const long = field.control === "longText";
  const input = h(long ? "textarea" : "input", {
    id, class: `entry entry-${field.control}`, type: long ? undefined : "text", rows: long ? 4 : undefined, readonly: field.readOnly,
    "data-keyboard": field.readOnly ? undefined : field.control, "data-limit": limits[field.control], inputmode: "none", autocomplete: "off",
    autocapitalize: "off", spellcheck: "false", "aria-describedby": describedBy, "aria-required": field.required ? "true" : undefined,
    "aria-invalid": field.error ? "true" : undefined,
  });
  input.value = field.control === "decimal" ? value.replace(".", ",") : value;
  input.addEventListener("keyboarddone", changed);
  return { element: input, read: () => read(field.control, input.value) };
}

function read(control, value) {
  const trimmed = value.trim().normalize("NFC");
  return control === "decimal" ? trimmed.replace(",", ".") : trimmed;
}
