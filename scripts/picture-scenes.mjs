// What is done in the demo for each picture of docs/img. `keep(name, title)` makes one of what is shown.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Files that are uploaded, and their bytes. */
const DATA = {
  'measurements.csv': 182_344,
  'model.bin': 48_234_496,
  'parameters.json': 871,
  'images/frame-001.png': 1_048_576,
  'images/frame-002.png': 1_048_576,
};

/** Tasks that are shown as they are deleted: enough to see the progress. */
const MANY = 3000;

/**
 * Gives the user whose home this is what some scenes need: a public key for ssh, and an editor that raises a
 * job's priority as somebody at a keyboard would. Returns the editor's path.
 */
export function furnish(home) {
  mkdirSync(join(home, '.ssh'), { recursive: true });
  writeFileSync(join(home, '.ssh/id_ed25519.pub'), 'ssh-ed25519 AAAAC3Nza me@here\n');
  mkdirSync(join(home, 'data/images'), { recursive: true });
  for (const [name, size] of Object.entries(DATA))
    writeFileSync(join(home, 'data', name), Buffer.alloc(size));
  const editor = join(home, 'editor');
  const lines = ['#!/bin/sh', `sed 's/^priority: .*/priority: 500/' "$1" > "$1.new" && cat "$1.new" > "$1"`];
  writeFileSync(editor, `${lines.join('\n')}\n`);
  chmodSync(editor, 0o700);
  return editor;
}

/** Every scene in the order in which they are played; each goes to the view that it needs. */
export const SCENES = [
  pools,
  nodes,
  editing,
  describedAndYaml,
  tasks,
  failures,
  files,
  tail,
  help,
  prompt,
  lists,
  storage,
  accounts,
  light,
  manyTasks,
];

/** The scenes that need a larger service than the demo's. */
export const LARGE_SCENES = [map];

/** Whether the line with this text stands on a colour, as what has the cursor does. */
function hasColour(ui, text) {
  const lines = ui.screen().split('\n');
  const y = lines.findIndex((line) => line.includes(text));
  return y >= 0 && ui.cell(lines[y].indexOf(text), y).bg !== 'default';
}

/** Opens a view by its command, and waits for what it shows and for the end of the prompt. */
async function open(ui, command, shown) {
  ui.type(`:${command}\r`);
  await ui.waitFor((screen) => shown.test(screen) && !/^ ?:\w/m.test(screen));
}

/** Leaves a dialog and waits until it has gone. */
async function leave(ui, text) {
  ui.press('esc');
  await ui.waitFor((screen) => !screen.includes(text));
}

async function storage(ui, keep) {
  await open(ui, 'containers', /containers\[\d+\]/);
  ui.press('n');
  await ui.waitFor('New container');
  ui.type('input');
  ui.press('ctrl-s');
  await ui.waitFor(/│ input +no +available/);
  ui.press('enter');
  await ui.waitFor('u uploads some');
  ui.press('u');
  await ui.waitFor('Upload to input');
  ui.type('~/data');
  await ui.waitFor(/From here +~\/data *│/);
  await keep('upload', 'a directory that is to be uploaded');
  ui.press('ctrl-s');
  await ui.waitFor(/parameters\.json +871 B/);
  await keep('blobs', 'blobs of a container');
}

async function accounts(ui, keep) {
  await open(ui, 'quotas', /standardAv2Family +VM family +3 +500 /);
  await keep('quotas', 'the quotas of an account');
  await open(ui, 'accounts', /azbdemo\(\*\) +Succeeded +both/);
  ui.press('n');
  await ui.waitFor('New account');
  ui.type('nightly');
  ui.press('tab', 'tab', 'tab', 'tab', 'ctrl-u');
  ui.type('northeurope');
  ui.press('ctrl-s');
  await ui.waitFor(/│ nightly +Creating/);
  await keep('accounts', 'accounts, one of them being made');
  await ui.waitFor(/│ nightly +Succeeded/);
}

async function pools(ui, keep) {
  await ui.waitFor(/│ mypool +active +steady +3 +3 /);
  await ui.waitFor('1 pool, 3 nodes');
  ui.press('n');
  await ui.waitFor('New pool');
  ui.press('ctrl-u');
  ui.type('render-farm');
  ui.press('tab', 'ctrl-u');
  ui.type('Standard_D2s_v3');
  ui.press('tab', 'enter');
  await ui.waitFor(/[1-9]\d* choices/);
  ui.type('ubuntu');
  await ui.waitFor((screen) => screen.includes('/ubuntu') && !screen.includes('debian'));
  ui.press('down', 'down');
  await ui.waitFor(() => hasColour(ui, 'ubuntu-server-jammy:22_04-lts batch'));
  await keep('picker', 'the picker of VM images');
  ui.press('enter', 'tab', 'ctrl-u');
  ui.type('2');
  await ui.waitFor(/› Nodes +2/);
  await keep('form', 'a new pool');
  ui.press('ctrl-s');
  await ui.waitFor(/│ render-farm +active +resizing /);
  await ui.waitFor('pool render-farm was created');
  await keep('pools', 'pools');
  await ui.waitFor(/│ render-farm +active +steady /);
  ui.press('g', 'a');
  await ui.waitFor(/Autoscale of pool mypool[\s\S]*Turn on/);
  await keep('autoscale', 'scaling by a formula');
  await leave(ui, 'Autoscale of pool');
}

async function nodes(ui, keep) {
  await open(ui, 'nodes mypool', /nodes\(mypool\)\[3\]/);
  await ui.waitFor(/running/);
  await keep('nodes', 'nodes of a pool');
  ui.press('s');
  await ui.waitFor(/ssh to node [\s\S]*public /);
  await keep('ssh', 'ssh to a node');
  await leave(ui, 'ssh to node');
}

async function editing(ui, keep) {
  await open(ui, 'jobs', /│ morework +active /);
  await ui.waitFor(/│ myschedule:/);
  await keep('jobs', 'jobs');
  ui.type('/morework\r');
  await ui.waitFor('</morework>');
  ui.press('e');
  await ui.waitFor(/~ priority: 0 → 500/);
  await keep('edit', 'a changed job');
  await leave(ui, 'priority: 0 → 500');
}

async function describedAndYaml(ui, keep) {
  await open(ui, 'pools', /│ mypool /);
  ui.press('g', 'd');
  await ui.waitFor(/Target Dedicated Nodes: +3/);
  await keep('describe', 'describe a pool');
  ui.press('y');
  await ui.waitFor(/^│allocationState: steady/m);
  await ui.waitFor('yaml mypool');
  await keep('yaml', 'a pool as YAML');
}

/** A job on a pool without nodes, whose tasks wait: why, and what it looks like when all are deleted. */
async function manyTasks(ui, keep) {
  await open(ui, 'pools', /│ mypool /);
  ui.press('n');
  await ui.waitFor('New pool');
  ui.press('ctrl-u');
  ui.type('later');
  ui.press('tab', 'tab', 'tab', 'ctrl-u');
  ui.type('0');
  ui.press('ctrl-s');
  await ui.waitFor('pool later was created');
  await open(ui, 'jobs', /│ morework /);
  ui.press('n');
  await ui.waitFor('New job');
  ui.press('ctrl-u');
  ui.type('animation');
  ui.press('tab', 'ctrl-u');
  ui.type('later');
  ui.press('ctrl-s');
  await ui.waitFor('job animation was created');
  await open(ui, 'tasks animation', /tasks\(animation\)/);
  ui.press('n');
  await ui.waitFor('New task');
  ui.press('ctrl-u');
  ui.type(`frame{0001..${MANY}}`);
  ui.press('tab', 'ctrl-u');
  ui.type("/bin/bash -c 'render --frame {}'");
  await ui.waitFor(/Create 3,?000/);
  await keep('form-tasks', 'many new tasks');
  ui.press('ctrl-s');
  await ui.waitFor(/tasks\(animation\)\[3,000\]/);
  ui.press('w');
  await ui.waitFor(/why\(animation\/frame0001\)/);
  await ui.waitFor(/no nodes|try:/);
  await keep('why', 'why a task waits');
  ui.press('esc', '*', 'ctrl-d');
  await ui.waitFor('Delete 3,000 tasks?');
  await keep('confirm', 'a question');
  ui.press('tab', 'enter');
  await ui.waitFor(/[12],\d{3} of 3,000.*left/);
  await keep('bulk', 'progress');
  await ui.waitFor(/tasks\(animation\)\[0\]/, { timeout: 60_000 });
}

/** A pool of many nodes, which are as busy as their tasks need slots; some are rebooted, some get no more tasks. */
async function map(ui, keep) {
  await ui.waitFor(/pools\[0\]/);
  ui.press('n');
  await ui.waitFor('New pool');
  ui.press('ctrl-u');
  ui.type('farm');
  ui.press('tab', 'tab', 'tab', 'ctrl-u');
  ui.type('280');
  ui.press('tab', 'ctrl-u');
  ui.type('90');
  ui.press('tab', 'ctrl-u');
  ui.type('4');
  ui.press('ctrl-s');
  await ui.waitFor('pool farm was created');
  await open(ui, 'jobs', /jobs\[0\]/);
  ui.press('n');
  await ui.waitFor('New job');
  ui.press('ctrl-u');
  ui.type('weather');
  ui.press('tab', 'ctrl-u');
  ui.type('farm');
  ui.press('ctrl-s');
  await ui.waitFor('job weather was created');
  await open(ui, 'map farm', /map\(farm\)\[370\][\s\S]* idle 370 /);
  await open(ui, 'tasks weather', /tasks\(weather\)/);
  for (const [count, slots, total] of [
    [100, 1, 100],
    [60, 4, 160],
    [50, 3, 210],
    [40, 2, 250],
  ]) {
    ui.press('n');
    await ui.waitFor('New task');
    ui.press('ctrl-u');
    ui.type(`slots${slots}-{001..${count}}`);
    ui.press('tab', 'ctrl-u');
    ui.type('sleep 600');
    ui.press('tab', 'tab', 'ctrl-u');
    ui.type(String(slots));
    ui.press('ctrl-s');
    await ui.waitFor(`tasks(weather)[${total}]`);
  }
  await open(ui, 'pools', /│ farm +active +steady /);
  await ui.waitFor('1 pool, 370 nodes');
  ui.press('m');
  await ui.waitFor(/map\(farm\)\[370\][\s\S]* running 250 /);
  ui.type('jll o');
  await ui.waitFor('Scheduling off node');
  ui.press('tab', 'enter');
  await ui.waitFor(/ offline 1/);
  await ui.waitFor((screen) => !screen.includes('marked'));
  ui.type('jjl   ');
  await ui.waitFor('3 marked');
  ui.press('b');
  await ui.waitFor(/Reboot 3 nodes/);
  ui.press('tab', 'enter');
  await ui.waitFor(/rebooting 3/);
  await keep('map', 'a map of the nodes of a pool');
}

async function tasks(ui, keep) {
  await open(ui, 'tasks morework', /│ ticks +running /);
  ui.press('n');
  await ui.waitFor('New task');
  ui.press('ctrl-u');
  ui.type('frame{01..16}');
  ui.press('tab', 'ctrl-u');
  ui.type("/bin/bash -c 'echo rendering frame {}; sleep 1.{}; exit $((10#{} == 3))'");
  ui.press('ctrl-s');
  const finished = (screen) => (screen.match(/│ frame\d+ +completed /g) ?? []).length;
  await ui.waitFor((screen) => finished(screen) >= 7 && /│ frame\d+ +running /.test(screen), {
    timeout: 60_000,
  });
  ui.type('/ticks\r');
  await ui.waitFor('</ticks>');
  ui.press('esc');
  await ui.waitFor('tasks(morework)[19]');
  await keep('tasks', 'tasks of a job');
}

async function failures(ui, keep) {
  ui.press('v');
  await ui.waitFor('failures(morework)');
  await ui.waitFor(/│ node +\S/);
  await keep('failures', 'failures of a job');
  ui.press('esc');
  await ui.waitFor('tasks(morework)');
}

async function files(ui, keep) {
  await open(ui, 'files morework ticks', /│ stdout\.txt /);
  await keep('files', 'files of a task');
}

async function tail(ui, keep) {
  await open(ui, 'tasks morework /ticks', /│ ticks /);
  ui.press('l');
  await ui.waitFor(/│line 20 of /, { timeout: 60_000 });
  await keep('tail', 'the output of a task that runs');
}

async function help(ui, keep) {
  await open(ui, 'tasks morework', /tasks\(morework\)/);
  ui.press('?');
  await ui.waitFor(/^ +tasks\(morework\) +help/m);
  await keep('help', 'help');
  ui.press('esc');
  await ui.waitFor((screen) => !/^ +tasks\(morework\) +help/m.test(screen));
}

async function prompt(ui, keep) {
  ui.type(':tasks m');
  await ui.waitFor(/:tasks m[\s\S]*morework/);
  await keep('prompt', 'a command that is completed');
  await leave(ui, ':tasks m');
  await open(ui, 'commands', /commands\[[\s\S]*^ +tasks\(morework\) +commands/m);
  await keep('commands', 'all commands');
}

async function lists(ui, keep) {
  await open(ui, 'jobschedules', /│ myschedule /);
  await keep('jobschedules', 'job schedules');
  await open(ui, 'images', /images\[\d+\]/);
  await keep('images', 'VM images');
}

async function light(ui, keep) {
  await open(ui, 'skin light', /skin light/);
  await open(ui, 'tasks morework', /│ frame16 /);
  await keep('light', 'the light skin', 'light');
  await open(ui, 'skin dark', /skin dark/);
}
