import { type Cell, type Reward, rewardsTable } from '@loyalty-engine/core';
import type { AskedCard } from './asked-card.ts';
import { type LoadStatements, rewardColumns } from './load-statements.ts';
import type { ColumnParameter } from './message-writer.ts';
import type { Reading, Request } from './request.ts';
import { columnParameters, readRows } from './rows.ts';

/** The rewards that a batch needs: one map a program, which all its cards share. */
export class RewardsLoader {
  private readonly known = new Map<string, Map<string, Reward>>();

  of(programId: string): Map<string, Reward> {
    let rewards = this.known.get(programId);
    if (!rewards) {
      rewards = new Map();
      this.known.set(programId, rewards);
    }
    return rewards;
  }

  /**
   * Asks for the rewards that touches of these cards name, and those that the vouchers they name are of. They are locked in
   * one order, in one statement, once all cards are: nobody waits in a circle. `refs` says how the cards are asked for.
   */
  ask(
    asked: readonly AskedCard[],
    { lockRewards, readRewards }: Pick<LoadStatements, 'lockRewards' | 'readRewards'>,
    reading: Reading,
    refs: (cards: readonly AskedCard[]) => ColumnParameter[],
  ): Request[] {
    const cards: AskedCard[] = [];
    const keys: Cell[][] = [];
    const ask = (card: AskedCard, key: Cell[]) => {
      cards.push(card);
      keys.push(key);
    };
    for (const card of asked) {
      for (const { rewards = [], vouchers = [] } of card.touches) {
        for (const rewardId of rewards) ask(card, [rewardId, null]);
        for (const code of vouchers) ask(card, [null, code]);
      }
    }
    if (keys.length === 0) return [];
    return [
      {
        call: {
          statement: reading === 'lock' ? lockRewards : readRewards,
          values: [...refs(cards), ...columnParameters(rewardColumns, keys)],
        },
        take: (rows) => {
          for (const reward of readRows(rewardsTable, rows))
            this.of(reward.programId).set(reward.rewardId, reward);
        },
      },
    ];
  }
}
