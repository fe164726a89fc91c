import { cpus, freemem, totalmem } from 'node:os';

/** What formulas can ask about the load of nodes and what is not measured here. */
const UNMEASURED = [
  '$WallClockSeconds',
  '$DiskBytes',
  '$DiskReadBytes',
  '$DiskWriteBytes',
  '$DiskReadOps',
  '$DiskWriteOps',
  '$NetworkInBytes',
  '$NetworkOutBytes',
] as const;

interface ProcessorTime {
  readonly busy: number;
  readonly total: number;
}

/** The load of this machine, which is every node's. */
export class MachineLoad {
  #last = processorTime();
  #percent = 0;

  /** Takes a measurement; processor time is averaged since the one before. */
  measure(): void {
    const now = processorTime();
    const total = now.total - this.#last.total;
    if (total > 0) this.#percent = (100 * (now.busy - this.#last.busy)) / total;
    this.#last = now;
  }

  /** The latest measurement by the names that formulas use. What is not measured is zero. */
  values(): Record<string, number> {
    return {
      $CPUPercent: this.#percent,
      $MemoryBytes: totalmem() - freemem(),
      ...Object.fromEntries(UNMEASURED.map((name) => [name, 0])),
    };
  }
}

function processorTime(): ProcessorTime {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.irq + times.idle;
    total += all;
    busy += all - times.idle;
  }
  return { busy, total };
}
