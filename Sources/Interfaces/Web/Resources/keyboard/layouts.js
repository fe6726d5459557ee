// What stands on the keys. A text is typed as it is, { tone } sets a tone, { command } does something else.

const row = (letters) => letters.split(" ");

export const tones = [
  { tone: 1, sign: "◌́", name: "sắc" }, { tone: 2, sign: "◌̀", name: "huyền" }, { tone: 3, sign: "◌̉", name: "hỏi" },
  { tone: 4, sign: "◌̃", name: "ngã" }, { tone: 5, sign: "◌̣", name: "nặng" },
];

// `top` stands in one row where the screen is wide and in two where it is narrow.
export const letters = {
  top: [row("1 2 3 4 5 6 7 8 9 0"), [...row("ă â ê ô ơ ư đ"), ...tones]],
  rows: [
    row("q w e r t y u i o p"),
    row("a s d f g h j k l"),
    [{ command: "shift" }, ...row("z x c v b n m"), { command: "erase" }],
    [{ command: "signs" }, { command: "method" }, ",", { command: "space" }, ".", "-", "/", { command: "done" }],
  ],
};

// Signs, and letters of the Jrai and Bahnar alphabets.
export const signs = {
  top: [row("1 2 3 4 5 6 7 8 9 0"), row("ƀ c̆ ĕ ê̆ ĭ ñ ŏ ô̆ ơ̆ ŭ ư̆")],
  rows: [
    row("@ # & ( ) \" ' : ; ?"),
    row("! + = * % _ \\ < >"),
    [{ command: "shift" }, ...row("[ ] { } | ~ €"), { command: "erase" }],
    [{ command: "letters" }, { command: "newline" }, ",", { command: "space" }, ".", "-", "/", { command: "done" }],
  ],
};

const keypad = (last) => ({
  top: [],
  rows: [row("1 2 3"), row("4 5 6"), row("7 8 9"), [last, "0", { command: "erase" }], [{ command: "done" }]],
});

export const integer = keypad("-");
export const decimal = keypad(",");
export const digits = keypad({ command: "none" });
