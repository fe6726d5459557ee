// Which counter is this?

import { h } from "./lib/h.js";

try {
  const response = await fetch("/api/counters", { cache: "no-store" });
  if (!response.ok) throw new Error(`counters: ${response.status}`);
  const counters = await response.json();
  document.querySelector(".counter-list").replaceChildren(...counters.map(({ number, label }) =>
    h("li", {}, h("a", { class: "counter-link", href: `/counter/${number}` }, h("span", { class: "counter-link-caption" }, "Quầy"), h("strong", {}, label)))));
} catch (error) {
  console.error(error);
  document.querySelector(".fault").hidden = false;
}
