import { execFileSync } from 'node:child_process';
import { closeSync, fdatasyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { median } from './drive.ts';

/** What the figures were measured on. */
export function machineLines(): string[] {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  return [
    `Machine: ${model}, ${processors.length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB of memory, ${process.platform} ${process.arch}`,
    `Node.js ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
  ];
}

/** The file system of a directory and what making a write durable costs there. A write to tmpfs is never durable. */
export function fileSystemLine(directory: string): string {
  const type = fileSystemType(directory);
  const warning = type === 'tmpfs' ? '; NOT A DISK: figures mean nothing, give --dir' : '';
  return `Files on ${type} in ${directory}, fdatasync of 4 KiB ${fdatasyncMicros(directory, 300).toFixed(0)} µs (median of 300)${warning}`;
}

function fileSystemType(directory: string): string {
  try {
    const [, type] = execFileSync('df', ['-PT', directory], { encoding: 'utf8' }).trim().split('\n');
    return type?.split(/\s+/)[1] ?? 'unknown';
  } catch {
    return `type 0x${statfsSync(directory).type.toString(16)}`;
  }
}

/** Median microseconds that making a write of 4 KiB durable takes in a directory. */
export function fdatasyncMicros(directory: string, times: number): number {
  const file = join(directory, `fdatasync-probe-${process.pid}`);
  const descriptor = openSync(file, 'w');
  const page = Buffer.alloc(4096, 1);
  const micros: number[] = [];
  for (let count = 0; count < times; count += 1) {
    const start = performance.now();
    writeSync(descriptor, page);
    fdatasyncSync(descriptor);
    micros.push((performance.now() - start) * 1000);
  }
  closeSync(descriptor);
  rmSync(file);
  return median(micros);
}
