// Says in words that there is more below, for those who have never scrolled, and scrolls on a tap.

import { h } from "../lib/h.js";
import { icon } from "../lib/icons.js";
import { text } from "../lib/texts.js";

const slackPx = 24;

export function scrollHelp(area, place, language) {
  const label = h("span", {});
  const button = h("button", { type: "button", class: "more", hidden: true, on: { click: () => {
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    area.scrollBy({ top: area.clientHeight * 0.8, behavior: calm ? "auto" : "smooth" });
  } } }, label, icon("down"));
  place.append(button);
  const check = () => {
    label.textContent = text(language(), "More");
    button.hidden = area.scrollHeight - area.scrollTop - area.clientHeight < slackPx;
    // Who scrolls with keys must be able to reach what scrolls.
    area.tabIndex = area.scrollHeight > area.clientHeight ? 0 : -1;
  };
  area.addEventListener("scroll", check, { passive: true });
  new ResizeObserver(check).observe(area);
  for (const child of area.children) new ResizeObserver(check).observe(child);
  return check;
}
