/** A literal that is sought in texts. */
export interface Word {
  /** In lower case. */
  readonly word: string;
  readonly rule: number;
  /** As it must be written, where case counts. */
  readonly exact: string | undefined;
}

/** The rules whose signs end at a state. */
export interface Ending {
  readonly any: readonly number[];
  readonly exact: readonly { readonly rule: number; readonly exact: string; readonly last: number }[];
}

export interface Automaton {
  /** By byte: its column; 0 for every byte that no word holds. */
  readonly columns: Uint8Array;
  /** By state and column. A state is the index of its row's beginning. */
  readonly next: Int32Array;
  /** States from this one on end a word: one comparison tells the few from the many. */
  readonly firstEnd: number;
  /** How many bits a state must be shifted by to be its row's number. */
  readonly shift: number;
  /** What ends at the states from `firstEnd` on, by row. */
  readonly endings: readonly Ending[];
}

/** All words as one automaton (Aho and Corasick, 1975): each character is looked at once, however many words there are. */
export function automaton(words: readonly Word[]): Automaton {
  const { columns, count } = columnsOf(words);
  const shift = Math.ceil(Math.log2(count));
  const { children, own } = trie(words, columns);
  // The failure links are folded into the transitions, breadth first.
  const next = new Int32Array(children.length << shift);
  const failure = new Int32Array(children.length);
  const order = [0];
  for (const state of order) {
    const row = state << shift;
    const fallback = (failure[state] as number) << shift;
    if (state !== 0) next.copyWithin(row, fallback, fallback + count);
    for (const [column, child] of children[state] ?? []) {
      const after = state === 0 ? 0 : (next[row + column] as number);
      next[row + column] = child;
      failure[child] = after;
      for (const entry of own[after] ?? []) own[child]?.add(entry);
      order.push(child);
    }
  }
  // States near the root are where texts are; breadth first they lie side by side, and those that end a word come last.
  const sorted = [
    ...order.filter((state) => own[state]?.size === 0),
    ...order.filter((state) => own[state]?.size !== 0),
  ];
  const rows = new Int32Array(sorted.length);
  for (const [row, state] of sorted.entries()) rows[state] = row;
  const moved = new Int32Array(next.length);
  for (const [row, state] of sorted.entries())
    for (let column = 0; column < count; column += 1)
      moved[(row << shift) + column] = (rows[next[(state << shift) + column] as number] as number) << shift;
  const endings = sorted.flatMap((state) => (own[state]?.size === 0 ? [] : [endingOf([...(own[state] ?? [])])]));
  return { columns, next: moved, firstEnd: (sorted.length - endings.length) << shift, shift, endings };
}

function columnsOf(words: readonly Word[]): { readonly columns: Uint8Array; readonly count: number } {
  const columns = new Uint8Array(256);
  let count = 1;
  for (const { word } of words)
    for (const character of word) {
      const code = character.charCodeAt(0);
      if (code >= 128) throw new Error(`the sign ${JSON.stringify(word)} is not ASCII`);
      if (columns[code] !== 0) continue;
      columns[code] = count;
      columns[character.toUpperCase().charCodeAt(0)] = count;
      count += 1;
    }
  return { columns, count };
}

function trie(words: readonly Word[], columns: Uint8Array) {
  const children: Map<number, number>[] = [new Map()];
  const own: Set<Word>[] = [new Set()];
  for (const entry of words) {
    let state = 0;
    for (const character of entry.word) {
      const column = columns[character.charCodeAt(0)] as number;
      const known = children[state]?.get(column);
      if (known === undefined) {
        children[state]?.set(column, children.length);
        state = children.length;
        children.push(new Map());
        own.push(new Set());
      } else state = known;
    }
    own[state]?.add(entry);
  }
  return { children, own };
}

const endingOf = (entries: readonly Word[]): Ending => ({
  any: [...new Set(entries.filter(({ exact }) => exact === undefined).map(({ rule }) => rule))],
  exact: entries.flatMap(({ rule, exact }) =>
    exact === undefined ? [] : [{ rule, exact, last: exact.charCodeAt(exact.length - 1) }],
  ),
});
