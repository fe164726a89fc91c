const DURATION = /^P(?=.)(\d+D)?(T(?=\d)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?$/;

/** What is wrong with a duration in ISO 8601, or undefined; an empty text is allowed where none is needed. */
export function checkDuration(text: string): string | undefined {
  if (text === '' || DURATION.test(text)) return undefined;
  return 'a duration such as PT30M, PT1H or P1D';
}
