// The pinyin initials of Chinese text, by the order in which browsers sort it; of a character with several readings
// the usual one counts.

const FIRST = "阿八嚓哒妸发旮哈讥咔垃呣拏噢妑七呥扨它穵夕丫帀";
const LETTERS = "abcdefghjklmnopqrstwxyz";
const order = new Intl.Collator("zh-Hans-CN-u-co-pinyin");
const HAN = /\p{Script=Han}/u;
const WORD = /[\p{L}\p{N}]/u;
const known = new Map();

function initial(character) {
  if (!known.has(character)) {
    let at = LETTERS.length - 1;
    while (at > 0 && order.compare(FIRST[at], character) > 0) at -= 1;
    known.set(character, LETTERS[at]);
  }
  return known.get(character);
}

// Such as "jshh" of "结束会话"; of words in letters their first ones, such as "cc" of "Close conversation".
export function initials(text) {
  let found = "";
  let inWord = false;
  for (const character of text.toLowerCase()) {
    if (HAN.test(character)) found += initial(character);
    else if (WORD.test(character) && !inWord) found += character;
    inWord = WORD.test(character) && !HAN.test(character);
  }
  return found;
}
