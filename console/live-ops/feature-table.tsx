import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { Outcome } from '@trancendos/contracts/outcome';
import type { FeatureCatalogue } from '@trancendos/contracts/scoring-http';
import { useApi, useMessages } from '@trancendos/shell-api';
import { formatCount, Panel, Table, type Column } from '@trancendos/ui';
import { isOfFeatureSet } from './is-of-feature-set.ts';
import { wordFeature } from './feature-words.ts';
import { describeFeatures, fitsWords, type FeatureRow } from './describe-features.ts';
import { formatFeature } from './format-feature.ts';
import { TRANSACTION_MESSAGES } from './transaction-messages.ts';

/** Every number that the model was given, with what it means and, where the vector says so, what is usual. */
export function FeatureTable({ outcome }: { readonly outcome: Outcome }) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const { state, retry } = useApi<FeatureCatalogue>('/api/scoring/v1/features');
  const [words, setWords] = useState('');
  if (outcome.features.length === 0) return null;
  const find = (
    <label className="archive-find">
      <Search className="icon" aria-hidden />
      <input
        value={words}
        onChange={({ target }) => setWords(target.value)}
        placeholder={text.findValue}
        aria-label={text.findValue}
        maxLength={60}
        spellCheck={false}
      />
    </label>
  );
  return (
    <div className="archive-features">
      <Panel title={text.values} state={state} onRetry={retry} actions={find}>
        {(catalogue) => <Values outcome={outcome} catalogue={catalogue} words={words} />}
      </Panel>
    </div>
  );
}

interface ValuesProps {
  readonly outcome: Outcome;
  readonly catalogue: FeatureCatalogue;
  readonly words: string;
}

function Values({ outcome, catalogue, words }: ValuesProps) {
  const text = useMessages(TRANSACTION_MESSAGES);
  const isNamed = isOfFeatureSet(outcome.versions.features, catalogue.feature_set);
  const rows = useMemo(() => describeFeatures(outcome.features, isNamed ? catalogue.features : []), [outcome, catalogue, isNamed]);
  const columns = useColumns(isNamed);
  const shown = rows.filter((row) => fitsWords(row, words));
  return (
    <>
      <p className="second archive-note num">
        <span className="mono">{outcome.versions.features}</span>
        {words !== '' && <span role="status"> · {text.valueCount(formatCount(shown.length), formatCount(rows.length))}</span>}
        {!isNamed && <span className="text-warn"> · {text.noNames}</span>}
      </p>
      {shown.length === 0 ? (
        <p className="second archive-note">{text.noValue}</p>
      ) : (
        <Table caption={text.values} columns={columns} rows={shown} rowKey={({ index }) => String(index)} />
      )}
    </>
  );
}

function useColumns(isNamed: boolean): readonly Column<FeatureRow>[] {
  const text = useMessages(TRANSACTION_MESSAGES);
  return useMemo(() => {
    const name: Column<FeatureRow> = {
      id: 'feature',
      title: text.feature,
      cell: ({ index, about }) =>
        about === undefined ? (
          text.place(String(index + 1))
        ) : (
          <span className="archive-feature" title={about.formula}>
            {wordFeature(about)}
            <small className="mono">{about.name}</small>
          </span>
        ),
    };
    const value: Column<FeatureRow> = {
      id: 'value',
      title: text.value,
      align: 'end',
      width: '120px',
      cell: (row) => <b className="font-medium">{formatFeature(row.value, row.about?.unit, text)}</b>,
    };
    if (!isNamed) return [name, value];
    return [
      name,
      { id: 'group', title: text.group, width: '104px', cell: ({ about }) => about && text[`group_${about.group}`] },
      value,
      {
        id: 'usual',
        title: text.usual,
        align: 'end',
        width: '104px',
        cell: ({ usual, about }) => (
          <span className="text-muted">{usual === undefined ? '–' : formatFeature(usual, about?.unit, text, 1)}</span>
        ),
      },
    ];
  }, [text, isNamed]);
}
