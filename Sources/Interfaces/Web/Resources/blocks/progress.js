import { h } from "../lib/h.js";

export function drawProgress(block) {
  const known = typeof block.fraction === "number";
  const percent = known ? Math.round(Math.min(Math.max(block.fraction, 0), 1) * 100) : undefined;
  const bar = h("div", { class: "bar-fill" });
  if (known) bar.style.inlineSize = `${percent}%`;
  return {
    element: h("div", { class: `block progress ${known ? "" : "progress-unknown"}` },
      h("p", { class: "progress-label", role: "status" }, block.label),
      h("div", { class: "bar", role: "progressbar", "aria-label": block.label, "aria-valuemin": known ? 0 : undefined, "aria-valuemax": known ? 100 : undefined, "aria-valuenow": percent }, bar)),
  };
}
