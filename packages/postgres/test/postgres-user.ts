import { execFileSync } from 'node:child_process';

export interface UserIds {
  uid?: number;
  gid?: number;
}

/**
 * Whom to run PostgreSQL and PgBouncer as: both refuse to be root. Empty for everybody else, who run them as themselves;
 * root gets the user `postgres`, which is created where it is missing.
 */
export function postgresUser(): UserIds {
  if (process.getuid?.() !== 0) return {};
  try {
    return readIds();
  } catch {
    execFileSync('groupadd', ['--force', 'postgres'], { stdio: 'pipe' });
    execFileSync('useradd', ['--gid', 'postgres', 'postgres'], { stdio: 'pipe' });
    return readIds();
  }
}

function readIds(): Required<UserIds> {
  const read = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { stdio: 'pipe' }));
  return { uid: read('-u'), gid: read('-g') };
}
