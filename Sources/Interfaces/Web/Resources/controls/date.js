// A date in three boxes, in the order in which it is said: day, month, year. Its value is yyyy-MM-dd; with a box missing
// it is what there is ("2024--5"), which the daemon refuses with words of its own.

import { h } from "../lib/h.js";

const boxes = [
  { key: "Day", length: 2 },
  { key: "Month", length: 2 },
  { key: "Year", length: 4 },
];

export function dateControl({ field, value, id, labelledBy, describedBy, page, changed }) {
  const [year = "", month = "", day = ""] = value.split("-");
  const start = { Day: day, Month: month, Year: year };
  const inputs = boxes.map(({ key, length }, index) => {
    const input = h("input", {
      id: index === 0 ? id : `${id}-${key}`, class: `entry entry-date entry-${key.toLowerCase()}`, type: "text", inputmode: "none", autocomplete: "off",
      readonly: field.readOnly, "data-keyboard": field.readOnly ? undefined : "digits", "data-limit": length, "aria-describedby": describedBy,
      "aria-invalid": field.error ? "true" : undefined, placeholder: page.text(`Sample${key}`),
    });
    input.value = start[key];
    return input;
  });
  inputs.forEach((input, index) => {
    input.addEventListener("focus", () => input.select());
    input.addEventListener("input", () => {
      // A full box, or a figure that can only be the whole (a day from 4, a month from 2), leads on to the next one.
      const full = input.value.length >= boxes[index].length || (index === 0 && input.value > "3" && input.value.length === 1) || (index === 1 && input.value > "1" && input.value.length === 1);
      if (full && input.selectionStart === input.value.length) inputs[index + 1]?.focus();
    });
    input.addEventListener("keyboarddone", changed);
  });
  const element = h("div", { class: "date", role: "group", "aria-labelledby": labelledBy },
    boxes.map(({ key }, index) => h("div", { class: "date-box" }, h("label", { class: "date-label", for: inputs[index].id }, page.text(key)), inputs[index])));
  return { element, read: () => read(...inputs.map((input) => input.value.trim())) };
}

function read(day, month, year) {
  if (day === "" && month === "" && year === "") return "";
  const two = (figures) => (figures === "" ? "" : figures.padStart(2, "0"));
  return `${year}-${two(month)}-${two(day)}`;
}
