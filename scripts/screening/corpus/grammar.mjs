// Texts from templates: `{one|other}` chooses, `{}` inside a choice is nothing, `<name>` expands the list of that name.

/** Mulberry32: small, seeded, and the same everywhere. Gives numbers from 0 to 1. */
export function seeded(seed) {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function pick(random, list) {
  return list[Math.floor(random() * list.length)];
}

/** Expands a template; innermost choices first, so that they nest. */
export function expand(random, template, lists = {}) {
  let text = template;
  for (let changed = true; changed; ) {
    changed = false;
    text = text.replace(/<([a-z]\w*)>/g, (whole, name) => {
      if (!lists[name]) {
        return whole;
      }
      changed = true;
      return pick(random, lists[name]);
    });
    text = text.replace(/\{([^{}]*)\}/g, (_whole, choices) => {
      changed = true;
      return pick(random, choices.split('|'));
    });
  }
  return text.replace(/ {2,}/g, ' ').trim();
}

/** As people type: without capitals, all in capitals, without the last stop, with a slip. */
export function typed(random, text) {
  const luck = random();
  if (luck < 0.12) {
    return text.toLowerCase();
  }
  if (luck < 0.17) {
    return text.toUpperCase();
  }
  if (luck < 0.27) {
    return text.replace(/[.!?]$/, '');
  }
  if (luck < 0.33 && text.length > 20) {
    const at = 5 + Math.floor(random() * (text.length - 10));
    return text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
  }
  return text;
}

/** So many texts of each family. */
export function generate(random, families, lists, count) {
  return Object.entries(families).flatMap(([family, templates]) => {
    const texts = new Set();
    for (let turn = 0; turn < count * 3 && texts.size < count; turn += 1) {
      texts.add(typed(random, expand(random, pick(random, templates), lists)));
    }
    return [...texts].map((text) => ({ family, text }));
  });
}

/** Templates, one a line; `\n` in them is a line break of the text. */
export function lines(text) {
  return text
    .split('\n')
    .map((line) => line.trim().replaceAll('\\n', '\n'))
    .filter((line) => line !== '');
}
