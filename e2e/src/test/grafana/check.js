// Usage: node check.js FOLDER. Holds every dashboard of a folder to the types of @grafana/schema with the TypeScript
// compiler, and says each fault with the place in the JSON. Exit code 1 with faults.
//
// A dashboard becomes a constant of the type of dashboards and each of its panels a constant of its kind's own
// options and fields. What Grafana fills in itself may be missing, so every property is optional; names, kinds of values,
// and values of closed sets are held. Panels of plugins have no types there and are named as not checked.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const here = path.dirname(fileURLToPath(import.meta.url));
const folder = process.argv[2];

const PANELS = {
  timeseries: ['timeseries', 'TimeSeries', true],
  stat: ['stat', 'Stat', false],
  gauge: ['gauge', 'Gauge', false],
  bargauge: ['bargauge', 'BarGauge', false],
  'state-timeline': ['statetimeline', 'StateTimeline', true],
  'status-history': ['statushistory', 'StatusHistory', true],
  heatmap: ['heatmap', 'Heatmap', true],
  table: ['table', 'Table', true],
};

const PRELUDE = `
import type { Dashboard, Panel, RowPanel } from '@grafana/schema';
${Object.values(PANELS)
  .map(([dir, name]) =>
    `import type * as ${name} from '@grafana/schema/dist/esm/raw/composable/${dir}/panelcfg/x/${name}PanelCfg_types.gen';`)
  .join('\n')}
type Checked<T> = unknown extends T ? T
  : T extends string ? \`\${T}\` | T
  : T extends number | boolean | null | undefined ? T
  : T extends (infer U)[] ? Checked<U>[]
  : T extends object ? { [K in keyof T]?: Checked<T[K]> }
  : T;
/** What Grafana's Prometheus data source reads of a query. */
interface Query {
  datasource: { type: 'prometheus'; uid: string };
  refId: string;
  expr: string;
  legendFormat: string;
  editorMode?: 'code' | 'builder';
  format?: 'time_series' | 'table' | 'heatmap';
  instant?: boolean;
  range?: boolean;
  interval?: string;
  hide?: boolean;
}
/** A dashboard without its panels, with what Prometheus' data source keeps in annotations and the editor in variables. */
type Frame = Omit<Dashboard, 'annotations' | 'templating' | 'panels'> & {
  annotations: { list: (NonNullable<NonNullable<Dashboard['annotations']>['list']>[number]
    & { expr?: string; step?: string; titleFormat?: string; textFormat?: string; tagKeys?: string })[] };
  templating: { list: (NonNullable<NonNullable<Dashboard['templating']>['list']>[number] & { definition?: string })[] };
};
type PanelOf<O, F> = Omit<Panel, 'options' | 'fieldConfig' | 'targets'> & {
  options: O;
  targets: Query[];
  fieldConfig: { defaults: Omit<NonNullable<Panel['fieldConfig']>['defaults'], 'custom'> & { custom: F };
    overrides: NonNullable<Panel['fieldConfig']>['overrides'] };
};
`;

const checked = {};
const skipped = [];
for (const file of fs.readdirSync(folder).filter((name) => name.endsWith('.json')).sort()) {
  const dashboard = JSON.parse(fs.readFileSync(path.join(folder, file), 'utf8'));
  const { panels, ...rest } = dashboard;
  const text = [PRELUDE, `export const dashboard: Checked<Frame> = ${JSON.stringify(rest, null, 1)};`];
  panels.forEach((panel, i) => {
    const known = PANELS[panel.type];
    const json = JSON.stringify(panel, null, 1);
    if (panel.type === 'row') {
      text.push(`export const panel${i}: Checked<RowPanel> = ${json};`);
    } else if (known) {
      const [, name, fields] = known;
      const custom = fields ? `${name}.FieldConfig` : 'Record<string, never>';
      text.push(`export const panel${i}: Checked<PanelOf<${name}.Options, ${custom}>> = ${json};`);
    } else {
      skipped.push(`${file}: ${panel.title}: ${panel.type} is a plugin`);
      const { options, fieldConfig, ...frame } = panel;
      text.push(`export const panel${i}: Checked<Omit<Panel, 'targets'> & { targets: Query[] }> = `
        + `${JSON.stringify(frame, null, 1)};`);
    }
  });
  checked[path.join(here, file.replace('.json', '.checked.ts'))] = { file, text: text.join('\n') };
}

const options = { strict: true, noEmit: true, module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022,
  moduleResolution: ts.ModuleResolutionKind.Bundler, skipLibCheck: true, types: [] };
const host = ts.createCompilerHost(options);
const read = host.readFile.bind(host);
const exists = host.fileExists.bind(host);
const source = host.getSourceFile.bind(host);
host.readFile = (name) => checked[name]?.text ?? read(name);
host.fileExists = (name) => name in checked || exists(name);
host.getSourceFile = (name, version) =>
  name in checked ? ts.createSourceFile(name, checked[name].text, version) : source(name, version);

const program = ts.createProgram(Object.keys(checked), options, host);
const faults = ts.getPreEmitDiagnostics(program).map((fault) => {
  const words = ts.flattenDiagnosticMessageText(fault.messageText, ' ');
  if (!fault.file) {
    return words;
  }
  const lines = fault.file.text.slice(0, fault.start).split('\n');
  const at = lines.findLast((line) => line.startsWith('export const'))?.split(' ')[2];
  const title = [...fault.file.text.slice(0, fault.start).matchAll(/^ "title": "(.*)"/gm)].at(-1)?.[1];
  return `${checked[fault.file.fileName]?.file ?? fault.file.fileName}: ${at} after "${title}": `
    + `${fault.file.text.split('\n')[lines.length - 1].trim()}: ${words}`;
});
skipped.forEach((words) => console.log(`not checked: ${words}`));
faults.forEach((words) => console.log(words.slice(0, 600)));
console.log(`${Object.keys(checked).length} dashboards, ${faults.length} faults`);
process.exit(faults.length > 0 ? 1 : 0);
