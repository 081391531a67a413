import type { ExplainedStep, Statement, StatementEntry } from '@loyalty-engine/core';

/** A statement as the shopper may read it: without who of the shop did it, their notes, and the shop's own metadata. */
export function forShopper(statement: Statement): Statement {
  return { ...statement, entries: statement.entries.map(entryForShopper) };
}

function entryForShopper({ metadata: _metadata, note: _note, ...entry }: StatementEntry): StatementEntry {
  return { ...entry, actor: null, staffId: null, explanation: entry.explanation.map(withoutActor) };
}

function withoutActor(step: ExplainedStep): ExplainedStep {
  if (step.facts?.actor === undefined) return step;
  const { actor, ...facts } = step.facts;
  return { ...step, why: step.why.replace(`by ${actor}`, 'by the shop'), facts };
}
