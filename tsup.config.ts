import { defineConfig } from 'tsup';

/** One build for every package: each runs `tsup --config ../../tsup.config.ts` in its own folder. */
export default defineConfig({
  entry: ['src/index.ts'],
  format: ['esm', 'cjs'],
  dts: true,
  target: 'es2022',
  sourcemap: true,
  clean: true,
});
