import { contend } from './contend.test-data.ts';

/** Contends for the cards and answers with what was acknowledged. */
const [, , connectionString = '', schema = '', load = ''] = process.argv;
process.send?.(await contend(connectionString, schema, JSON.parse(load)));
