import { h } from "../lib/h.js";
import { icon } from "../lib/icons.js";

export function drawPage(block, page) {
  const picture = h("img", { class: "page-picture", src: block.url, alt: block.label });
  const deeds = h("div", { class: "page-deeds" });
  let shown = block;
  // The picture stays while its page is moved.
  const update = (next) => {
    if (next.url !== shown.url) return false;
    shown = next;
    picture.alt = next.label;
    deeds.replaceChildren(...next.deeds.map((deed) => drawDeed(deed, page)));
    return true;
  };
  update(block);
  return { element: h("div", { class: "block page" }, picture, deeds), update };
}

// What can't be done now keeps the focus: whoever moves a page by keys does not lose the place at the end.
function drawDeed(deed, page) {
  return h("button", {
    type: "button", class: `button deed deed-${deed.id}`, "data-deed": deed.id, "aria-disabled": deed.enabled ? undefined : "true",
    on: { click: (event) => deed.enabled && page.act(deed.id, undefined, event) },
  }, icon(deed.icon), deed.label);
}
