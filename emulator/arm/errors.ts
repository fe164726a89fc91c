/** A refusal of the management plane on its way to the client. Thrown before anything was changed. */
export class ArmFault extends Error {
  override readonly name = 'ArmFault';
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The refusal of what the emulator does not do; `what` is said in words. */
export function notServed(what: string): ArmFault {
  return new ArmFault(501, 'NotImplemented', `The azb emulator does not do this yet: ${what}.`);
}

/** The refusal of a part of a request's body. */
export function invalidBody(message: string, code = 'InvalidRequestBody'): ArmFault {
  return new ArmFault(400, code, message);
}

/** As Azure Resource Manager writes a refusal. */
export function faultBody({ code, message }: ArmFault): object {
  return { error: { code, message } };
}
