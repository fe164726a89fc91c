import type { CommandSpec, OptionSpec } from '../command-line.ts';

const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  account: { kind: 'text', value: 'NAME', help: 'the Batch account' },
  endpoint: { kind: 'text', value: 'URL', help: 'its endpoint, such as https://acct.region.batch.azure.com' },
  'account-key': {
    kind: 'text',
    value: 'KEY',
    help: 'its key; other users of the machine may see it: prefer AZURE_BATCH_ACCESS_KEY',
  },
  'log-file': { kind: 'text', value: 'FILE', help: 'write each request, and what goes wrong, to this file' },
};

const HELP: OptionSpec = { kind: 'flag', short: 'h', help: 'explain this command' };

const SCOPE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  pool: { kind: 'text', short: 'p', value: 'POOL', help: 'of this pool' },
  node: { kind: 'text', short: 'n', value: 'NODE', help: 'of this node' },
  job: { kind: 'text', short: 'j', value: 'JOB', help: 'of this job' },
  task: { kind: 'text', short: 't', value: 'TASK', help: 'of this task' },
  application: { kind: 'text', value: 'APPLICATION', help: 'of this application' },
  container: {
    kind: 'text',
    short: 'c',
    value: 'CONTAINER',
    help: 'of this container of the storage account',
  },
};

const WRITE: OptionSpec = {
  kind: 'flag',
  help: 'allow changes although config.yaml makes the account read-only',
};

/** The first word by which the scripts of the shells ask what a word may be; no command for people. */
export const COMPLETE = '__complete';

/** Every command of the shell; help, completion and the parser read this table. */
export const COMMANDS: readonly CommandSpec[] = [
  {
    name: '',
    operands: '',
    help: 'open the terminal UI',
    least: 0,
    most: 0,
    options: {
      command: {
        kind: 'text',
        short: 'c',
        value: 'COMMAND',
        help: "open a view at once, such as 'tasks myjob'",
      },
      refresh: { kind: 'number', short: 'r', value: 'SECONDS', help: 'seconds between refreshes' },
      readonly: { kind: 'flag', help: 'allow no changes' },
      write: WRITE,
      headless: { kind: 'flag', help: 'start without the header' },
      version: { kind: 'flag', short: 'v', help: 'print the version' },
      ...COMMON_OPTIONS,
      help: HELP,
    },
  },
  {
    name: 'demo',
    operands: '',
    help: "try azb: an emulator on this machine with a tutorial's work",
    least: 0,
    most: 0,
    options: {
      speed: {
        kind: 'number',
        value: 'N',
        help: "how many times faster than usual the emulator's nodes start",
      },
      help: HELP,
    },
  },
  {
    name: 'emulator',
    operands: '[OPTION…]',
    help: 'serve the Batch service on this machine; azb emulator --help explains its options',
    least: 0,
    most: Number.POSITIVE_INFINITY,
    options: {},
    verbatim: true,
  },
  {
    name: 'get',
    operands: 'RESOURCE [ID…]',
    help: 'print what a screen would show',
    least: 1,
    most: Number.POSITIVE_INFINITY,
    options: {
      ...SCOPE_OPTIONS,
      output: { kind: 'text', short: 'o', value: 'FORMAT', help: 'table, wide, json, yaml, csv or name' },
      filter: { kind: 'text', value: 'ODATA', help: "the service's filter, such as \"state eq 'active'\"" },
      limit: { kind: 'number', value: 'N', help: 'print at most N rows' },
      recursive: { kind: 'flag', help: 'files and blobs: descend into directories' },
      prefix: { kind: 'text', value: 'P', help: 'containers and blobs: whose names begin with this' },
      ...COMMON_OPTIONS,
      help: HELP,
    },
  },
  {
    name: 'logs',
    operands: 'JOB/TASK [FILE]',
    help: 'print or follow a file of a task; without FILE its stdout.txt',
    least: 1,
    most: 2,
    options: {
      follow: { kind: 'flag', short: 'f', help: 'go on until the task has ended' },
      tail: { kind: 'number', value: 'N', help: 'start N lines before the end' },
      ...COMMON_OPTIONS,
      help: HELP,
    },
  },
  {
    name: 'grep',
    operands: 'PATTERN JOB [FILE]',
    help: 'search in stderr.txt, or another file, of all tasks of a job that failed',
    least: 2,
    most: 3,
    options: {
      each: { kind: 'flag', short: 'e', help: 'print each line once, with how many tasks say the same' },
      all: { kind: 'flag', short: 'a', help: 'also in tasks that succeeded or are running' },
      bytes: { kind: 'number', value: 'N', help: 'how much of the end of each file; usually 65536' },
      limit: { kind: 'number', value: 'N', help: 'how many tasks at most; usually 1000' },
      ...COMMON_OPTIONS,
      help: HELP,
    },
    notes: [
      'PATTERN is a regular expression in any case. What differs from task to task, numbers and ids, makes no other line.',
      'Exits with 1 when nothing is found. Each task takes two requests; four tasks are read at a time.',
    ],
  },
  {
    name: 'progress',
    operands: 'JOB',
    help: 'print how far a job is: pace, end, times of its tasks, and its nodes over time',
    least: 1,
    most: 1,
    options: {
      output: { kind: 'text', short: 'o', value: 'FORMAT', help: 'text or json' },
      ...COMMON_OPTIONS,
      help: HELP,
    },
    notes: [
      'Takes at most eleven requests. Of a job with more than 5,000 completed tasks the times are those of a sample, which is',
      'said. The service does not tell cores: those of core-hours are read from the name of the VM size.',
    ],
  },
  {
    name: 'wait',
    operands: 'job|pool|task ID',
    help: 'wait until a job or a task (JOB/TASK) is done, or the nodes of a pool are there',
    least: 2,
    most: 2,
    options: {
      for: { kind: 'text', value: 'STATE', help: 'of a pool: ready, or idle: no node has anything to do' },
      timeout: { kind: 'number', value: 'SECONDS', help: 'give up after this time' },
      interval: { kind: 'number', value: 'SECONDS', help: 'between two looks; usually 10' },
      ...COMMON_OPTIONS,
      help: HELP,
    },
    notes: [
      'Exits with 0 when it went well, and with 1 when a task failed, nodes did not come or are of no use, it does not',
      'exist, or the time was up. A job is done when it is completed, or has tasks and none is left. A look takes two',
      'requests, of a task one. Where config.yaml names a webhook, it is told that it is over.',
    ],
  },
  {
    name: 'create',
    operands: '-f FILE',
    help: 'create what the documents of a YAML or JSON file describe; README.md has an example',
    least: 0,
    most: 0,
    options: {
      file: { kind: 'text', short: 'f', value: 'FILE', help: 'the file; - reads standard input' },
      write: WRITE,
      ...COMMON_OPTIONS,
      help: HELP,
    },
    notes: [
      'Each document has a kind: pool, job, task, jobschedule, container, account or applicationPackage. The last has',
      'application, version, file (a zip archive of this machine) and, where it is to be the default one, default: true.',
      'What comes after a pool or a container that is there already is created all the same; the exit code is 1.',
    ],
  },
  {
    name: 'delete',
    operands: 'RESOURCE ID…',
    help: 'delete by id; asks first',
    least: 2,
    most: Number.POSITIVE_INFINITY,
    options: {
      ...SCOPE_OPTIONS,
      version: { kind: 'text', value: 'V', help: 'of an application: only this version of it' },
      'all-versions': { kind: 'flag', help: 'of an application: with all its versions' },
      yes: { kind: 'flag', short: 'y', help: 'do not ask' },
      write: WRITE,
      ...COMMON_OPTIONS,
      help: HELP,
    },
  },
  {
    name: 'upload',
    operands: 'CONTAINER PATH…',
    help: 'send files, directories or what patterns match to the storage account',
    least: 2,
    most: Number.POSITIVE_INFINITY,
    options: {
      prefix: { kind: 'text', value: 'P', help: 'folder of the container in which they are to be' },
      overwrite: { kind: 'flag', help: 'replace blobs that exist' },
      create: { kind: 'flag', help: 'make the container if it is not there' },
      write: WRITE,
      ...COMMON_OPTIONS,
      help: HELP,
    },
    notes: [
      'A link to a file is sent as that file. A link to a directory is followed only when it is named itself;',
      'others below a directory are left out, and so are links that lead nowhere. Both are said.',
    ],
  },
  {
    name: 'download',
    operands: 'CONTAINER/BLOB [DEST]',
    help: 'save a blob, or with a slash at the end all that is in a folder or container; - as DEST prints it',
    least: 1,
    most: 2,
    options: {
      overwrite: { kind: 'flag', help: 'replace files that exist' },
      ...COMMON_OPTIONS,
      help: HELP,
    },
  },
  {
    name: 'info',
    operands: '',
    help: 'print the account in use, where it was found, and the paths of files',
    least: 0,
    most: 0,
    options: { ...COMMON_OPTIONS, help: HELP },
  },
  {
    name: 'completion',
    operands: 'bash|zsh|fish',
    help: 'print a script that completes azb in this shell',
    least: 1,
    most: 1,
    options: { help: HELP },
  },
  {
    name: 'version',
    operands: '',
    help: 'print the version',
    least: 0,
    most: 0,
    options: { help: HELP },
  },
  {
    name: 'help',
    operands: '[COMMAND]',
    help: 'explain azb or a command',
    least: 0,
    most: 1,
    options: { help: HELP },
  },
];
