// The few texts that the daemon cannot send stand in the page's HTML, on #texts: data-vi-connection-lost="…".

const store = document.getElementById("texts")?.dataset ?? {};

export function text(language, key) {
  return store[language + key] ?? store["vi" + key] ?? "";
}
