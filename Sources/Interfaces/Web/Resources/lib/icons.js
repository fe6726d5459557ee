// The page's own icons, 48 × 48, drawn in the text's colour. They stand beside words and say nothing by themselves.

import { s } from "./h.js";

const line = { fill: "none", stroke: "currentColor", "stroke-width": 3, "stroke-linecap": "round", "stroke-linejoin": "round" };
const full = { fill: "currentColor" };
const p = (d, style = line) => s("path", { d, ...style });
const c = (cx, cy, r, style = line) => s("circle", { cx, cy, r, ...style });
const r = (x, y, width, height, rx, style = line) => s("rect", { x, y, width, height, rx, ...style });

const drawings = {
  // A swaddled baby.
  birth: () => [c(24, 13, 8), p("M20 13h.1M28 13h.1", { ...line, "stroke-width": 4 }), p("M21 16.5q3 2.5 6 0"),
    p("M13 25c3-4 19-4 22 0 3 8-2 16-11 20-9-4-14-12-11-20z"), p("M14 30c8 0 15 4 17 10M34 30c-5 0-9 2-12 5")],
  ticket: () => [p("M9 6h30v36l-5-4-5 4-5-4-5 4-5-4-5 4z"), p("M17 16h14M17 24h14M17 31h8")],
  search: () => [c(21, 21, 13), p("M31 31l11 11", { ...line, "stroke-width": 5 })],
  // A person with a cane.
  elderly: () => [c(21, 9, 5), p("M21 16c-5 3-6 8-5 14l-5 14M16 30c5 1 8 4 9 14M19 20c3 5 6 6 11 7"),
    p("M30 25c3-3 7 0 6 4v15")],
  pregnant: () => [c(22, 8, 5), p("M19 16c-3 5-3 9-2 14h3v14M20 16c4 0 6 3 6 6 5 1 7 6 4 9-1 2-3 2-6 2v11"), p("M21 21c0 5 2 7 6 7")],
  disabled: () => [c(19, 7, 4.5), p("M19 14v13h12l5 11h5"), p("M19 19h10"), p("M15 24a11 11 0 1 0 15 14")],
  merit: () => [p("M16 4l8 14 8-14"), c(24, 30, 13),
    p("M24 22l2.5 5.3 5.8.7-4.3 4 1.1 5.7-5.1-2.8-5.1 2.8 1.1-5.7-4.3-4 5.8-.7z", full)],
  "flag-vi": () => [r(2, 9, 44, 30, 3, { fill: "#da251d" }),
    p("M24 14l2.7 7.3 7.8.3-6.1 4.8 2.1 7.5-6.5-4.3-6.5 4.3 2.1-7.5-6.1-4.8 7.8-.3z", { fill: "#ffde00" })],
  "flag-en": () => [r(2, 9, 44, 30, 3, { fill: "#1b2f6b" }), p("M4 11l40 26M44 11L4 37", { stroke: "#fff", "stroke-width": 6 }),
    p("M4 11l40 26M44 11L4 37", { stroke: "#c8102e", "stroke-width": 2.2 }), p("M24 9v30M2 24h44", { stroke: "#fff", "stroke-width": 10 }),
    p("M24 9v30M2 24h44", { stroke: "#c8102e", "stroke-width": 6 })],
  document: () => [p("M11 4h18l9 9v31H11z"), p("M29 4v9h9"), p("M18 22h13M18 29h13M18 36h8")],
  check: () => [p("M8 25l11 11 21-23", { ...line, "stroke-width": 6 })],
  back: () => [p("M29 9L14 24l15 15", { ...line, "stroke-width": 5 })],
  forward: () => [p("M19 9l15 15-15 15", { ...line, "stroke-width": 5 })],
  down: () => [p("M9 18l15 15 15-15", { ...line, "stroke-width": 5 })],
  earlier: () => [p("M43 24H16M28 11L15 24l13 13", { ...line, "stroke-width": 4 }), p("M6 9v30", { ...line, "stroke-width": 4 })],
  later: () => [p("M5 24h27M20 11l13 13-13 13", { ...line, "stroke-width": 4 }), p("M42 9v30", { ...line, "stroke-width": 4 })],
  close: () => [p("M11 11l26 26M37 11L11 37", { ...line, "stroke-width": 5 })],
  edit: () => [p("M8 40l3-10L33 8l7 7-22 22z"), p("M28 13l7 7")],
  remove: () => [p("M8 13h32M19 13V7h10v6M12 13l2 29h20l2-29M20 21v14M28 21v14")],
  scan: () => [p("M6 30v10h36V30M6 30h36"), p("M13 30V8h22v22M19 15h10M19 22h10")],
  card: () => [r(4, 9, 40, 30, 4), c(15, 21, 4), p("M9 32c1-6 11-6 12 0M27 19h11M27 26h11")],
  info: () => [c(24, 24, 19), p("M24 22v12", { ...line, "stroke-width": 5 }), c(24, 14.5, 3, full)],
  warning: () => [p("M24 5l20 37H4z"), p("M24 18v11", { ...line, "stroke-width": 5 }), c(24, 36, 3, full)],
  error: () => [p("M16 5h16l11 11v16L32 43H16L5 32V16z"), p("M24 14v12", { ...line, "stroke-width": 5 }), c(24, 33.5, 3, full)],
  success: () => [c(24, 24, 19), p("M14 25l7 7 13-15", { ...line, "stroke-width": 5 })],
  shift: () => [p("M24 7l17 18h-9v14H16V25H7z")],
  backspace: () => [p("M17 10h26v28H17L4 24z"), p("M24 18l11 12M35 18L24 30")],
  keyboard: () => [r(3, 11, 42, 26, 4), p("M11 19h.1M18 19h.1M25 19h.1M32 19h.1M38 19h.1M11 25h.1M18 25h.1M25 25h.1M32 25h.1M38 25h.1M16 31h16", { ...line, "stroke-width": 4 })],
  bell: () => [p("M10 36c4-4 3-9 4-15 1-14 19-14 20 0 1 6 0 11 4 15zM20 41c2 4 6 4 8 0")],
  people: () => [c(17, 15, 6), p("M5 38c0-16 24-16 24 0"), c(34, 18, 5), p("M34 27c6 0 10 4 10 11")],
};

export function icon(name) {
  const draw = drawings[name] ?? drawings.document;
  return s("svg", { class: "icon", viewBox: "0 0 48 48", "aria-hidden": "true", focusable: "false" }, draw());
}
