// Preloaded into azb by tests (node --import): its clock goes wrong by CLOCK_OFF_MS milliseconds.
const off = Number(process.env.CLOCK_OFF_MS);
const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...parts) {
    if (parts.length === 0) super(RealDate.now() + off);
    else super(...parts);
  }
  static now() {
    return RealDate.now() + off;
  }
};
