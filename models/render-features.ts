import { FEATURES } from './features/declare-features.ts';
import { FEATURE_GROUPS, type FeatureDeclaration } from './features/feature-declaration.ts';

const GROUP_WORDS: Record<(typeof FEATURE_GROUPS)[number], string> = {
  amount: 'The amount as it stands',
  velocity: 'How often the payer pays',
  terminal: 'What is known of the terminal',
  customer: 'How far the payer departs from what is usual for them',
  time: 'The calendar',
};

/** `docs/luminous-features.md`: every feature as it is declared, by the group in which it is explained. */
export function renderFeatures(): string {
  const sections = FEATURE_GROUPS.map((group) => {
    const rows = FEATURES.filter((feature) => feature.group === group).map(renderRow);
    return `## ${GROUP_WORDS[group]} (\`${group}\`)\n\n| feature | unit | window | default | what it says | formula |\n| --- | --- | --- | --- | --- | --- |\n${rows.join('\n')}\n`;
  });
  return `# Features\n\nWritten by \`npm run docs:features\` from the declarations in \`models/features/\`; a test compares. t is the transaction's own time, d a day of 86,400 s. Features marked with * follow from belief parameters that are estimated from labels and stored with a model version.\n\n${sections.join('\n')}`;
}

function renderRow({ name, unit, windowDays, formula, description, believed, ...rest }: FeatureDeclaration): string {
  const window = windowDays === null ? '' : `${windowDays} d`;
  return `| \`${name}\`${believed ? ' *' : ''} | ${unit} | ${window} | ${rest.default} | ${description} | ${formula.replaceAll('|', '\\|')} |`;
}
