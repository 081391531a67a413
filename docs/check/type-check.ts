import { join } from 'node:path';
import ts from 'typescript';
import { root } from './read-page.ts';

/** What the compiler has against files, by the options of the root's tsconfig.json. */
export function typeErrors(files: readonly string[]): string[] {
  const config = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root);
  const program = ts.createProgram(files, options);
  return files.flatMap((file) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return found.map(({ start = 0, messageText }) => {
      const line = source ? source.getLineAndCharacterOfPosition(start).line + 1 : 0;
      return `${file}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}
