import { capital } from '../lib/capital.ts';
import type { ComputeNode } from './node.ts';
import type { Action, Content, Field, FormValues } from './types.ts';
import { sameWord } from './wire.ts';

const HOUR = 3_600_000;

interface UploadAnswer {
  readonly numberOfFilesUploaded?: number;
  readonly virtualDirectoryName?: string;
}

/** What is wrong with the name of a user of a node, or undefined. */
export function checkUserName(value: string): string | undefined {
  return /^[A-Za-z_][\w.-]{0,31}$/.test(value) ? undefined : 'letters, digits, . _ -, and a letter first';
}

/** What is wrong with a number of hours, or undefined. */
export function checkHours(value: string): string | undefined {
  return /^[1-9]\d{0,3}$/.test(value) ? undefined : 'a whole number of hours from 1 to 9999';
}

const staysOrComes = ({ what }: FormValues): boolean => what !== 'delete';

const USER_FIELDS: readonly Field[] = [
  {
    name: 'what',
    label: 'Do',
    kind: 'choice',
    initial: 'add',
    choices: ['add', 'update', 'delete'],
    hint: 'the service does not list the users of a node',
  },
  { name: 'name', label: 'User', kind: 'text', initial: 'azb', check: checkUserName },
  {
    name: 'isAdmin',
    label: 'Administrator',
    kind: 'flag',
    initial: 'no',
    shown: ({ what }) => what === 'add',
  },
  {
    name: 'hours',
    label: 'Hours',
    kind: 'integer',
    initial: '24',
    hint: 'until the user is removed by the service',
    shown: staysOrComes,
    check: checkHours,
  },
  {
    name: 'sshPublicKey',
    label: 'Public key',
    kind: 'text',
    initial: '',
    prefill: 'publicKey',
    hint: 'for ssh to Linux nodes',
    shown: staysOrComes,
    check: (value, values) =>
      value === '' && values.password === '' ? 'a public key or a password is needed' : undefined,
  },
  {
    name: 'password',
    label: 'Password',
    kind: 'secret',
    initial: '',
    hint: 'for Windows nodes',
    shown: staysOrComes,
  },
];

function userOperation(values: FormValues, now: number) {
  const { what, name, isAdmin, hours, sshPublicKey, password } = values;
  if (what === 'delete') return { name: 'deleteUser', args: { name } };
  const expiryTime = new Date(now + Number(hours) * HOUR).toISOString();
  const login = { name, expiryTime, sshPublicKey, password };
  return what === 'add'
    ? { name: 'addUser', args: { ...login, isAdmin } }
    : { name: 'updateUser', args: login };
}

/** Without the key and the password: a command line is no place for them. */
function azOfUser(where: string, { what, name }: Readonly<Record<string, unknown>>): string {
  if (what === 'delete') return `az batch node user delete ${where} --user-name ${name} --yes`;
  if (what === 'update') return `az batch node user reset ${where} --user-name ${name} --ssh-public-key KEY`;
  return `az batch node user create ${where} --name ${name} --ssh-public-key KEY`;
}

const UPLOAD_FIELDS: readonly Field[] = [
  {
    name: 'containerUrl',
    label: 'Container URL',
    kind: 'text',
    initial: '',
    hint: 'of a storage container, with a signature that lets it be written',
    check: (value) =>
      /^https?:\/\/[^/]+\/./.test(value) ? undefined : 'https://ACCOUNT.blob…/CONTAINER?SIGNATURE',
  },
  { name: 'hours', label: 'Hours back', kind: 'integer', initial: '24', check: checkHours },
];

/** Why a node cannot be told anything now, or undefined. */
function needsLiveNode(node: ComputeNode): string | undefined {
  const live = sameWord(node.state, 'idle') || sameWord(node.state, 'running');
  return live ? undefined : `only an idle or running node can be told to, and this one is ${node.state}`;
}

/**
 * Why a node cannot be restarted now, or undefined. One whose start task failed can: that is how it is tried again.
 * @see https://learn.microsoft.com/azure/batch/batch-pool-node-error-checking
 */
function needsRestartable(node: ComputeNode): string | undefined {
  return ['starttaskfailed', 'offline'].some((state) => sameWord(node.state, state))
    ? undefined
    : needsLiveNode(node);
}

const RUNNING_TASKS: readonly Content<ComputeNode>[] = [
  { noun: 'running task', of: (node) => node.runningTasksCount },
];

/** All that can be done to nodes, apart from ssh. */
export const NODE_ACTIONS: readonly Action<ComputeNode>[] = [
  {
    name: 'reboot',
    label: 'reboot',
    dangerous: true,
    within: RUNNING_TASKS,
    options: [
      {
        argument: 'nodeRebootOption',
        label: 'Its running tasks',
        values: ['requeue', 'terminate', 'taskcompletion', 'retaineddata'],
      },
    ],
    disabled: needsRestartable,
    az: (id, scope, args) =>
      `az batch node reboot --pool-id ${scope.pool} --node-id ${id} --node-reboot-option ${args.nodeRebootOption}`,
  },
  {
    name: 'reimage',
    label: 'reimage',
    dangerous: true,
    within: RUNNING_TASKS,
    options: [
      {
        argument: 'nodeReimageOption',
        label: 'Its running tasks',
        values: ['requeue', 'terminate', 'taskcompletion', 'retaineddata'],
      },
    ],
    warning: 'Its disk is made anew: all files on it go. The service does this only in cloud service pools.',
    disabled: needsRestartable,
    az: (id, scope, args) =>
      `az batch node reimage --pool-id ${scope.pool} --node-id ${id} --node-reimage-option ${args.nodeReimageOption}`,
  },
  {
    name: 'disableScheduling',
    label: 'scheduling off',
    dangerous: true,
    within: RUNNING_TASKS,
    options: [
      {
        argument: 'nodeDisableSchedulingOption',
        label: 'Its running tasks',
        values: ['requeue', 'terminate', 'taskcompletion'],
      },
    ],
    disabled: (node) => (sameWord(node.schedulingState, 'enabled') ? undefined : 'scheduling is off already'),
    az: (id, scope, args) =>
      `az batch node scheduling disable --pool-id ${scope.pool} --node-id ${id} --node-disable-scheduling-option ${args.nodeDisableSchedulingOption}`,
  },
  {
    name: 'enableScheduling',
    label: 'scheduling on',
    dangerous: true,
    disabled: (node) => (sameWord(node.schedulingState, 'disabled') ? undefined : 'scheduling is on already'),
    az: (id, scope) => `az batch node scheduling enable --pool-id ${scope.pool} --node-id ${id}`,
  },
  {
    name: 'delete',
    label: 'remove',
    dangerous: true,
    within: RUNNING_TASKS,
    // A pool refuses a second removal while the first one resizes it.
    together: { argument: 'nodeList', most: 100 },
    options: [
      {
        argument: 'nodeDeallocationOption',
        label: 'Its running tasks',
        values: ['requeue', 'terminate', 'taskcompletion', 'retaineddata'],
      },
    ],
    warning: 'The pool shrinks by the nodes that are removed.',
    az: (id, scope, args) => {
      const ids = Array.isArray(args.nodeList) ? args.nodeList.join(' ') : id;
      return `az batch node delete --pool-id ${scope.pool} --node-list ${ids} --node-deallocation-option ${args.nodeDeallocationOption}`;
    },
  },
  {
    name: 'user',
    label: 'user of',
    button: ({ what = '' }) => capital(what),
    dangerous: true,
    disabled: needsLiveNode,
    fields: () => USER_FIELDS,
    resolve: userOperation,
    az: (id, scope, args) => azOfUser(`--pool-id ${scope.pool} --node-id ${id}`, args),
  },
  {
    name: 'uploadServiceLogs',
    label: 'upload service logs of',
    button: 'Upload',
    dangerous: true,
    fields: () => UPLOAD_FIELDS,
    resolve: ({ hours, ...values }, now) => ({
      name: 'uploadServiceLogs',
      args: { ...values, startTime: new Date(now - Number(hours) * HOUR).toISOString() },
    }),
    answer: (answer) => {
      const { numberOfFilesUploaded, virtualDirectoryName } = answer as UploadAnswer;
      return `uploading to ${virtualDirectoryName} in the container, files: ${numberOfFilesUploaded ?? 0}`;
    },
    az: (id, scope) =>
      `az batch node service-logs upload --pool-id ${scope.pool} --node-id ${id} --container-url URL --start-time TIME`,
  },
];
