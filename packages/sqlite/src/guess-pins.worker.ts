import { guessOnMessage } from '../../testing/test/guess-pins.ts';
import { openSqliteStore } from './open-sqlite-store.ts';

guessOnMessage(openSqliteStore({ file: process.argv[2] as string }));
