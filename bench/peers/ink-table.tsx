/** The peer "plain Ink": the same table as azb's as Ink components, a `<Text>` a row, without azb's surface. */
import { render, Text, useInput, useStdout } from 'ink';
import { useState } from 'react';

const ROWS = Number(process.argv[2] ?? 100_000);

interface Row {
  readonly id: string;
  readonly text: string;
}

const all: Row[] = Array.from({ length: ROWS }, (_, index) => {
  const id = `task-${String(index).padStart(7, '0')}`;
  const text = `${id}  active               0                                  ${index % 60}s  2m`;
  return { id, text };
});

function Table() {
  const { stdout } = useStdout();
  const [{ cursor, top }, setPlace] = useState({ cursor: 0, top: 0 });
  const height = stdout.rows - 9;
  const move = (by: number) =>
    setPlace((place) => {
      const next = Math.min(Math.max(place.cursor + by, 0), all.length - 1);
      return { cursor: next, top: Math.min(Math.max(place.top, next - height + 1), next) };
    });
  useInput((input, key) => {
    for (const letter of input) if (letter === 'j') move(1);
    if (key.pageDown) move(height);
  });
  const window = all.slice(top, top + height);
  return (
    <>
      <Text bold>{`tasks(bench)[${all.length}]`}</Text>
      {window.map((row, index) => (
        <Text key={row.id} inverse={top + index === cursor} color="green" wrap="truncate">
          {` ${row.text}`.padEnd(stdout.columns)}
        </Text>
      ))}
    </>
  );
}

render(<Table />);
