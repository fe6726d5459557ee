// Drawings that show what to do, 480 × 300. Flat shapes, few colours, one movement each (still for who wants no motion).

import { s } from "./h.js";

const ink = "#123a5c";
const soft = "#d9e6f0";
const sky = "#eef4f9";
const white = "#ffffff";
const gold = "#d59a1c";
const red = "#b3261e";
const green = "#1c6b43";
const skin = "#e9bd95";

const g = (attributes, ...children) => s("g", attributes, ...children);
const box = (x, y, width, height, rx, fill, stroke = ink) => s("rect", { x, y, width, height, rx, fill, stroke, "stroke-width": stroke === "none" ? 0 : 5 });
const path = (d, attributes = {}) => s("path", { d, fill: "none", stroke: ink, "stroke-width": 6, "stroke-linecap": "round", "stroke-linejoin": "round", ...attributes });
const dot = (cx, cy, r, fill, attributes = {}) => s("circle", { cx, cy, r, fill, ...attributes });

function arrowDown(x, y, length) {
  return g({ class: "nudge-down" }, path(`M${x} ${y}v${length}m-22 -24l22 24 22 -24`, { stroke: red, "stroke-width": 12 }));
}

function modules(x, y, size) {
  const cell = size / 7;
  const pattern = ["1110111", "1010101", "1110111", "0001010", "1110011", "1010100", "1110111"];
  let d = "";
  pattern.forEach((row, j) => [...row].forEach((bit, i) => {
    if (bit === "1") d += `M${x + i * cell} ${y + j * cell}h${cell}v${cell}h-${cell}z`;
  }));
  return s("path", { d, fill: ink });
}

// The front of an identity card: photograph, lines, QR code at the upper right.
function cardFront(x, y, highlighted = false) {
  return g({ transform: `translate(${x} ${y})` },
    box(0, 0, 200, 126, 12, white),
    box(14, 40, 52, 68, 4, soft, "none"), dot(40, 62, 13, ink), path("M20 104c2-24 38-24 40 0", { fill: ink, "stroke-width": 1 }),
    path("M14 20h96", { stroke: red, "stroke-width": 8 }), path("M80 62h58M80 80h90M80 98h70", { stroke: ink, "stroke-width": 5 }),
    modules(148, 12, 40),
    highlighted && s("rect", { class: "pulse", x: 140, y: 4, width: 56, height: 56, rx: 8, fill: "none", stroke: red, "stroke-width": 6 }));
}

// The back: the chip.
function cardBack(x, y) {
  return g({ transform: `translate(${x} ${y})` },
    box(0, 0, 200, 126, 12, white), box(22, 36, 44, 36, 6, gold),
    path("M22 54h44M44 36v36", { "stroke-width": 3 }), path("M86 40h90M86 58h70M20 92h160M20 108h160", { stroke: soft, "stroke-width": 8 }));
}

function reader(x, y) {
  return g({ transform: `translate(${x} ${y})` },
    box(0, 0, 300, 70, 16, ink), box(24, 14, 252, 22, 8, soft, "none"), dot(150, 54, 7, "#5fd08f"));
}

const drawings = {
  "card-qr": () => [
    // The code stands over the reader's window, in its light.
    box(150, 206, 180, 74, 14, ink), box(196, 214, 88, 20, 6, "#ff8d82", "none"),
    g({ class: "nudge-down" }, cardFront(72, 12, true)),
    s("path", { class: "beam", d: "M204 206L212 18H268L276 206z", fill: "#ff6b5e", opacity: 0.3 }),
    arrowDown(360, 150, 60),
  ],
  "card-place": () => [reader(90, 206), g({ class: "nudge-down" }, cardBack(140, 20)), arrowDown(400, 70, 92), arrowDown(80, 70, 92)],
  "card-hold": () => [
    reader(90, 206), cardBack(140, 94),
    g({ class: "pulse" }, path("M372 120a52 52 0 0 1 0 74M398 98a84 84 0 0 1 0 118", { stroke: green, "stroke-width": 9 }),
      path("M108 120a52 52 0 0 0 0 74M82 98a84 84 0 0 0 0 118", { stroke: green, "stroke-width": 9 })),
    // A stop for the hand: don't take it yet.
    g({ transform: "translate(204 6)" }, dot(36, 36, 34, white, { stroke: red, "stroke-width": 7 }),
      s("path", { d: "M22 46V28m9 12V20m9 20V20m9 22V26m-27 18c2 12 22 14 27 0", fill: "none", stroke: ink, "stroke-width": 6, "stroke-linecap": "round" })),
  ],
  "scan-feeder": () => [
    box(70, 196, 340, 84, 16, ink), box(110, 206, 260, 14, 6, soft, "none"), dot(378, 256, 8, "#5fd08f"),
    g({ class: "nudge-down" }, s("path", { d: "M150 24h150l30 30v154H150z", fill: white, stroke: ink, "stroke-width": 5 }),
      path("M300 24v30h30", { "stroke-width": 5 }), path("M176 76h124M176 102h124M176 128h124M176 154h76", { stroke: "#8aa6bb", "stroke-width": 7 })),
    arrowDown(392, 60, 92),
  ],
  "take-ticket": () => [
    box(90, 20, 300, 96, 18, ink), box(132, 88, 216, 16, 8, "#0a2135", "none"),
    g({ class: "nudge-down" }, s("path", { d: "M152 96h176v150l-22-12-22 12-22-12-22 12-22-12-22 12-22-12-22 12z", fill: white, stroke: ink, "stroke-width": 5 }),
      s("text", { x: 240, y: 176, "text-anchor": "middle", "font-size": 54, "font-weight": 700, fill: ink }, "A"), path("M192 202h96", { stroke: "#8aa6bb", "stroke-width": 7 })),
    // A hand from below.
    s("path", { d: "M352 296v-44c0-18-10-30-24-36l-34-14c-12-4-20 12-8 20l30 20-6 54z", fill: skin, stroke: ink, "stroke-width": 5, "stroke-linejoin": "round" }),
  ],
  done: () => [dot(240, 150, 118, "#e3f3ea"), dot(240, 150, 92, green), path("M194 152l34 36 62-72", { stroke: white, "stroke-width": 20 })],
  wait: () => [
    dot(240, 150, 118, sky),
    path("M176 54h128M176 246h128", { "stroke-width": 14 }),
    s("path", { d: "M190 62h100c0 52-34 62-34 88s34 36 34 88H190c0-52 34-62 34-88s-34-36-34-88z", fill: white, stroke: ink, "stroke-width": 7 }),
    s("path", { d: "M206 92h68c-6 26-26 36-34 46-8-10-28-20-34-46z", fill: gold }),
    s("path", { d: "M200 232c4-26 26-36 40-42 14 6 36 16 40 42z", fill: gold }),
    s("path", { class: "pulse", d: "M240 138v52", stroke: gold, "stroke-width": 6 }),
  ],
};

export function illustration(name, alt) {
  const draw = drawings[name] ?? drawings.wait;
  return s("svg", { class: `illustration illustration-${name}`, viewBox: "0 0 480 300", role: "img", "aria-label": alt }, draw());
}
