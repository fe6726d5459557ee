import { h } from "../lib/h.js";
import { qr } from "../lib/qr.js";

export function drawTicket(block, page) {
  return {
    element: h("section", { class: "block ticket", "aria-label": `${page.text("TicketNumber")} ${block.number}` },
      h("div", { class: "ticket-paper" },
        h("p", { class: "ticket-caption" }, page.text("TicketNumber")),
        h("p", { class: "ticket-number" }, block.number),
        block.className && h("p", { class: "ticket-class" }, block.className),
        block.procedure && h("p", { class: "ticket-procedure" }, block.procedure),
        block.notes.length > 0 && h("ul", { class: "ticket-notes" }, block.notes.map((note) => h("li", {}, note)))),
      block.qr && h("div", { class: "ticket-code" }, qr(block.qr, page.text("TicketCode")), h("p", {}, page.text("TicketPhoto")))),
  };
}
