// A Vietnamese syllable as it stands before the caret: its letters, its tone, and where the tone is written.
//
// Letters are single graphemes without tone (â, ơ, đ, also the Jrai ơ̆); the tone is kept beside them. Tones are placed in
// the old style, as the civil registers write names: hòa, thúy; not hoà, thuý.

// Level, sharp (sắc), falling (huyền), asking (hỏi), tumbling (ngã), heavy (nặng).
export const toneMarks = ["", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"];

const vowels = new Set([..."aăâeêioôơuưy"]);
const finals = new Set(["", "c", "ch", "g", "h", "k", "m", "n", "ng", "nh", "p", "t"]);
// Vowel groups of the language, with those on the way to one (uo → ươ).
const nuclei = new Set((
  "a ă â e ê i o ô ơ u ư y " +
  "ai ao au ay âu ây eo eu êu ia ie iê iu oa oă oe oi oo ôi ơi ua uâ ue uê ui uo uô uơ uu uy ưa ưi ưo ươ ưu ye yê " +
  "ieu iêu oai oao oay oeo uay uây uoi uôi uơi uou uơu uya uye uyê uyu ưoi ươi ưou ươu yeu yêu"
).split(" "));

const graphemes = new Intl.Segmenter("vi", { granularity: "grapheme" });

export const split = (text) => Array.from(graphemes.segment(text), (part) => part.segment);

// The word at the end of the text, and what stands before it.
export function lastWord(text) {
  const word = text.match(/[\p{L}\p{M}]*$/u)[0];
  return [text.slice(0, text.length - word.length), word];
}

export class Syllable {
  // letters: graphemes without tone; tone: index into toneMarks; toneAt: the letter that bears it.
  constructor(letters, tone = 0, toneAt = -1) {
    this.letters = letters;
    this.tone = tone;
    this.toneAt = toneAt;
  }

  static read(word) {
    const syllable = new Syllable([]);
    split(word).forEach((grapheme, index) => {
      let letter = "";
      for (const mark of grapheme.normalize("NFD")) {
        const tone = toneMarks.indexOf(mark);
        // In Jrai and Bahnar words ñ is a letter of its own, not an n with a tone.
        if (tone > 0 && isVowel(letter.normalize("NFC"))) {
          syllable.tone = tone;
          syllable.toneAt = index;
        } else {
          letter += mark;
        }
      }
      syllable.letters.push(letter.normalize("NFC"));
    });
    return syllable;
  }

  // Initial consonants, vowels and final consonants as index ranges; nothing when it is no syllable.
  get parts() {
    const lower = this.letters.map((letter) => letter.toLowerCase());
    let start = 0;
    while (start < lower.length && !vowels.has(lower[start])) start += 1;
    // The u of qu and the i of gia, giúp belong to the initial.
    if (start === 1 && lower[0] === "q" && lower[1] === "u") start = 2;
    if (start === 1 && lower[0] === "g" && lower[1] === "i" && vowels.has(lower[2])) start = 2;
    let end = start;
    while (end < lower.length && vowels.has(lower[end])) end += 1;
    const initial = lower.slice(0, start).join("");
    const nucleus = lower.slice(start, end).join("");
    const final = lower.slice(end).join("");
    if (!nuclei.has(nucleus) || !finals.has(final)) return undefined;
    return { start, end, initial, nucleus, final };
  }

  // Where the tone belongs.
  get tonePosition() {
    const { start, end, nucleus, final } = this.parts;
    for (let index = end - 1; index >= start; index -= 1) {
      if ("ăâêôơư".includes(this.letters[index].toLowerCase())) return index;
    }
    if (nucleus.length === 1) return start;
    if (nucleus.length === 3) return start + 1;
    return final === "" ? start : start + 1;
  }

  with(letters, tone = this.tone) {
    return new Syllable(letters, tone, this.toneAt);
  }

  replacing(index, letter) {
    return this.with(this.letters.map((old, at) => (at === index ? sameCase(letter, old) : old)));
  }

  toString() {
    const at = this.tone === 0 ? -1 : this.parts ? this.tonePosition : this.toneAt;
    return this.letters.map((letter, index) => (index === at ? letter + toneMarks[this.tone] : letter)).join("").normalize("NFC");
  }
}

// Also those of the highlands' alphabets: ĕ, ơ̆.
export function isVowel(letter) {
  return letter !== "" && "aeiouy".includes(letter.normalize("NFD")[0].toLowerCase());
}

export function sameCase(letter, model) {
  return model !== model.toLowerCase() ? letter.toUpperCase() : letter;
}
