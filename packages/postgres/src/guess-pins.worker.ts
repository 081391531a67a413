import { guessOnMessage } from '../../testing/test/guess-pins.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const [, , connectionString = '', schema = ''] = process.argv;
guessOnMessage(openPostgresStore({ connectionString, schema, pool: { max: 8 } }));
