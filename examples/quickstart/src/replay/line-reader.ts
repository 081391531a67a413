/** One line of a text file, without its line break; the first is number 1. */
export interface Line {
  number: number;
  text: string;
}

const maxCharacters = 1_000_000;

/** Reads lines one by one from chunks of UTF-8; CRLF and a byte order mark are taken off. Lines can be put back. */
export class LineReader {
  private readonly chunks: AsyncIterator<Buffer>;
  private readonly decoder = new TextDecoder();
  private ready: Line[] = [];
  private at = 0;
  private rest = '';
  private count = 0;
  private ended = false;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  /**
   * The next line, at once where one is there already; null at the end.
   *
   * @throws Error in one line where a line is longer than a million characters: this is no text of orders.
   */
  next(): Line | null | Promise<Line | null> {
    const line = this.ready[this.at];
    if (!line) return this.ended ? null : this.readOn();
    this.at += 1;
    return line;
  }

  /** Puts lines back, to be read next. */
  unread(lines: readonly Line[]): void {
    this.ready = [...lines, ...this.ready.slice(this.at)];
    this.at = 0;
  }

  private async readOn(): Promise<Line | null> {
    this.ready = [];
    this.at = 0;
    while (this.ready.length === 0 && !this.ended) {
      const { done, value } = await this.chunks.next();
      this.ended = done === true;
      const text = this.rest + (done ? this.decoder.decode() : this.decoder.decode(value, { stream: true }));
      const lines = text.split('\n');
      this.rest = done ? '' : (lines.pop() ?? '');
      if (this.ended && lines.at(-1) === '') lines.pop();
      for (const line of lines) this.ready.push(this.numbered(line));
      if (this.rest.length > maxCharacters) throw this.tooLong();
    }
    return this.next();
  }

  private numbered(text: string): Line {
    this.count += 1;
    return { number: this.count, text: text.endsWith('\r') ? text.slice(0, -1) : text };
  }

  private tooLong(): Error {
    return new Error(`line ${this.count + 1} is longer than a million characters: is this a file of orders?`);
  }
}
