// The question whether somebody is still there, over everything else.

import { h } from "../lib/h.js";

export class IdleDialog {
  constructor(root, stay) {
    this.root = root;
    this.stay = stay;
  }

  show(warning, language) {
    if (!warning) return this.close();
    if (!this.dialog) this.#open(warning, language);
    this.title.textContent = warning.title;
    this.words.textContent = warning.text;
    this.button.textContent = warning.stayLabel;
    this.#count(warning.secondsLeft);
  }

  close() {
    clearInterval(this.timer);
    this.dialog?.close();
    this.dialog?.remove();
    this.dialog = undefined;
    this.back?.isConnected && this.back.focus();
    this.back = undefined;
  }

  #open(warning, language) {
    this.back = document.activeElement;
    this.title = h("h2", { id: "idle-title" });
    this.words = h("p", { id: "idle-text" });
    this.seconds = h("p", { class: "idle-seconds", "aria-hidden": "true" });
    this.button = h("button", { type: "button", class: "button button-primary", autofocus: true, on: { click: () => this.stay() } });
    this.dialog = h("dialog", { class: "idle", role: "alertdialog", "aria-labelledby": "idle-title", "aria-describedby": "idle-text", lang: language, on: { cancel: (event) => {
      event.preventDefault();
      this.stay();
    } } }, this.title, this.words, this.seconds, this.button);
    this.root.append(this.dialog);
    this.dialog.showModal();
    this.button.focus();
  }

  // Counts down by itself between two words of the daemon.
  #count(from) {
    clearInterval(this.timer);
    const end = Date.now() + from * 1000;
    const tick = () => (this.seconds.textContent = String(Math.max(0, Math.ceil((end - Date.now()) / 1000))));
    tick();
    this.timer = setInterval(tick, 250);
  }
}
