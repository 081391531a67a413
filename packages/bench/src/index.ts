import { fork } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'tsup';
import { readFlags } from './flags.ts';
import { fileSystemLine, machineLines } from './machine.ts';

const flags = readFlags(process.argv.slice(2));
const given = process.argv.slice(2).join(' ');
const folder = fileURLToPath(new URL('..', import.meta.url));

console.log(
  [
    `Command: npm run bench${given === '' ? '' : ` -- ${given}`}`,
    ...machineLines(),
    fileSystemLine(flags.directory),
  ].join('\n'),
);

// Built the way the packages are: tsx keeps function names at a cost that makes the rules several times slower.
await build({
  config: false,
  silent: true,
  clean: true,
  sourcemap: true,
  entry: {
    'run-section': `${folder}src/run-section.ts`,
    'process-worker': `${folder}src/process-worker.ts`,
    'redeem-worker': `${folder}src/redeem-worker.ts`,
    'shop-server': `${folder}src/http/shop-server.ts`,
  },
  outDir: `${folder}dist`,
  format: 'esm',
  target: 'es2022',
  skipNodeModulesBundle: true,
  noExternal: [/^@loyalty-engine\//],
});
// The shop reads its stylesheet from beside its code.
const stylesheet = new URL('../../../examples/cathay-shop/src/server/home/home.css', import.meta.url);
copyFileSync(stylesheet, `${folder}dist/home.css`);

// Each section in a process of its own, so that none inherits another's memory or compiled code.
for (const section of flags.sections) {
  const args = [...process.argv.slice(2), '--only', section];
  const child = fork(`${folder}dist/run-section.js`, args, { execArgv: ['--expose-gc'] });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exit(1);
}
