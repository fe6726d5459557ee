// A counter's page: call, call again, finish, nobody came.

import { h } from "./lib/h.js";
import { live } from "./lib/live.js";
import { post } from "./lib/post.js";
import { text } from "./lib/texts.js";

const number = location.pathname.split("/").at(-1);
const api = `/api/counter/${number}`;
const place = (name) => document.querySelector(`.${name}`);
const words = (key) => text("vi", key);
const buttons = [...document.querySelectorAll("[data-deed]")];
let view;
let busy = false;

live(`${api}/events`, "counter", {
  state: show,
  lost: () => (place("lost").hidden = false),
  found: () => (place("lost").hidden = true),
});

const deeds = {
  // One press for the usual case: the person has gone, the next one comes.
  async next() {
    if (view?.current) show(await post(`${api}/finish`));
    show(await post(`${api}/call-next`));
  },
  recall: async () => show(await post(`${api}/recall`)),
  finish: async () => show(await post(`${api}/finish`)),
  "no-show": async () => show(await post(`${api}/no-show`)),
};

async function perform(deed) {
  if (busy) return;
  busy = true;
  enable();
  try {
    await deeds[deed]();
    fault(undefined);
  } catch (problem) {
    fault(problem.message ? problem : { message: words("Unreachable"), remedy: words("UnreachableRemedy") });
  } finally {
    busy = false;
    enable();
  }
}

function show(next) {
  view = next;
  document.title = `Quầy ${view.label}`;
  place("desk-label").textContent = view.label;
  place("current").replaceChildren(view.current ? ticket(view.current) : h("p", { class: "current-none" }, words("Nobody")));
  place("deed-words").textContent = words(view.current ? "FinishAndCall" : "Call");
  place("notices").replaceChildren(...view.notices.map((notice) => h("li", {}, notice)));
  queue();
  enable();
}

function ticket(entry) {
  return h("div", { class: "current-ticket" },
    h("p", { class: "current-number" }, entry.number),
    h("div", {},
      h("p", { class: `class ${entry.isPriority ? "class-priority" : ""}` }, entry.className),
      h("p", { class: "current-procedure" }, entry.procedure ?? words("NoProcedure")),
      entry.dossier && h("p", {}, `${words("Dossier")}: `, h("strong", {}, entry.dossier)),
      entry.calledAt && h("p", { class: "soft" }, `${words("CalledAt")} ${clock(entry.calledAt)}`)));
}

function queue() {
  place("queue-count").textContent = String(view.waiting.length);
  place("queue-none").hidden = view.waiting.length > 0;
  document.querySelector(".queue table").hidden = view.waiting.length === 0;
  place("queue-rows").replaceChildren(...view.waiting.map((entry) =>
    h("tr", {}, h("td", { class: "queue-number" }, entry.number),
      h("td", {}, h("span", { class: `class ${entry.isPriority ? "class-priority" : ""}` }, entry.className)),
      h("td", {}, entry.procedure ?? words("NoProcedure")),
      h("td", { class: "minutes" }, `${waited(entry)} ${words("Minutes")}`))));
}

function enable() {
  const current = Boolean(view?.current);
  for (const button of buttons) {
    const deed = button.dataset.deed;
    button.disabled = busy || !view || (deed === "next" ? !current && view.waiting.length === 0 : !current);
  }
}

function fault(problem) {
  place("fault").hidden = !problem;
  place("fault").replaceChildren(...(problem ? [h("strong", {}, problem.message), " ", problem.remedy ?? ""] : []));
}

const clock = (time) => new Date(time).toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh" });
const waited = (entry) => Math.max(0, Math.floor((Date.now() - new Date(entry.issuedAt)) / 60000));

for (const button of buttons) button.addEventListener("click", () => perform(button.dataset.deed));

const keys = { g: "next", l: "recall", h: "finish", v: "no-show" };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const button = buttons.find((one) => one.dataset.deed === keys[event.key.toLowerCase()]);
  if (button && !button.disabled) perform(button.dataset.deed);
});
setInterval(() => view && queue(), 30000);
