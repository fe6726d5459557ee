// Draws a screen. What has not changed since the last one stays as it is: its element, what was typed, the focus.

import { h } from "../lib/h.js";
import { icon } from "../lib/icons.js";
import { text } from "../lib/texts.js";
import { drawBlock } from "../blocks/index.js";

export class ScreenView {
  // root: the element with .head, .notice-place, .content, .foot; act(action, value, event); answer()
  constructor(root, { act, answer }) {
    this.place = (name) => root.querySelector(`.${name}`);
    this.act = act;
    this.answer = answer;
    this.drawn = [];
  }

  // Values of the questions on the screen, by name.
  values() {
    return Object.assign({}, ...this.drawn.map(({ values }) => values?.() ?? {}));
  }

  // Only those that the daemon does not know yet: a question that nobody has touched is not answered wrongly. With
  // `finished` without the one that is being typed: half a date is no answer, and what comes back for it would be drawn
  // over what was typed meanwhile.
  news({ finished = false } = {}) {
    const typing = finished ? document.activeElement?.closest("[data-name]")?.dataset.name : undefined;
    return Object.fromEntries(Object.entries(this.values()).filter(([name, value]) => {
      if (name === typing) return false;
      const known = this.drawn.find(({ block }) => block.name === name).block;
      return value !== (known.value ?? known.options.filter((option) => option.selected).map((option) => option.value).join(" "));
    }));
  }

  // Returns whether this is another screen than before.
  show(screen) {
    const before = this.screen;
    const isOther = !before || differs(before, screen);
    this.screen = screen;
    document.documentElement.lang = screen.language;
    document.title = screen.title;
    document.body.dataset.screen = screen.id;
    if (isOther || !same(before.step, screen.step) || !same(before.actions, screen.actions) || (before.blocks.length === 0) !== (screen.blocks.length === 0)) {
      this.#step(screen);
      this.#actions(screen);
    }
    if (isOther) this.place("title").replaceChildren(h("h1", { tabindex: "-1" }, screen.title));
    // Read out when it changes under the same title: the next thing to do with the card.
    if (isOther || before.lead !== screen.lead) this.place("lead-place").replaceChildren(screen.lead ? h("p", { class: "lead" }, screen.lead) : "");
    if (isOther || !same(before.notice, screen.notice)) this.#notice(screen.notice);
    this.#blocks(screen, isOther);
    return isOther;
  }

  #step({ step, language }) {
    const place = this.place("step");
    place.hidden = !step;
    if (!step) return place.replaceChildren();
    const marks = Array.from({ length: step.count }, (_, index) =>
      h("span", { class: `step-mark ${index < step.number ? "step-done" : ""} ${index === step.number - 1 ? "step-now" : ""}` }));
    place.replaceChildren(h("p", { class: "step-label" }, step.label), h("div", { class: "step-marks", "aria-hidden": "true" }, marks));
    place.setAttribute("aria-label", text(language, "Progress"));
  }

  #notice(notice) {
    const place = this.place("notice-place");
    if (!notice) return place.replaceChildren();
    const urgent = notice.kind === "error" || notice.kind === "warning";
    place.replaceChildren(h("div", { class: `notice notice-${notice.kind}`, role: urgent ? "alert" : "status" }, icon(notice.kind), h("p", {}, notice.text)));
    place.scrollIntoView({ block: "nearest" });
  }

  #actions(screen) {
    const groups = { cancel: [], back: [], secondary: [], primary: [] };
    for (const action of screen.actions) {
      (groups[action.role] ?? groups.secondary).push(h("button", {
        type: "button", class: `button button-${action.role}`, "data-action": action.id, disabled: !action.enabled,
        on: { click: (event) => this.act(action.id, undefined, event) },
      }, action.role === "cancel" ? icon("close") : action.role === "back" && icon("back"), h("span", {}, action.label), action.role === "primary" && icon("forward")));
    }
    // Where to leave is the question itself, it is asked with the other answers.
    const asksToLeave = screen.blocks.length === 0 && groups.primary.length > 0;
    this.place("cancel").replaceChildren(...(asksToLeave ? [] : groups.cancel));
    const foot = this.place("foot");
    const main = [...(asksToLeave ? groups.cancel : []), ...groups.back, ...groups.primary];
    foot.replaceChildren(
      groups.secondary.length > 0 ? h("div", { class: "foot-row foot-secondary" }, groups.secondary) : "",
      main.length > 0 ? h("div", { class: "foot-row" }, main) : "");
    foot.hidden = groups.secondary.length + main.length === 0;
  }

  #blocks(screen, isOther) {
    const place = this.place("blocks");
    const old = isOther ? [] : this.drawn;
    const focused = focusIn(place);
    this.drawn = screen.blocks.map((block, index) => {
      const kept = old.find((one) => !one.taken && sameName(one.block, block) && one.index === index) ?? old.find((one) => !one.taken && block.name && sameName(one.block, block));
      if (kept) kept.taken = true;
      if (kept && (unchanged(kept, block) || kept.update?.(block))) return { ...kept, block, index, taken: false };
      return { ...drawBlock(block, this.#page(kept, block)), block, index, taken: false };
    });
    const next = this.drawn.map(({ element }) => element);
    if (next.length !== place.children.length || next.some((element, index) => place.children[index] !== element)) replace(place, next);
    if (isOther || !focused || place.contains(document.activeElement)) return;
    const block = focused.name ? place.querySelector(`[data-name="${CSS.escape(focused.name)}"]`) : place.children[focused.block];
    block?.querySelectorAll(focusable)[focused.index]?.focus();
  }

  // What a block may know and do.
  #page(kept, block) {
    const { language } = this.screen;
    // What was typed stays unless the daemon has put another value there.
    const typed = kept && kept.block.value === block.value ? kept.values?.()[block.name] : undefined;
    return {
      language,
      act: this.act,
      answer: this.answer,
      text: (key) => text(language, key),
      draft: (name) => (name === block.name ? typed : undefined),
    };
  }
}

// The next page of a form may bear the same title: then no question is left of the one before.
function differs(before, screen) {
  if (before.id !== screen.id || before.title !== screen.title || before.language !== screen.language) return true;
  const names = before.blocks.map((block) => block.name).filter(Boolean);
  return names.length > 0 && screen.blocks.some((block) => block.name) && !screen.blocks.some((block) => names.includes(block.name));
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function sameName(one, other) {
  return one.type === other.type && one.name === other.name && one.component === other.component;
}

// A field whose new value is what stands in it needs no drawing.
function unchanged(kept, block) {
  if (same(kept.block, block)) return true;
  if (block.type !== "field" || !kept.values) return false;
  return same({ ...kept.block, value: "", options: [] }, { ...block, value: "", options: [] }) && kept.values()[block.name] === block.value
    && same(kept.block.options.map(bare), block.options.map(bare));
}

const bare = ({ selected, ...option }) => option;

// Changes only the children that differ, so that the focused one is never taken out and put back.
function replace(place, next) {
  const keep = new Set(next);
  for (const child of [...place.children]) if (!keep.has(child)) child.remove();
  next.forEach((element, index) => {
    if (place.children[index] !== element) place.insertBefore(element, place.children[index] ?? null);
  });
}

const focusable = "button, input, textarea";

// Where the focus is: by the question's name, or by the block's place when it has none.
function focusIn(place) {
  const block = [...place.children].findIndex((child) => child.contains(document.activeElement));
  if (block < 0) return undefined;
  const index = [...place.children[block].querySelectorAll(focusable)].indexOf(document.activeElement);
  return { block, index, name: place.children[block].dataset.name };
}
