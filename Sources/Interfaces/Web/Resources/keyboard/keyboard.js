// The on-screen keyboard. It opens when a field with data-keyboard gets the focus, stands below the page's content (never
// over it), and closes by its own key, or when something else is touched. Keys of a real keyboard are composed too.

import { h } from "../lib/h.js";
import { icon } from "../lib/icons.js";
import { text } from "../lib/texts.js";
import * as layouts from "./layouts.js";
import { type, setTone, erase } from "./telex.js";

const layoutOf = { text: "letters", longText: "letters", integer: "integer", decimal: "decimal", digits: "digits" };
const methodNames = ["telex", "vni", "off"];
const repeatAfterMs = 450;
const repeatEveryMs = 90;

export class Keyboard {
  // root: the element that holds the keyboard; language(): the page's language now.
  constructor(root, language) {
    this.root = root;
    this.language = language;
    this.method = undefined;
    this.shift = "off";
    document.addEventListener("pointerdown", () => (this.openedByTap = false));
    document.addEventListener("focusin", (event) => this.#focused(event.target));
    document.addEventListener("click", (event) => this.#clicked(event.target));
    document.addEventListener("beforeinput", (event) => this.#typed(event));
    // Here, not on the key: the key may be drawn anew under the finger.
    for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, () => this.#release());
  }

  get isOpen() {
    return this.field !== undefined;
  }

  close() {
    if (!this.isOpen) return;
    this.field = undefined;
    this.root.replaceChildren();
    this.root.hidden = true;
    document.body.classList.remove("typing");
  }

  // Shows the field that is being typed into, also when something new has moved it away.
  reveal() {
    const field = this.field;
    if (!field) return;
    requestAnimationFrame(() => (field.closest(".field") ?? field).scrollIntoView({ block: "nearest" }));
  }

  // The way of typing follows the language again, whatever the one before chose.
  reset() {
    this.close();
    this.method = undefined;
  }

  // Adds what a key of the keyboard or a real key means at the caret of `field`.
  insert(field, key, direct = false) {
    const { value, selectionStart, selectionEnd } = field;
    const before = value.slice(0, selectionStart);
    const composes = !direct && isText(field);
    this.#write(field, composes ? type(before, key, this.#method) : type(before, key), value.slice(selectionEnd));
  }

  get #method() {
    return this.method ?? (this.language() === "vi" ? "telex" : "off");
  }

  #focused(target) {
    const kind = target.dataset?.keyboard;
    if (!kind) return;
    this.field = target;
    this.openedByTap = true;
    this.layout = layoutOf[kind];
    this.root.hidden = false;
    document.body.classList.add("typing");
    this.#autoShift();
    this.#draw();
    this.reveal();
  }

  #clicked(target) {
    if (!this.isOpen || this.root.contains(target) || !target.isConnected) return;
    // The tap that opened it may end elsewhere, since the page has moved up meanwhile.
    if (this.openedByTap) return;
    if (target.closest("[data-keyboard]") || target.closest("label")?.control?.dataset.keyboard) return;
    this.close();
  }

  #typed(event) {
    const field = event.target;
    if (!field.dataset?.keyboard) return;
    if (["insertLineBreak", "insertParagraph"].includes(event.inputType) && field.dataset.keyboard !== "longText") {
      // The Enter key of a real keyboard means Done in a line.
      event.preventDefault();
      return this.#command("done", field);
    }
    if (event.inputType !== "insertText" || event.isComposing) return;
    if (!event.data || event.data.length !== 1) return;
    event.preventDefault();
    this.insert(field, event.data);
  }

  #write(field, before, after) {
    const next = before + after;
    const limit = Number(field.dataset.limit ?? 2000);
    if (next.length > limit) return;
    if (!accepts(field.dataset.keyboard, next)) return;
    field.value = next;
    field.setSelectionRange(before.length, before.length);
    field.dispatchEvent(new Event("input", { bubbles: true }));
    this.#autoShift();
  }

  // Names and places begin with a capital in each word; a long text in the first.
  #autoShift() {
    if (!this.field || !isText(this.field) || this.shift === "lock") return;
    const before = this.field.value.slice(0, this.field.selectionStart);
    const begins = before === "" || (this.field.dataset.keyboard === "text" ? /[\s]$/.test(before) : /[.!?]\s+$|\n$/.test(before));
    this.#setShift(begins ? "once" : "off");
  }

  #setShift(shift) {
    if (this.shift === shift) return;
    this.shift = shift;
    if (this.isOpen) this.#draw();
  }

  #press(key) {
    const field = this.field;
    if (!field) return;
    if (typeof key === "string") {
      this.insert(field, this.shift === "off" ? key : key.toUpperCase(), key.normalize("NFD").length > 1 || key === "đ");
    } else if (key.tone) {
      const before = field.value.slice(0, field.selectionStart);
      this.#write(field, setTone(before, key.tone), field.value.slice(field.selectionEnd));
    } else {
      this.#command(key.command, field);
    }
  }

  // A key that is held repeats.
  #hold(key) {
    this.#release();
    this.holding = setTimeout(() => {
      this.repeating = setInterval(() => this.#press(key), repeatEveryMs);
    }, repeatAfterMs);
  }

  #release() {
    clearTimeout(this.holding);
    clearInterval(this.repeating);
  }

  #command(command, field) {
    const { value, selectionStart, selectionEnd } = field;
    switch (command) {
      case "erase": {
        const before = value.slice(0, selectionStart);
        this.#write(field, selectionStart === selectionEnd ? erase(before) : before, value.slice(selectionEnd));
        break;
      }
      case "space":
        this.#write(field, value.slice(0, selectionStart) + " ", value.slice(selectionEnd));
        break;
      case "newline":
        if (field.dataset.keyboard === "longText") this.#write(field, value.slice(0, selectionStart) + "\n", value.slice(selectionEnd));
        break;
      case "shift":
        this.#setShift({ off: "once", once: "lock", lock: "off" }[this.shift]);
        break;
      case "method":
        this.method = methodNames[(methodNames.indexOf(this.#method) + 1) % methodNames.length];
        this.#draw();
        break;
      case "letters":
      case "signs":
        this.layout = command;
        this.#draw();
        break;
      case "done":
        this.close();
        field.dispatchEvent(new CustomEvent("keyboarddone", { bubbles: true }));
        field.blur();
        break;
    }
  }

  #draw() {
    const layout = layouts[this.layout];
    const rows = (list, name) => h("div", { class: name }, list.map((row) => h("div", { class: "keys" }, row.map((key) => this.#key(key)))));
    const language = this.language();
    // Only what has changed is replaced, so that a finger on a key keeps its key.
    const state = JSON.stringify([this.layout, this.shift, this.#method, language]);
    if (this.root.firstChild && this.drawn === state) return;
    this.drawn = state;
    this.root.setAttribute("aria-label", text(language, "Keyboard"));
    this.root.replaceChildren(
      h("div", { class: `board board-${this.layout}` }, layout.top.length > 0 && rows(layout.top, "board-top"), rows(layout.rows, "board-rows")));
  }

  #key(key) {
    if (key.command === "none") return h("span", { class: "key key-none" });
    const { content, label, kind } = this.#face(key);
    return h("button", {
      type: "button", class: `key ${kind}`, "aria-label": label, tabindex: "-1",
      on: {
        // The field keeps the focus and its caret.
        pointerdown: (event) => {
          event.preventDefault();
          if (event.button !== 0 || key.command === "done") return;
          this.#press(key);
          if (key.command !== "erase") return;
          this.#hold(key);
        },
        // Assistive devices click without touching; their clicks count 0. A finger's click lands on whatever is there when
        // it goes up, so it counts for no other key than Done, which waits for it: behind the keyboard stands the page.
        click: (event) => {
          if (event.detail === 0 || key.command === "done") this.#press(key);
        },
      },
    }, content);
  }

  #face(key) {
    if (typeof key === "string") {
      const letter = this.shift === "off" ? key : key.toUpperCase();
      return { content: letter, kind: key.length > 1 || key.normalize("NFD").length > 1 || key === "đ" ? "key-mark" : "key-letter" };
    }
    if (key.tone) {
      return { content: [h("span", { class: "sign", "aria-hidden": "true" }, key.sign), h("span", { class: "name", lang: "vi" }, key.name)], label: `dấu ${key.name}`, kind: "key-tone" };
    }
    const language = this.language();
    switch (key.command) {
      case "shift":
        return { content: icon("shift"), label: text(language, "KeyShift"), kind: `key-command key-shift key-shift-${this.shift}` };
      case "erase":
        return { content: icon("backspace"), label: text(language, "KeyErase"), kind: "key-command key-erase" };
      case "space":
        return { content: text(language, "KeySpace"), kind: "key-space" };
      case "done":
        return { content: text(language, "KeyDone"), kind: "key-done" };
      case "letters":
        return { content: "ABC", label: text(language, "KeyLetters"), kind: "key-command" };
      case "signs":
        return { content: "#@?", label: text(language, "KeySigns"), kind: "key-command" };
      case "newline":
        return { content: "↵", label: text(language, "KeyNewline"), kind: "key-command" };
      case "method":
        return { content: text(language, `Method${this.#method}`), kind: "key-command key-method" };
    }
  }
}

function isText(field) {
  return field.dataset.keyboard === "text" || field.dataset.keyboard === "longText";
}

function accepts(kind, value) {
  switch (kind) {
    case "integer": return /^-?\d*$/.test(value);
    case "decimal": return /^-?\d*[.,]?\d*$/.test(value);
    case "digits": return /^\d*$/.test(value);
    default: return true;
  }
}
