import { h } from "../lib/h.js";

export function drawProgress(block) {
  const label = h("p", { class: "progress-label", role: "status" });
  const fill = h("div", { class: "bar-fill" });
  const bar = h("div", { class: "bar", role: "progressbar" }, fill);
  const element = h("div", { class: "block progress" }, label, bar);

  // In place, so that the bar glides and the label is read out once.
  function update(next) {
    const known = typeof next.fraction === "number";
    const percent = known ? Math.round(Math.min(Math.max(next.fraction, 0), 1) * 100) : undefined;
    if (label.textContent !== next.label) label.textContent = next.label;
    element.classList.toggle("progress-unknown", !known);
    fill.style.inlineSize = known ? `${percent}%` : "";
    bar.setAttribute("aria-label", next.label);
    for (const [name, value] of [["aria-valuemin", 0], ["aria-valuemax", 100], ["aria-valuenow", percent]]) {
      if (known) bar.setAttribute(name, value);
      else bar.removeAttribute(name);
    }
    return true;
  }
  update(block);
  return { element, update };
}
