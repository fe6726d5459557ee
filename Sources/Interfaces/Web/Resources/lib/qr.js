// A QR code from its modules, with the quiet zone of four modules that ISO/IEC 18004 asks for.

import { s } from "./h.js";

const quiet = 4;

export function qr(rows, label) {
  const size = rows.length + 2 * quiet;
  let dark = "";
  rows.forEach((row, y) => {
    for (const run of row.matchAll(/1+/g)) dark += `M${run.index + quiet} ${y + quiet}h${run[0].length}v1h-${run[0].length}z`;
  });
  return s("svg", { class: "qr", viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": label, "shape-rendering": "crispEdges" },
    s("rect", { width: size, height: size, fill: "#fff" }), s("path", { d: dark, fill: "#000" }));
}
