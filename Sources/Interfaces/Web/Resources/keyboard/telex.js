// Types Vietnamese: the text before the caret and one key give the new text before the caret. Nothing is remembered
// between keys; what was typed is read from the text itself.
//
// type("Hoa", "f", "telex") → "Hòa"      type("Hòa", "n", "telex") → "Hoàn"
// type("as", …): a key that cannot mean a mark is the letter itself; a mark key pressed again takes the mark back and
// writes the letter ("á" + "s" → "as").

import { Syllable, lastWord, split, isVowel } from "./syllable.js";

const telex = {
  s: ["tone", 1], f: ["tone", 2], r: ["tone", 3], x: ["tone", 4], j: ["tone", 5], z: ["tone", 0],
  a: ["hat", "a"], e: ["hat", "e"], o: ["hat", "o"], w: ["horn", "aou"], d: ["bar"],
};
const vni = {
  1: ["tone", 1], 2: ["tone", 2], 3: ["tone", 3], 4: ["tone", 4], 5: ["tone", 5], 0: ["tone", 0],
  6: ["hat", "aeo"], 7: ["horn", "ou"], 8: ["horn", "a"], 9: ["bar"],
};
const methods = { telex, vni };

const hats = { a: "â", ă: "â", e: "ê", o: "ô", ơ: "ô" };
const horns = { a: "ă", â: "ă", o: "ơ", ô: "ơ", u: "ư" };
const plain = { â: "a", ê: "e", ô: "o", ă: "a", ơ: "o", ư: "u" };

// method: "telex", "vni", or anything else for letters as they stand on the keys.
export function type(text, key, method) {
  const [before, word] = lastWord(text);
  const mark = methods[method]?.[key.toLowerCase()];
  if (mark && word) {
    const marked = marks[mark[0]](Syllable.read(word), mark[1], key);
    if (marked !== undefined) return before + marked;
  }
  return before + append(word, key);
}

// Sets the tone by a key of its own; the same tone again takes it away.
export function setTone(text, tone) {
  const [before, word] = lastWord(text);
  if (!word) return text;
  const syllable = Syllable.read(word);
  const next = syllable.tone === tone ? 0 : tone;
  if (syllable.parts) return before + syllable.with(syllable.letters, next);
  // No Vietnamese syllable (a name of another language): the last vowel bears it.
  for (let at = syllable.letters.length - 1; at >= 0; at -= 1) {
    if (isVowel(syllable.letters[at])) return before + new Syllable(syllable.letters, next, at);
  }
  return text;
}

// Takes one whole letter away, with all its marks.
export function erase(text) {
  return split(text).slice(0, -1).join("");
}

function append(word, key) {
  if (!/^[\p{L}\p{M}]+$/u.test(key)) return word + key;
  const old = Syllable.read(word);
  const added = old.with([...old.letters, key]);
  const parts = added.parts;
  let next = added;
  // thuơ + n → thươn, ngưo + i → ngươi: within a syllable both letters have the horn.
  if (parts && /^(ưo|uơ)/.test(parts.nucleus) && next.letters.length > parts.start + 2) {
    next = next.replacing(parts.start, "ư").replacing(parts.start + 1, "ơ");
  }
  return next === added && next.tone === 0 ? word + key : String(next);
}

const undo = (syllable, key) => String(syllable.with([...syllable.letters, key]));

const marks = {
  tone(syllable, tone, key) {
    if (!syllable.parts) return undefined;
    if (tone === 0) return syllable.tone === 0 ? undefined : String(syllable.with(syllable.letters, 0));
    if (syllable.tone === tone) return undo(syllable.with(syllable.letters, 0), key);
    return String(syllable.with(syllable.letters, tone));
  },

  // â ê ô
  hat(syllable, bases, key) {
    for (let at = syllable.letters.length - 1; at >= 0; at -= 1) {
      const letter = syllable.letters[at].toLowerCase();
      if (Object.values(hats).includes(letter) && bases.includes(plain[letter])) {
        return syllable.parts && undo(syllable.replacing(at, plain[letter]), key);
      }
      if (!hats[letter] || !bases.includes(plain[letter] ?? letter)) continue;
      const marked = syllable.replacing(at, hats[letter]);
      if (marked.parts) return String(marked);
      // ươ + o → uô, ưa + a → uâ
      if (at > 0 && syllable.letters[at - 1].toLowerCase() === "ư") {
        const both = marked.replacing(at - 1, "u");
        if (both.parts) return String(both);
      }
      return undefined;
    }
    return undefined;
  },

  // ă ơ ư
  horn(syllable, bases, key) {
    const parts = syllable.parts;
    if (!parts) return undefined;
    const pair = bases.includes("u") ? parts.nucleus.slice(0, 2) : "";
    if (pair === "ươ") return undo(syllable.replacing(parts.start, "u").replacing(parts.start + 1, "o"), key);
    if (["uo", "ưo", "uơ", "uô"].includes(pair)) {
      const open = parts.nucleus.length === 2 && parts.final === "";
      const horned = syllable.replacing(parts.start + 1, "ơ");
      // thuở, huơ: an open syllable after h, kh and th keeps its u.
      if (pair === "uo" && open && ["h", "kh", "th"].includes(parts.initial)) return String(horned);
      return String(horned.replacing(parts.start, "ư"));
    }
    for (let at = parts.end - 1; at >= parts.start; at -= 1) {
      const letter = syllable.letters[at].toLowerCase();
      if ("ăơư".includes(letter) && bases.includes(plain[letter])) {
        return undo(syllable.replacing(at, plain[letter]), key);
      }
      if (!horns[letter] || !bases.includes(plain[letter] ?? letter)) continue;
      const marked = syllable.replacing(at, horns[letter]);
      if (marked.parts) return String(marked);
    }
    return undefined;
  },

  // đ
  bar(syllable, _, key) {
    const first = syllable.letters[0];
    if (first.toLowerCase() === "đ") return undo(syllable.replacing(0, "d"), key);
    if (first.toLowerCase() !== "d") return undefined;
    if (syllable.letters.length > 1 && !syllable.parts) return undefined;
    return String(syllable.replacing(0, "đ"));
  },
};
