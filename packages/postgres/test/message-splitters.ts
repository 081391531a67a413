// https://www.postgresql.org/docs/18/protocol-message-formats.html
const sslRequest = 80877103;
const gssEncryptionRequest = 80877104;

/** Takes what arrives next, gives the messages that are whole with it. */
export type MessageSplitter = (chunk: Buffer) => Buffer[];

/**
 * Splits the two directions of one unencrypted PostgreSQL connection into messages. They know of each other: the answer
 * to a request for encryption is a single byte, and is a message here as well.
 */
export function messageSplitters(): { toServer: MessageSplitter; toClient: MessageSplitter } {
  let starting = true;
  let answersDue = 0;
  return {
    toServer: splitter({
      lengthOf: (buffer) => (starting ? untypedLength(buffer) : typedLength(buffer)),
      seen: (message) => {
        if (!starting) return;
        const code = message.readInt32BE(4);
        if (code === sslRequest || code === gssEncryptionRequest) answersDue += 1;
        else starting = false;
      },
    }),
    toClient: splitter({
      lengthOf: (buffer) => (answersDue > 0 ? 1 : typedLength(buffer)),
      seen: () => {
        answersDue = Math.max(0, answersDue - 1);
      },
    }),
  };
}

/** The messages with which a connection begins have a length and no type. */
function untypedLength(buffer: Buffer): number | undefined {
  return buffer.length < 4 ? undefined : buffer.readInt32BE(0);
}

function typedLength(buffer: Buffer): number | undefined {
  return buffer.length < 5 ? undefined : 1 + buffer.readInt32BE(1);
}

interface Protocol {
  /** Of the message at the start of a buffer; undefined as long as too little of it is there. */
  lengthOf: (buffer: Buffer) => number | undefined;
  seen: (message: Buffer) => void;
}

function splitter({ lengthOf, seen }: Protocol): MessageSplitter {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    const messages: Buffer[] = [];
    while (rest.length > 0) {
      const length = lengthOf(rest);
      if (length === undefined || rest.length < length) break;
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      seen(message);
      messages.push(message);
    }
    return messages;
  };
}
