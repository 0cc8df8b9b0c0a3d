import type { EngineReport } from './measure-engine.ts';

/** The report of one run on standard output. */
export function printReport(report: EngineReport, round: number): void {
  const { batchLatencyMs: latency, cpuMicrosPerTransfer: cpu } = report;
  const lines = [
    `\n${report.engine}, ${report.workload}, run ${round}: ${report.about}`,
    row('transfers/s', `${report.transfersPerSecond}   (${report.transfers} in ${report.seconds} s, ${report.refused} refused)`),
    row(
      `ms a call of ${report.batch}`,
      `p50 ${latency.p50}  p95 ${latency.p95}  p99 ${latency.p99}  p99.9 ${latency.p999}  max ${latency.max}`,
    ),
    row('CPU us a transfer', `node ${cpu.node}  postgres ${cpu.postgres ?? 'not known'}  (making the workload ${cpu.workload})`),
    row('bytes a transfer', String(report.bytesPerTransfer)),
    row('invariants', report.invariantsOk ? 'hold' : report.violations.join('; ')),
  ];
  process.stdout.write(lines.join('\n') + '\n');
}

/** How the ledger's last run compares to each baseline's. */
export function printRatio(reports: readonly EngineReport[]): void {
  const [own] = reports;
  const newest = new Map(reports.map((report) => [report.engine, report]));
  const mine = own && newest.get(own.engine);
  for (const other of newest.values()) {
    if (!mine || other === mine) continue;
    const ratio = mine.transfersPerSecond / Math.max(1, other.transfersPerSecond);
    process.stdout.write(`\n${mine.engine} / ${other.engine}: ${ratio.toFixed(1)} times the transfers`);
  }
  process.stdout.write('\n');
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(20)}${value}`;
}
