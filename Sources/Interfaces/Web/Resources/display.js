// The hall's display.

import { h } from "./lib/h.js";
import { live } from "./lib/live.js";
import { text } from "./lib/texts.js";
import { Announcements } from "./hall/announcements.js";
import { chime } from "./hall/chime.js";

const place = (name) => document.querySelector(`.${name}`);
const announcements = new Announcements();
let turn;
let calls = [];

live("/api/display/events", "display", {
  state(display) {
    place("hall").textContent = display.title;
    document.title = display.title;
    place("waiting-count").textContent = String(display.waiting);
    calls = display.calls;
    const shown = announcements.take(display);
    if (shown) show(shown);
    if (!turn) announce();
    list();
  },
  lost: () => (place("lost").hidden = false),
  found: () => (place("lost").hidden = true),
});

let current;

function announce() {
  const call = announcements.next();
  turn = undefined;
  if (!call) return;
  show(call, true);
  chime();
  turn = setTimeout(announce, announcements.turnMs);
}

function show(call, isNew = false) {
  current = call;
  place("call").classList.toggle("call-new", false);
  // Reading the width makes the browser begin the movement anew for the next call.
  void place("call").offsetWidth;
  place("call").classList.toggle("call-new", isNew);
  place("call-none").hidden = true;
  place("call-words").hidden = false;
  place("number").textContent = call.number;
  place("counter").textContent = call.counter;
  place("priority").hidden = !call.isPriority;
  place("spoken").textContent = `${text("vi", "Invite")} ${call.number}, ${text("vi", "ToCounter")} ${call.counter}`;
  list();
}

// The calls before the large one.
function list() {
  const others = calls.filter((call) => call.number !== current?.number);
  place("calls").replaceChildren(...others.map((call) =>
    h("tr", {}, h("td", { class: "calls-number" }, call.number, call.isPriority && h("span", { class: "tag" }, text("vi", "Priority"))), h("td", { class: "calls-counter" }, call.counter))));
  // As many as there is room for.
  const table = document.querySelector(".last table");
  while (table.scrollHeight > table.clientHeight && place("calls").lastChild) place("calls").lastChild.remove();
}

function clock() {
  const now = new Date();
  place("time").textContent = now.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
  place("date").textContent = now.toLocaleDateString("vi-VN", { weekday: "long", day: "2-digit", month: "2-digit", year: "numeric", timeZone: "Asia/Ho_Chi_Minh" });
}
clock();
setInterval(clock, 1000);
