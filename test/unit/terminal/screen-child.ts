/**
 * A small program on a terminal screen, for the tests of what it leaves behind. It prints each key it gets;
 * some keys make it die or hand the terminal to another program.
 */
import { KeyReader } from '../../../src/terminal/keys.ts';
import { TerminalScreen } from '../../../src/terminal/screen.ts';
import { Surface } from '../../../src/terminal/surface.ts';

const lines: string[] = ['ready'];
const surface = new Surface({ output: process.stdout });
const screen = new TerminalScreen({
  stdin: process.stdin,
  stdout: process.stdout,
  process,
  onReturn: () => surface.invalidate(),
});
const guest = process.argv.slice(2);

function act(key: string): void {
  lines.push(`key ${key}`);
  if (key === 'q') {
    screen.leave();
    process.stdout.write('left\n');
    process.exit(0);
  }
  if (key === 'e') process.exit(3);
  if (key === 't') throw new Error('thrown on purpose');
  if (key === 'r') void Promise.reject(new Error('rejected on purpose'));
  if (key === 'g') {
    const [command = 'true', ...args] = guest;
    const { status, error } = screen.suspend(command, args);
    lines.push(`guest ended ${status} ${error === undefined ? '' : error.message}`);
  }
}

const keys = new KeyReader({ onTimeout: (events) => handle(events) });

function handle(events: ReturnType<KeyReader['feed']>): void {
  for (const event of events) {
    if (event.kind === 'paste') lines.push(`paste ${JSON.stringify(event.text)}`);
    else act(event.key);
  }
  surface.paintNow();
}

screen.enter();
surface.setView((width, height) => [...lines, `size ${width}x${height}`]);
surface.setCursor({ x: 0, y: 0 });
process.stdin.on('data', (chunk) => handle(keys.feed(chunk)));
process.stdout.on('resize', () => surface.resize(process.stdout.columns, process.stdout.rows));
surface.paintNow();
