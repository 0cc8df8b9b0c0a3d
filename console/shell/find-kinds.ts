import { callApi } from '@trancendos/shell-api';

/** What an id that was typed may be the id of. */
export const ID_KINDS = ['transaction', 'account', 'card', 'merchant', 'terminal'] as const;
export type IdKind = (typeof ID_KINDS)[number];

/** As references are made, with a digit in it: what is a word only is a part of a command's name. */
const LIKE_AN_ID = /^(?=.*\d)[A-Za-z0-9][A-Za-z0-9._:-]{2,63}$/;

/** Whether it is worth asking the archive for. */
export function isLikeAnId(typed: string): boolean {
  return LIKE_AN_ID.test(typed);
}

/** What the archive knows `id` as; undefined where it does not say. */
export async function findKinds(id: string, signal: AbortSignal): Promise<readonly IdKind[] | undefined> {
  const answers = await Promise.all(
    ID_KINDS.map((kind) =>
      callApi<{ readonly decisions: readonly unknown[] }>(`/api/review/v1/decisions?${kind}=${encodeURIComponent(id)}&limit=1`, { signal }),
    ),
  );
  const known = ID_KINDS.filter((_kind, index) => {
    const answer = answers[index];
    return answer?.kind === 'ok' && answer.data.decisions.length > 0;
  });
  return answers.every(({ kind }) => kind === 'ok') ? known : undefined;
}
