// The touchscreen's page: draws the screen of now, sends back what is touched.

import { text } from "./lib/texts.js";
import { Connection } from "./kiosk/connection.js";
import { IdleDialog } from "./kiosk/idle.js";
import { ScreenView } from "./kiosk/screen.js";
import { scrollHelp } from "./kiosk/scroll.js";
import { Keyboard } from "./keyboard/keyboard.js";

const language = () => document.documentElement.lang;
const content = document.querySelector(".content");
const banner = document.querySelector(".lost");

const view = new ScreenView(document.body, {
  act(action, value, event) {
    // The second tap of a double tap was meant for the screen that has just gone.
    if (event?.detail > 1 && performance.now() - shownAt < 600) return;
    keyboard.close();
    connection.act(action, { value, values: action === "cancel" ? undefined : view.values() });
  },
  answer: () => connection.answer(view.news()),
});
const keyboard = new Keyboard(document.querySelector(".keyboard"), language);
const idle = new IdleDialog(document.body, () => connection.act("stay"));
let shownAt = 0;
let lastField;
const checkScroll = scrollHelp(content, document.querySelector(".more-place"), language);

const connection = new Connection({
  show(screen) {
    const otherLanguage = screen.language !== language();
    if (view.show(screen)) {
      shownAt = performance.now();
      if (otherLanguage) keyboard.reset();
      else keyboard.close();
      content.scrollTop = 0;
      document.querySelector("h1").focus({ preventScroll: true });
    } else {
      keyboard.reveal();
    }
    words();
    idle.show(screen.idleWarning, screen.language);
    checkScroll();
  },
  sending(is) {
    document.body.classList.toggle("sending", is);
  },
  busy(is) {
    document.body.classList.toggle("busy", is);
    content.setAttribute("aria-busy", String(is));
  },
  lost() {
    banner.textContent = text(language(), "ConnectionLost");
    banner.hidden = false;
  },
  found() {
    banner.hidden = true;
  },
});

// The page's own words, in the language of now.
function words() {
  document.querySelector(".place").textContent = text(language(), "Place");
}

// A chosen option shows at once what depends on it; a typed text when the next one is begun.
content.addEventListener("focusin", (event) => {
  const name = event.target.closest("[data-name]")?.dataset.name;
  if (name && lastField && name !== lastField) connection.answer(view.news());
  if (name) lastField = name;
});

for (const sign of ["pointerdown", "keydown"]) {
  document.addEventListener(sign, () => {
    if (!view.screen?.idleWarning) connection.active(view.news({ finished: true }));
  }, { passive: true });
}
document.addEventListener("contextmenu", (event) => event.preventDefault());
document.addEventListener("dragstart", (event) => event.preventDefault());
